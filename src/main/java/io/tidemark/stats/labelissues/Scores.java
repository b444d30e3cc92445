package io.tidemark.stats.labelissues;

import io.tidemark.stats.performance.ClassOutcomes;

/** Which rows have scores to go by. */
final class Scores {
  private Scores() {}

  /**
   * Whether there is a probability of each class. They need not sum to one.
   *
   * @param probabilities one a class; null, or NaN in places, where the log has none
   * @throws IllegalArgumentException if there are more or fewer than classes, or one is not from 0
   *     to 1
   */
  static boolean complete(double[] probabilities, int classes) {
    if (probabilities == null) {
      return false;
    }
    if (probabilities.length != classes) {
      throw new IllegalArgumentException(
          probabilities.length + " probabilities of " + classes + " classes");
    }
    boolean complete = true;
    for (double probability : probabilities) {
      if (probability < 0 || probability > 1) {
        throw new IllegalArgumentException("Not a probability: " + probability);
      }
      complete &= !Double.isNaN(probability);
    }
    return complete;
  }

  /** The largest probability of another class, 0 if there is none. */
  static double largestOther(double[] probabilities, int given) {
    double largest = 0;
    for (int code = 0; code < probabilities.length; code++) {
      largest = code == given ? largest : Math.max(largest, probabilities[code]);
    }
    return largest;
  }

  /**
   * Whether the largest probability is another class's, by more than rounding does (cleanlab,
   * {@code _reduce_issues}).
   */
  static boolean predictsOther(int given, double[] probabilities) {
    double[] favoured = probabilities.clone();
    favoured[given] += ConfidentThresholds.TOLERANCE;
    return ClassOutcomes.predicts(favoured) != given;
  }
}
