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
    return metric.binary().error().apply(reference);
  }

  static SamplingError accuracy(Confusion c) {
    return SamplingError.ofShare(c.tp() + c.tn(), c.rows(), c.rows());
  }

  static SamplingError precision(Confusion c) {
    return SamplingError.ofShare(c.tp(), c.predicted(), c.rows());
  }

  static SamplingError recall(Confusion c) {
    return SamplingError.ofShare(c.tp(), c.positives(), c.rows());
  }

  static SamplingError specificity(Confusion c) {
    return SamplingError.ofShare(c.tn(), c.negatives(), c.rows());
  }

  static SamplingError f1(Confusion c) {
    double relevant = c.tp() + c.fp() + c.fn();
    SamplingError share = SamplingError.ofShare(c.tp(), relevant, c.rows());
    double correction = relevant / (c.tp() + .5 * (c.fp() + c.fn()));
    return new SamplingError(correction * share.deviation(), share.fraction());
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

  static SamplingError ofMean(ScoredRows rows, Losses.Loss loss) {
    return rows.rows() > 0
        ? new SamplingError(Losses.deviation(rows, loss), 1)
        : SamplingError.UNKNOWN;
  }
}
