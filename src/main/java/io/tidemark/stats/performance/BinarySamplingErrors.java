package io.tidemark.stats.performance;

/**
 * The sampling errors of a binary model's metrics, from the reference's labelled rows. Closed forms
 * as in NannyML, with these differences: placement values of tied scores are taken as if ties were
 * in random order, where NannyML takes them as its sort leaves them; log loss and Brier score are
 * means over rows, whose deviation needs no bootstrap.
 */
public final class BinarySamplingErrors {
  private BinarySamplingErrors() {}

  /**
   * The sampling error of a metric.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#BINARY}
   */
  public static SamplingError of(Metric metric, BinaryOutcomes reference) {
    Confusion confusion = reference.confusion();
    return switch (metric) {
      case ACCURACY, PRECISION, RECALL, SPECIFICITY, F1 -> of(metric, confusion);
      case ROC_AUC -> rocAuc(reference.byScore());
      case AVERAGE_PRECISION ->
          Bootstrap.of(reference.byScore(), rows -> Ranking.averagePrecision(rows).value());
      case LOG_LOSS -> ofMean(reference.byScore(), Losses::log);
      case BRIER -> ofMean(reference.byScore(), Losses::square);
      case ECE -> Bootstrap.of(reference.byScore(), rows -> Reliability.of(rows).ece());
      default -> throw metric.unsuited("a binary model");
    };
  }

  /** Those that depend on the confusion matrix alone. */
  static SamplingError of(Metric metric, Confusion c) {
    double rows = c.rows();
    return switch (metric) {
      case ACCURACY -> SamplingError.ofShare(c.tp() + c.tn(), rows, rows);
      case PRECISION -> SamplingError.ofShare(c.tp(), c.predicted(), rows);
      case RECALL -> SamplingError.ofShare(c.tp(), c.positives(), rows);
      case SPECIFICITY -> SamplingError.ofShare(c.tn(), c.negatives(), rows);
      case F1 -> {
        double relevant = c.tp() + c.fp() + c.fn();
        SamplingError share = SamplingError.ofShare(c.tp(), relevant, rows);
        double correction = relevant / (c.tp() + .5 * (c.fp() + c.fn()));
        yield new SamplingError(correction * share.deviation(), share.fraction());
      }
      default -> throw metric.unsuited("a confusion matrix");
    };
  }

  /**
   * The standard deviation of the smaller class's placement values, each the share of the other
   * class that scores lower, and the smaller class's share of the rows.
   */
  static SamplingError rocAuc(ScoredRows rows) {
    boolean positivesFewer = rows.positives() <= rows.negatives();
    double fewer = positivesFewer ? rows.positives() : rows.negatives();
    double others = rows.rows() - fewer;
    if (!(fewer > 0)) {
      return SamplingError.UNKNOWN;
    }
    double sum = 0;
    double below = 0;
    for (int i = 0; i < rows.size(); i++) {
      double here = positivesFewer ? rows.negatives(i) : rows.positives(i);
      sum += (rows.rows(i) - here) * (below + here / 2);
      below += here;
    }
    double mean = sum / fewer;
    double squares = 0;
    below = 0;
    for (int i = 0; i < rows.size(); i++) {
      double here = positivesFewer ? rows.negatives(i) : rows.positives(i);
      double off = below + here / 2 - mean;
      // In random order a row has 0 to `here` of the tied others before it, each equally likely.
      squares += (rows.rows(i) - here) * (off * off + here * (here + 2) / 12);
      below += here;
    }
    return new SamplingError(Math.sqrt(squares / fewer) / others, fewer / rows.rows());
  }

  private static SamplingError ofMean(ScoredRows rows, Losses.Loss loss) {
    return rows.rows() > 0
        ? new SamplingError(Losses.deviation(rows, loss), 1)
        : SamplingError.UNKNOWN;
  }
}
