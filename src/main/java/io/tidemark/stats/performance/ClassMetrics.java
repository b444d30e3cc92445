package io.tidemark.stats.performance;

import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a model with several classes, realised or expected. Precision, recall and F1 are
 * the plain means over all classes that the model tells apart; a class for which one of them is not
 * defined counts as 0 (scikit-learn's and NannyML's {@code zero_division}). ROC AUC is the plain
 * mean, class against rest, over the classes that have rows on both sides; NaN if none has.
 * Everything is NaN without rows.
 */
public final class ClassMetrics {
  private ClassMetrics() {}

  /**
   * A metric of labelled rows. Log loss takes probabilities divided by their sum; calibration error
   * is that of the largest score.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#MULTICLASS}
   */
  public static Measured of(Metric metric, ClassOutcomes outcomes) {
    return metric.classes().figure().apply(outcomes);
  }

  /**
   * A metric to be expected of rows without labels: accuracy, precision, recall, F1 or ROC AUC.
   *
   * @throws IllegalArgumentException if it is another
   */
  public static Measured of(Metric metric, ExpectedClassOutcomes outcomes) {
    if (!metric.estimatesClasses()) {
      throw metric.unsuited("a model with several classes, without labels");
    }
    return metric.classes().estimate().apply(outcomes);
  }

  static Measured accuracy(ClassOutcomes outcomes) {
    return Measured.exactly((double) outcomes.right() / outcomes.rows());
  }

  static Measured expectedAccuracy(ExpectedClassOutcomes outcomes) {
    double correct = 0;
    for (int code = 0; code < outcomes.classes(); code++) {
      correct += outcomes.confusion(code).tp();
    }
    return Measured.exactly(correct / outcomes.rows());
  }

  /** The plain mean of a figure of each class against the rest. */
  static ClassMetric macro(
      ToDoubleFunction<Confusion> figure, Function<Confusion, SamplingError> error) {
    return new ClassMetric(
        outcomes -> macro(figure, outcomes.classes().size(), outcomes::confusion, outcomes.rows()),
        outcomes -> ClassSamplingErrors.macro(error, outcomes),
        outcomes -> macro(figure, outcomes.classes(), outcomes::confusion, outcomes.rows()));
  }

  private static Measured macro(
      ToDoubleFunction<Confusion> figure,
      int classes,
      IntFunction<Confusion> confusion,
      long rows) {
    double sum = 0;
    for (int code = 0; code < classes; code++) {
      double value = figure.applyAsDouble(confusion.apply(code));
      sum += Double.isNaN(value) ? 0 : value;
    }
    return Measured.exactly(rows == 0 ? Double.NaN : sum / classes);
  }

  static Measured logLoss(ClassOutcomes outcomes) {
    return Measured.exactly(outcomes.losses().mean());
  }

  static Measured ece(ClassOutcomes outcomes) {
    return Reliability.error(outcomes.byLargestScore());
  }

  static Measured rocAuc(ClassOutcomes outcomes) {
    return rocAuc(outcomes.classes().size(), outcomes::byScore);
  }

  static Measured expectedRocAuc(ExpectedClassOutcomes outcomes) {
    return rocAuc(outcomes.classes(), outcomes::byScore);
  }

  private static Measured rocAuc(int classes, IntFunction<ScoredRows> rows) {
    double sum = 0;
    double bounds = 0;
    int defined = 0;
    for (int code = 0; code < classes; code++) {
      Measured one = Ranking.rocAuc(rows.apply(code));
      if (!Double.isNaN(one.value())) {
        sum += one.value();
        bounds += one.bound();
        defined++;
      }
    }
    return defined == 0 ? Measured.UNDEFINED : new Measured(sum / defined, bounds / defined);
  }
}
