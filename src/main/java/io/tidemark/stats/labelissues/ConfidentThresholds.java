package io.tidemark.stats.labelissues;

import io.tidemark.stats.performance.ClassOutcomes;
import java.io.Serializable;
import java.util.Arrays;

/**
 * From which probability on the model is confident of each class: its mean over the rows labelled
 * so (cleanlab, {@code get_confident_thresholds}).
 */
public final class ConfidentThresholds implements Serializable {
  private static final long serialVersionUID = 1;

  /** How far below its threshold a probability still counts. */
  static final double TOLERANCE = 1e-6;

  /** That of a class which no row is labelled: no probability reaches it. */
  static final double NOBODY = 2;

  private final double[] values;

  private ConfidentThresholds(double[] values) {
    this.values = values;
  }

  /** Of these means, of which those next to 0 are raised: or all rows were confident there. */
  static ConfidentThresholds of(double... means) {
    return new ConfidentThresholds(
        Arrays.stream(means).map(mean -> Math.max(mean, 2 * TOLERANCE)).toArray());
  }

  /** Number of classes. */
  public int classes() {
    return values.length;
  }

  /** That of a class; 2 where no row is labelled so. */
  public double value(int code) {
    return values[code];
  }

  /**
   * The class that the model is confident of: the one whose threshold is reached; where there are
   * several the one with the largest probability of all, of equal ones the first; -1 without.
   *
   * @param probabilities all of them
   */
  public int confident(double[] probabilities) {
    int confident = -1;
    for (int code = 0; code < values.length; code++) {
      if (probabilities[code] >= values[code] - TOLERANCE) {
        if (confident >= 0) {
          return ClassOutcomes.predicts(probabilities);
        }
        confident = code;
      }
    }
    return confident;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ConfidentThresholds other && Arrays.equals(values, other.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "ConfidentThresholds" + Arrays.toString(values);
  }
}
