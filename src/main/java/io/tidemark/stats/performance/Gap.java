package io.tidemark.stats.performance;

/**
 * How far a realised metric lies from what was estimated without labels. The estimate assumes
 * P(y|x) unchanged: where it is far off, that has changed, which is concept drift.
 *
 * @param difference realised less estimated; NaN where either is not defined
 * @param threshold the size it must exceed
 * @param alarm whether it does
 */
public record Gap(double difference, double threshold, boolean alarm) {
  private static final double DEVIATIONS = 3;

  /** A smaller gap is of no consequence, however many rows it rests on. */
  private static final double NEGLIGIBLE = .02;

  /**
   * The gap's judgement: beyond three standard deviations of the difference and beyond .02.
   *
   * @param realisedError sampling error of the realised value, at its labelled rows
   * @param estimatedError sampling error of the estimate, at its rows
   */
  public static Gap of(
      double realised, double realisedError, double estimated, double estimatedError) {
    double difference = realised - estimated;
    double threshold = Math.max(NEGLIGIBLE, DEVIATIONS * Math.hypot(realisedError, estimatedError));
    return new Gap(difference, threshold, Math.abs(difference) > threshold);
  }
}
