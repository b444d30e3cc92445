package io.tidemark.stats.performance;

/**
 * The sampling errors of the metrics of a model with several classes, from the reference's labelled
 * rows. A mean over classes has the root of their summed variances, divided by their number, as
 * though they were independent; that of ROC AUC is taken 1.2 times, because they are not (NannyML).
 * F1 has the same correction as with two classes, which NannyML leaves out here.
 */
public final class ClassSamplingErrors {
  private static final double DEPENDENT = 1.2;

  private ClassSamplingErrors() {}

  /**
   * The sampling error of a metric.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#MULTICLASS}
   */
  public static SamplingError of(Metric metric, ClassOutcomes reference) {
    return switch (metric) {
      case ACCURACY -> {
        double rows = reference.rows();
        yield SamplingError.ofShare(ClassMetrics.correct(reference), rows, rows);
      }
      case PRECISION, RECALL, F1, ROC_AUC -> ofMean(metric, reference);
      case LOG_LOSS -> new SamplingError(reference.losses().populationDeviation(), 1);
      case ECE -> Bootstrap.of(reference.byLargestScore(), rows -> Reliability.of(rows).ece());
      default -> throw metric.unsuited("a model with several classes");
    };
  }

  private static SamplingError ofMean(Metric metric, ClassOutcomes reference) {
    boolean ranks = metric == Metric.ROC_AUC;
    int classes = reference.classes().size();
    double variances = 0;
    int defined = 0;
    for (int code = 0; code < classes; code++) {
      SamplingError one =
          ranks
              ? BinarySamplingErrors.rocAuc(reference.byScore(code))
              : BinarySamplingErrors.of(metric, reference.confusion(code));
      if (!Double.isNaN(one.deviation())) {
        variances += one.deviation() * one.deviation() / one.fraction();
        defined++;
      }
    }
    if (defined == 0) {
      return SamplingError.UNKNOWN;
    }
    // A class without a figure counts as a constant 0 in the other means, and not at all in AUC's.
    double deviation = Math.sqrt(variances) / (ranks ? defined / DEPENDENT : classes);
    return new SamplingError(deviation, 1);
  }
}
