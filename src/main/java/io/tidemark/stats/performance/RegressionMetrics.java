package io.tidemark.stats.performance;

import io.tidemark.stats.Moments;

/**
 * The metrics of predicted numbers. Rows whose truth is 0 have no percentage error and are left out
 * of mape, which is a share (.1, not 10); scikit-learn divides by 2^-52 there, which makes the mean
 * meaningless. R² is NaN where the truth is constant. Everything is NaN without rows.
 */
public final class RegressionMetrics {
  private RegressionMetrics() {}

  /**
   * A metric of labelled rows.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#REGRESSION}
   */
  public static Measured of(Metric metric, RegressionOutcomes outcomes) {
    return Measured.exactly(metric.regression().figure().applyAsDouble(outcomes));
  }

  static double rmse(RegressionOutcomes outcomes) {
    return outcomes.errors().rootMeanSquare();
  }

  static double mape(RegressionOutcomes outcomes) {
    return outcomes.shares().positiveInfinities() > 0
        ? Double.POSITIVE_INFINITY
        : outcomes.shares().mean();
  }

  /** Both terms round to within an ulp and nothing cancels. */
  static double meanSquare(Moments errors) {
    return errors.populationVariance() + errors.mean() * errors.mean();
  }

  static double r2(RegressionOutcomes outcomes) {
    return 1 - outcomes.errors().meanSquareOver(outcomes.truths());
  }
}
