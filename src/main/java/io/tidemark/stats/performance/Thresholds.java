package io.tidemark.stats.performance;

import io.tidemark.stats.MeanAndDeviation;
import io.tidemark.stats.Moments;

/**
 * Between which values a metric is as usual: mean ± 3 standard deviations (divisor n) of the
 * baseline's windows, clipped to the metric's range (NannyML). Estimated figures are held against
 * the thresholds of the realised metric.
 *
 * @param lower NaN if no window of the baseline has a value; upper likewise
 */
public record Thresholds(double lower, double upper) {
  /**
   * The thresholds from the values of the baseline's windows, whatever their sizes; NaN values
   * don't count.
   */
  public static Thresholds of(Metric metric, double[] values) {
    Moments moments = new Moments();
    for (double value : values) {
      if (!Double.isNaN(value)) {
        moments.add(value);
      }
    }
    MeanAndDeviation usual = MeanAndDeviation.of(moments);
    return new Thresholds(metric.clip(usual.below()), metric.clip(usual.above()));
  }

  /** Whether a value lies strictly outside; NaN never does. */
  public boolean alarms(double value) {
    return value < lower || value > upper;
  }
}
