package io.tidemark.stats.performance;

import io.tidemark.stats.Moments;

/**
 * The sampling errors of the metrics of predicted numbers, from the reference's labelled rows.
 * Means have the deviation of what is averaged (for mape, of the rows whose truth is not 0, and
 * their share); rmse, and R² as a ratio of means, have that of their linear approximation, the
 * delta method.
 */
public final class RegressionSamplingErrors {
  private RegressionSamplingErrors() {}

  /**
   * The sampling error of a metric.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#REGRESSION}
   */
  public static SamplingError of(Metric metric, RegressionOutcomes reference) {
    return metric.regression().error().apply(reference);
  }

  static SamplingError mae(RegressionOutcomes reference) {
    return new SamplingError(deviation(reference.sizes()), 1);
  }

  static SamplingError bias(RegressionOutcomes reference) {
    return new SamplingError(deviation(reference.errors()), 1);
  }

  private static double deviation(Moments moments) {
    boolean all = moments.negativeInfinities() + moments.positiveInfinities() == 0;
    return all ? moments.populationDeviation() : Double.NaN;
  }

  static SamplingError mape(RegressionOutcomes reference) {
    Moments shares = reference.shares();
    return shares.count() == 0
        ? SamplingError.UNKNOWN
        : new SamplingError(deviation(shares), (double) shares.count() / reference.rows());
  }

  /** sd(e²) / (2·rmse); 0 where no row has an error. */
  static SamplingError rmse(RegressionOutcomes reference) {
    double rmse = RegressionMetrics.rmse(reference);
    double spread = deviation(reference.squares());
    return new SamplingError(rmse == 0 ? 0 : spread / (2 * rmse), 1);
  }

  /** With q = 1 - R²: the deviation of e² - q(y-m)², over the variance of y. */
  static SamplingError r2(RegressionOutcomes reference) {
    Moments truths = reference.truths();
    double n = truths.count();
    double variance = truths.populationVariance();
    if (!(variance > 0) || !reference.products().complete()) {
      return SamplingError.UNKNOWN;
    }
    double m = truths.mean();
    double q = 1 - RegressionMetrics.r2(reference);
    double meanSquare = RegressionMetrics.meanSquare(reference.errors());
    double fourthErrors = RegressionMetrics.meanSquare(reference.squares());
    double crossed = reference.products().errorsTimesTruths(m) / n + m * m * meanSquare;
    double fourth = reference.products().fourth(m, n * RegressionMetrics.meanSquare(truths), n) / n;
    double spread = fourthErrors - 2 * q * crossed + q * q * fourth;
    // Below 0 by rounding only: all rows alike, or a mean so large that no digit is left.
    return spread >= 0 ? new SamplingError(Math.sqrt(spread) / variance, 1) : SamplingError.UNKNOWN;
  }
}
