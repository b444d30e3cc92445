package io.tidemark.stats.performance;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;

/**
 * What labels are to be expected of the predictions of a model with several classes: {@link
 * ExpectedOutcomes} of each class against the rest. Not safe for use by several threads.
 */
public final class ExpectedClassOutcomes {
  private final ExpectedOutcomes[] outcomes;

  /**
   * No rows yet.
   *
   * @param classes their number, at least 1
   * @param capacity different scores up to which figures that depend on them are exact
   */
  public ExpectedClassOutcomes(int classes, int capacity) {
    this(new ExpectedOutcomes[classes]);
    if (classes < 1) {
      throw new IllegalArgumentException("No classes");
    }
    for (int code = 0; code < classes; code++) {
      outcomes[code] = new ExpectedOutcomes(capacity);
    }
  }

  private ExpectedClassOutcomes(ExpectedOutcomes[] outcomes) {
    this.outcomes = outcomes;
  }

  /**
   * Adds a row.
   *
   * @param scores one a class, as the model gave them
   * @param predicted the code of the predicted class, -1 if it is none of them
   * @param probabilities what the scores stand for ({@link ClassCalibrator#calibrate})
   * @throws IllegalArgumentException if one of the numbers is not from 0 to 1
   */
  public void add(double[] scores, int predicted, double[] probabilities) {
    for (int code = 0; code < outcomes.length; code++) {
      outcomes[code].add(scores[code], code == predicted, probabilities[code]);
    }
  }

  /**
   * Adds what the other summed.
   *
   * @throws IllegalArgumentException if the numbers of classes or the capacities differ
   */
  public void merge(ExpectedClassOutcomes other) {
    if (outcomes.length != other.outcomes.length) {
      throw new IllegalArgumentException(
          "Can't merge " + outcomes.length + " and " + other.outcomes.length + " classes");
    }
    for (int code = 0; code < outcomes.length; code++) {
      outcomes[code].merge(other.outcomes[code]);
    }
  }

  /** Number of classes. */
  public int classes() {
    return outcomes.length;
  }

  /** Number of rows. */
  public long rows() {
    return outcomes[0].rows();
  }

  /** The counts to be expected of a class against the rest. */
  public Confusion confusion(int code) {
    return outcomes[code].confusion();
  }

  /** Rows, and those to be expected of a class, by that class's raw score. */
  public ScoredRows byScore(int code) {
    return outcomes[code].byScore();
  }

  /** Writes the sums, without the number of classes. */
  public void write(DataOutput out) throws IOException {
    for (ExpectedOutcomes one : outcomes) {
      one.write(out);
    }
  }

  /**
   * Reads what was written for so many classes.
   *
   * @throws StreamCorruptedException if the classes have different numbers of rows
   */
  public static ExpectedClassOutcomes read(int classes, DataInput in) throws IOException {
    ExpectedOutcomes[] outcomes = new ExpectedOutcomes[classes];
    for (int code = 0; code < classes; code++) {
      outcomes[code] = ExpectedOutcomes.read(in);
      if (outcomes[code].rows() != outcomes[0].rows()) {
        throw new StreamCorruptedException("Classes of different numbers of rows");
      }
    }
    return new ExpectedClassOutcomes(outcomes);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ExpectedClassOutcomes other && Arrays.equals(outcomes, other.outcomes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(outcomes);
  }

  @Override
  public String toString() {
    return "ExpectedClassOutcomes[classes=" + outcomes.length + ", rows=" + rows() + "]";
  }
}
