package io.tidemark.stats.performance;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How a metric is measured of a binary model.
 *
 * @param error its sampling error, from the reference's outcomes
 * @param ofScores whether it needs rows with a score
 * @param bootstrapped whether the sampling error has no closed form, so that it takes long
 * @param estimated whether it can be estimated without labels
 */
record BinaryMetric(
    Figure figure,
    Function<BinaryOutcomes, SamplingError> error,
    boolean ofScores,
    boolean bootstrapped,
    boolean estimated) {

  /** Of a confusion matrix and the same rows by score. */
  interface Figure {
    Measured of(Confusion confusion, ScoredRows rows);
  }

  static BinaryMetric ofConfusion(
      ToDoubleFunction<Confusion> figure, Function<Confusion, SamplingError> error) {
    return new BinaryMetric(
        (confusion, rows) -> Measured.exactly(figure.applyAsDouble(confusion)),
        outcomes -> error.apply(outcomes.confusion()),
        false,
        false,
        true);
  }

  static BinaryMetric ofScores(
      Function<ScoredRows, Measured> figure, Function<ScoredRows, SamplingError> error) {
    return new BinaryMetric(
        (confusion, rows) -> figure.apply(rows),
        outcomes -> error.apply(outcomes.byScore()),
        true,
        false,
        true);
  }

  static BinaryMetric bootstrapped(Function<ScoredRows, Measured> figure) {
    return new BinaryMetric(
        (confusion, rows) -> figure.apply(rows),
        outcomes -> Bootstrap.of(outcomes.byScore(), rows -> figure.apply(rows).value()),
        true,
        true,
        true);
  }

  /** Calibration errors cannot be estimated: the estimate takes the calibration for right. */
  BinaryMetric ofLabelsOnly() {
    return new BinaryMetric(figure, error, ofScores, bootstrapped, false);
  }
}
