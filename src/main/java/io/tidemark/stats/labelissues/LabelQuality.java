package io.tidemark.stats.labelissues;

import java.util.Locale;

/**
 * How well a label fits the scores, from 0, not at all, to 1 (cleanlab, {@code
 * get_label_quality_scores}).
 */
public enum LabelQuality {
  /** The probability of the label. */
  SELF_CONFIDENCE {
    @Override
    public double of(int given, double[] probabilities) {
      return probabilities[given];
    }
  },
  /** By how much it is above the largest of the others, brought from -1..1 to 0..1. */
  NORMALIZED_MARGIN {
    @Override
    public double of(int given, double[] probabilities) {
      return (probabilities[given] - Scores.largestOther(probabilities, given) + 1) / 2;
    }
  },
  /** ln(1 + x) / x of the scores' entropy over the probability of the label. */
  CONFIDENCE_WEIGHTED_ENTROPY {
    @Override
    public double of(int given, double[] probabilities) {
      double entropy = 0;
      for (double p : probabilities) {
        entropy -= p == 0 ? 0 : p * StrictMath.log(p);
      }
      double share = probabilities.length < 2 ? 0 : entropy / StrictMath.log(probabilities.length);
      double weighted = share / Math.max(SMALLEST, probabilities[given]);
      return StrictMath.log(weighted + 1) / Math.max(SMALLEST, weighted);
    }
  };

  private static final double SMALLEST = 1e-6;

  /** In outputs. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The score of a row's label.
   *
   * @param given the code of the label
   * @param probabilities all of them, one a class
   */
  public abstract double of(int given, double[] probabilities);
}
