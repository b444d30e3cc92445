package io.tidemark.stats.performance;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The names of the performance metrics, each with one definition, and the range of its values. */
public enum Metric {
  ACCURACY(0, 1),
  PRECISION(0, 1),
  RECALL(0, 1),
  SPECIFICITY(0, 1),
  F1(0, 1),
  ROC_AUC(0, 1),
  AVERAGE_PRECISION(0, 1),
  LOG_LOSS(0, Double.POSITIVE_INFINITY),
  BRIER(0, 1),
  ECE(0, 1),
  MAE(0, Double.POSITIVE_INFINITY),
  RMSE(0, Double.POSITIVE_INFINITY),
  MAPE(0, Double.POSITIVE_INFINITY),
  R2(Double.NEGATIVE_INFINITY, 1),
  BIAS(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** What {@link BinaryMetrics} measures. */
  public static final List<Metric> BINARY =
      List.of(
          ACCURACY,
          PRECISION,
          RECALL,
          SPECIFICITY,
          F1,
          ROC_AUC,
          AVERAGE_PRECISION,
          LOG_LOSS,
          BRIER,
          ECE);

  /** What {@link ClassMetrics} measures. */
  public static final List<Metric> MULTICLASS =
      List.of(ACCURACY, PRECISION, RECALL, F1, ROC_AUC, LOG_LOSS, ECE);

  /** What {@link RegressionMetrics} measures. */
  public static final List<Metric> REGRESSION = List.of(MAE, RMSE, MAPE, R2, BIAS);

  private final double lower;
  private final double upper;

  Metric(double lower, double upper) {
    this.lower = lower;
    this.upper = upper;
  }

  /** The name in specs, findings and performance rows. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Metric> of(String id) {
    for (Metric metric : values()) {
      if (metric.id().equals(id)) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }

  /** The smallest value there can be. */
  public double lower() {
    return lower;
  }

  /** The largest value there can be. */
  public double upper() {
    return upper;
  }

  /** 1 where larger values are better, -1 where smaller ones are, 0 where neither is. */
  public int better() {
    return switch (this) {
      case ACCURACY, PRECISION, RECALL, SPECIFICITY, F1, ROC_AUC, AVERAGE_PRECISION, R2 -> 1;
      case LOG_LOSS, BRIER, ECE, MAE, RMSE, MAPE -> -1;
      case BIAS -> 0;
    };
  }

  /** The value, or the end of the range that it lies beyond. */
  public double clip(double value) {
    return Math.max(lower, Math.min(upper, value));
  }

  IllegalArgumentException unsuited(String outcomes) {
    return new IllegalArgumentException(id() + " is no metric of " + outcomes);
  }
}
