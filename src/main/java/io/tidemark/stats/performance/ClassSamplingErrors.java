package io.tidemark.stats.performance;

import java.util.function.Function;

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
    return metric.classes().error().apply(reference);
  }

  static SamplingError accuracy(ClassOutcomes reference) {
    double rows = reference.rows();
    return SamplingError.ofShare(reference.right(), rows, rows);
  }

  static SamplingError logLoss(ClassOutcomes reference) {
    return new SamplingError(reference.losses().populationDeviation(), 1);
  }

  static SamplingError ece(ClassOutcomes reference) {
    return Bootstrap.of(reference.byLargestScore(), rows -> Reliability.of(rows).ece());
  }

  /** A class without a figure counts not at all. */
  static SamplingError rocAuc(ClassOutcomes reference) {
    Sum sum = new Sum();
    for (int code = 0; code < reference.classes().size(); code++) {
      sum.add(BinarySamplingErrors.rocAuc(reference.byScore(code)));
    }
    return sum.over(sum.defined / DEPENDENT);
  }

  /** A class without a figure counts as a constant 0. */
  static SamplingError macro(Function<Confusion, SamplingError> ofClass, ClassOutcomes reference) {
    int classes = reference.classes().size();
    Sum sum = new Sum();
    for (int code = 0; code < classes; code++) {
      sum.add(ofClass.apply(reference.confusion(code)));
    }
    return sum.over(classes);
  }

  /** Of variances of the classes that have one. */
  private static final class Sum {
    private double variances;
    private int defined;

    void add(SamplingError one) {
      if (!Double.isNaN(one.deviation())) {
        variances += one.deviation() * one.deviation() / one.fraction();
        defined++;
      }
    }

    SamplingError over(double classes) {
      return defined == 0
          ? SamplingError.UNKNOWN
          : new SamplingError(Math.sqrt(variances) / classes, 1);
    }
  }
}
