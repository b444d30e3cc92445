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
    return switch (metric) {
      case ACCURACY -> Measured.exactly(confusion.accuracy());
      case PRECISION -> Measured.exactly(confusion.precision());
      case RECALL -> Measured.exactly(confusion.recall());
      case SPECIFICITY -> Measured.exactly(confusion.specificity());
      case F1 -> Measured.exactly(confusion.f1());
      case ROC_AUC -> Ranking.rocAuc(rows);
      case AVERAGE_PRECISION -> Ranking.averagePrecision(rows);
      case LOG_LOSS -> Losses.logLoss(rows);
      case BRIER -> Losses.brier(rows);
      case ECE -> {
        Reliability reliability = Reliability.of(rows);
        yield new Measured(reliability.ece(), reliability.bound());
      }
      default -> throw metric.unsuited("a binary model");
    };
  }
}
