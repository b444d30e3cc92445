package io.tidemark.stats.performance;

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
    int classes = outcomes.classes().size();
    return switch (metric) {
      case ACCURACY -> Measured.exactly(correct(outcomes) / outcomes.rows());
      case PRECISION, RECALL, F1 ->
          Measured.exactly(macro(metric, classes, outcomes::confusion, outcomes.rows()));
      case ROC_AUC -> rocAuc(classes, outcomes::byScore);
      case LOG_LOSS -> Measured.exactly(outcomes.losses().mean());
      case ECE -> {
        Reliability reliability = Reliability.of(outcomes.byLargestScore());
        yield new Measured(reliability.ece(), reliability.bound());
      }
      default -> throw metric.unsuited("a model with several classes");
    };
  }

  /**
   * A metric to be expected of rows without labels: accuracy, precision, recall, F1 or ROC AUC.
   *
   * @throws IllegalArgumentException if it is another
   */
  public static Measured of(Metric metric, ExpectedClassOutcomes outcomes) {
    int classes = outcomes.classes();
    return switch (metric) {
      case ACCURACY -> {
        double correct = 0;
        for (int code = 0; code < classes; code++) {
          correct += outcomes.confusion(code).tp();
        }
        yield Measured.exactly(correct / outcomes.rows());
      }
      case PRECISION, RECALL, F1 ->
          Measured.exactly(macro(metric, classes, outcomes::confusion, outcomes.rows()));
      case ROC_AUC -> rocAuc(classes, outcomes::byScore);
      default -> throw metric.unsuited("a model with several classes, without labels");
    };
  }

  static double correct(ClassOutcomes outcomes) {
    return outcomes.right();
  }

  private static double macro(
      Metric metric, int classes, IntFunction<Confusion> confusion, long rows) {
    ToDoubleFunction<Confusion> figure =
        switch (metric) {
          case PRECISION -> Confusion::precision;
          case RECALL -> Confusion::recall;
          default -> Confusion::f1;
        };
    double sum = 0;
    for (int code = 0; code < classes; code++) {
      double value = figure.applyAsDouble(confusion.apply(code));
      sum += Double.isNaN(value) ? 0 : value;
    }
    return rows == 0 ? Double.NaN : sum / classes;
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
