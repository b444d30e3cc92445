package io.tidemark.stats.performance;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * How a metric is measured of predicted numbers.
 *
 * @param error its sampling error, from the reference's outcomes
 * @param leftOut labelled rows that it leaves out
 */
record RegressionMetric(
    ToDoubleFunction<RegressionOutcomes> figure,
    Function<RegressionOutcomes, SamplingError> error,
    ToLongFunction<RegressionOutcomes> leftOut) {

  static RegressionMetric ofAll(
      ToDoubleFunction<RegressionOutcomes> figure,
      Function<RegressionOutcomes, SamplingError> error) {
    return new RegressionMetric(figure, error, outcomes -> 0);
  }
}
