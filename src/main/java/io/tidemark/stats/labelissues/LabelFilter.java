package io.tidemark.stats.labelissues;

import java.util.Locale;

/**
 * Which rows confident learning takes for label issues: {@code filter_by} of cleanlab. But for
 * those of smallest scores, none takes a row whose label has the largest probability.
 */
public enum LabelFilter {
  /**
   * Of each given label and each other class as many as the joint says, those first whose
   * probability of the label is furthest below that of the class. The default.
   */
  PRUNE_BY_NOISE_RATE,
  /** Of each given label as many as the joint says, those of the least probability first. */
  PRUNE_BY_CLASS,
  /** What both of them take. */
  BOTH,
  /** Rows of which the model is confident that they are of another class. */
  CONFIDENT_LEARNING,
  /** Rows for which the model predicts another class. */
  PREDICTED_NEQ_GIVEN,
  /** As many rows as confident learning takes, those of the smallest margin. */
  LOW_NORMALIZED_MARGIN,
  /** As many rows as confident learning takes, those of the least probability of their label. */
  LOW_SELF_CONFIDENCE;

  /** In specs and outputs. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean byNoiseRate() {
    return this == PRUNE_BY_NOISE_RATE || this == BOTH;
  }

  boolean byClass() {
    return this == PRUNE_BY_CLASS || this == BOTH;
  }

  /** The score that all rows are ordered by; null: they are not. */
  LabelQuality ordersAllBy() {
    return switch (this) {
      case LOW_NORMALIZED_MARGIN -> LabelQuality.NORMALIZED_MARGIN;
      case LOW_SELF_CONFIDENCE -> LabelQuality.SELF_CONFIDENCE;
      default -> null;
    };
  }
}
