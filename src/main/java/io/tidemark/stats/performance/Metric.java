package io.tidemark.stats.performance;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The performance metrics, each with one definition. A constant is all there is to say of one: the
 * range of its values, which end is better, and how it is measured of each task that it is of.
 */
public enum Metric {
  ACCURACY(
      Range.SHARE,
      Better.LARGER,
      BinaryMetric.ofConfusion(Confusion::accuracy, BinarySamplingErrors::accuracy),
      new ClassMetric(
          ClassMetrics::accuracy, ClassSamplingErrors::accuracy, ClassMetrics::expectedAccuracy)),
  PRECISION(
      Range.SHARE,
      Better.LARGER,
      BinaryMetric.ofConfusion(Confusion::precision, BinarySamplingErrors::precision),
      ClassMetrics.macro(Confusion::precision, BinarySamplingErrors::precision)),
  RECALL(
      Range.SHARE,
      Better.LARGER,
      BinaryMetric.ofConfusion(Confusion::recall, BinarySamplingErrors::recall),
      ClassMetrics.macro(Confusion::recall, BinarySamplingErrors::recall)),
  SPECIFICITY(
      Range.SHARE,
      Better.LARGER,
      BinaryMetric.ofConfusion(Confusion::specificity, BinarySamplingErrors::specificity),
      null),
  F1(
      Range.SHARE,
      Better.LARGER,
      BinaryMetric.ofConfusion(Confusion::f1, BinarySamplingErrors::f1),
      ClassMetrics.macro(Confusion::f1, BinarySamplingErrors::f1)),
  ROC_AUC(
      Range.SHARE,
      Better.LARGER,
      BinaryMetric.ofScores(Ranking::rocAuc, BinarySamplingErrors::rocAuc),
      new ClassMetric(
          ClassMetrics::rocAuc, ClassSamplingErrors::rocAuc, ClassMetrics::expectedRocAuc)),
  AVERAGE_PRECISION(
      Range.SHARE, Better.LARGER, BinaryMetric.bootstrapped(Ranking::averagePrecision), null),
  LOG_LOSS(
      Range.NOT_NEGATIVE,
      Better.SMALLER,
      BinaryMetric.ofScores(
          Losses::logLoss, rows -> BinarySamplingErrors.ofMean(rows, Losses::log)),
      new ClassMetric(ClassMetrics::logLoss, ClassSamplingErrors::logLoss, null)),
  BRIER(
      Range.SHARE,
      Better.SMALLER,
      BinaryMetric.ofScores(
          Losses::brier, rows -> BinarySamplingErrors.ofMean(rows, Losses::square)),
      null),
  ECE(
      Range.SHARE,
      Better.SMALLER,
      BinaryMetric.bootstrapped(Reliability::error).ofLabelsOnly(),
      new ClassMetric(ClassMetrics::ece, ClassSamplingErrors::ece, null)),
  MAE(
      Range.NOT_NEGATIVE,
      Better.SMALLER,
      RegressionMetric.ofAll(outcomes -> outcomes.sizes().mean(), RegressionSamplingErrors::mae)),
  RMSE(
      Range.NOT_NEGATIVE,
      Better.SMALLER,
      RegressionMetric.ofAll(RegressionMetrics::rmse, RegressionSamplingErrors::rmse)),
  MAPE(
      Range.NOT_NEGATIVE,
      Better.SMALLER,
      new RegressionMetric(
          RegressionMetrics::mape,
          RegressionSamplingErrors::mape,
          outcomes -> outcomes.zeroTruths() + outcomes.endlessShares())),
  R2(
      Range.UP_TO_1,
      Better.LARGER,
      RegressionMetric.ofAll(RegressionMetrics::r2, RegressionSamplingErrors::r2)),
  BIAS(
      Range.ANY,
      Better.NEITHER,
      RegressionMetric.ofAll(outcomes -> outcomes.errors().mean(), RegressionSamplingErrors::bias));

  /** What a binary model can be measured by. */
  public static final List<Metric> BINARY = all(metric -> metric.binary != null);

  /** What a model with several classes can be measured by. */
  public static final List<Metric> MULTICLASS = all(metric -> metric.classes != null);

  /** What predicted numbers can be measured by. */
  public static final List<Metric> REGRESSION = all(metric -> metric.regression != null);

  private enum Range {
    SHARE(0, 1),
    NOT_NEGATIVE(0, Double.POSITIVE_INFINITY),
    UP_TO_1(Double.NEGATIVE_INFINITY, 1),
    ANY(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    private final double lower;
    private final double upper;

    Range(double lower, double upper) {
      this.lower = lower;
      this.upper = upper;
    }
  }

  private enum Better {
    SMALLER(-1),
    NEITHER(0),
    LARGER(1);

    private final int sign;

    Better(int sign) {
      this.sign = sign;
    }
  }

  private final Range range;
  private final Better better;
  private final BinaryMetric binary; // null where a task has it not
  private final ClassMetric classes;
  private final RegressionMetric regression;

  Metric(Range range, Better better, BinaryMetric binary, ClassMetric classes) {
    this(range, better, binary, classes, null);
  }

  Metric(Range range, Better better, RegressionMetric regression) {
    this(range, better, null, null, regression);
  }

  Metric(
      Range range,
      Better better,
      BinaryMetric binary,
      ClassMetric classes,
      RegressionMetric regression) {
    this.range = range;
    this.better = better;
    this.binary = binary;
    this.classes = classes;
    this.regression = regression;
  }

  private static List<Metric> all(Predicate<Metric> which) {
    return Arrays.stream(values()).filter(which).toList();
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
    return range.lower;
  }

  /** The largest value there can be. */
  public double upper() {
    return range.upper;
  }

  /** 1 where larger values are better, -1 where smaller ones are, 0 where neither is. */
  public int better() {
    return better.sign;
  }

  /** Whether it is of rows that have a score. */
  public boolean needsScores() {
    return binary != null && binary.ofScores();
  }

  /** Whether its sampling error has no closed form and takes long. */
  public boolean bootstrapped() {
    return binary != null && binary.bootstrapped();
  }

  /** Whether it can be estimated of a binary model without labels. */
  public boolean estimatesBinary() {
    return binary != null && binary.estimated();
  }

  /** Whether it can be estimated of a model with several classes without labels. */
  public boolean estimatesClasses() {
    return classes != null && classes.estimate() != null;
  }

  /** Labelled rows that it leaves out though they have a prediction. */
  public long leftOut(RegressionOutcomes outcomes) {
    return regression.leftOut().applyAsLong(outcomes);
  }

  BinaryMetric binary() {
    return suited(binary, "a binary model");
  }

  ClassMetric classes() {
    return suited(classes, "a model with several classes");
  }

  RegressionMetric regression() {
    return suited(regression, "predicted numbers");
  }

  /** The value, or the end of the range that it lies beyond. */
  public double clip(double value) {
    return Math.max(range.lower, Math.min(range.upper, value));
  }

  private <T> T suited(T way, String outcomes) {
    if (way == null) {
      throw unsuited(outcomes);
    }
    return way;
  }

  IllegalArgumentException unsuited(String outcomes) {
    return new IllegalArgumentException(id() + " is no metric of " + outcomes);
  }
}
