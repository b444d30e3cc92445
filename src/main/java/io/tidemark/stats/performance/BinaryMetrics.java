package io.tidemark.stats.performance;

/** The metrics of a binary model, realised or expected: the same definitions for both. */
public final class BinaryMetrics {
  private BinaryMetrics() {}

  /**
   * A metric of labelled rows.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#BINARY}
   */
  public static Measured of(Metric metric, BinaryOutcomes outcomes) {
    return of(metric, outcomes.confusion(), outcomes.byScore());
  }

  /**
   * A metric to be expected of rows without labels. Log loss, Brier score and calibration error are
   * those of the raw score if the calibrated one is right.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#BINARY}
   */
  public static Measured of(Metric metric, ExpectedOutcomes outcomes) {
    return of(metric, outcomes.confusion(), outcomes.byScore());
  }

  /**
   * The same of a matrix and rows by score that were read once for several metrics.
   *
   * @throws IllegalArgumentException if it is none of {@link Metric#BINARY}
   */
  public static Measured of(Metric metric, Confusion confusion, ScoredRows rows) {
    return metric.binary().figure().of(confusion, rows);
  }
}
