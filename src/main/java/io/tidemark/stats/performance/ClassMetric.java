package io.tidemark.stats.performance;

import java.util.function.Function;

/**
 * How a metric is measured of a model with several classes.
 *
 * @param error its sampling error, from the reference's outcomes
 * @param estimate of rows without labels; null: there is none
 */
record ClassMetric(
    Function<ClassOutcomes, Measured> figure,
    Function<ClassOutcomes, SamplingError> error,
    Function<ExpectedClassOutcomes, Measured> estimate) {}
