package io.tidemark.stats.performance;

import io.tidemark.stats.ExactSum;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/**
 * What labels are to be expected of a binary model's predictions, row by row from the calibrated
 * score c, the probability of the positive class (confidence-based performance estimation, CBPE, of
 * NannyML): Σc of the rows predicted positive are true positives, and so on. Right as far as P(y|x)
 * is what it was when the calibration was made.
 *
 * <p>The confusion matrix comes from exact sums. By raw score, c is summed in steps of 2^-32: AUC
 * and average precision are off by less than 1e-9, and 2^31 rows of one score have room.
 * Order-free. Not safe for use by several threads.
 */
public final class ExpectedOutcomes {
  private static final double UNIT = 0x1p32;

  private final ScoreHistogram scores;
  private final ExactSum amongPositive;
  private final ExactSum amongNegative;
  private long predictedPositive;
  private long predictedNegative;

  /**
   * No rows yet.
   *
   * @param capacity different scores up to which figures that depend on them are exact
   */
  public ExpectedOutcomes(int capacity) {
    this(new ScoreHistogram(capacity), new ExactSum(), new ExactSum());
  }

  private ExpectedOutcomes(ScoreHistogram scores, ExactSum amongPositive, ExactSum amongNegative) {
    this.scores = scores;
    this.amongPositive = amongPositive;
    this.amongNegative = amongNegative;
  }

  /**
   * Adds a row.
   *
   * @param score as the model gave it
   * @param calibrated the probability it stands for
   * @throws IllegalArgumentException if either is not from 0 to 1
   */
  public void add(double score, boolean predicted, double calibrated) {
    if (!(calibrated >= 0 && calibrated <= 1)) {
      throw new IllegalArgumentException("Not a probability: " + calibrated);
    }
    scores.add(score, Math.round(calibrated * UNIT));
    if (predicted) {
      predictedPositive++;
      amongPositive.add(calibrated);
    } else {
      predictedNegative++;
      amongNegative.add(calibrated);
    }
  }

  /**
   * Adds what the other summed.
   *
   * @throws IllegalArgumentException if the capacities differ
   */
  public void merge(ExpectedOutcomes other) {
    scores.merge(other.scores);
    amongPositive.merge(other.amongPositive);
    amongNegative.merge(other.amongNegative);
    predictedPositive += other.predictedPositive;
    predictedNegative += other.predictedNegative;
  }

  /** Number of rows. */
  public long rows() {
    return predictedPositive + predictedNegative;
  }

  /** The counts to be expected. */
  public Confusion confusion() {
    double tp = amongPositive.value();
    double fn = amongNegative.value();
    return new Confusion(tp, predictedPositive - tp, fn, predictedNegative - fn);
  }

  /** Rows, and positives to be expected, by raw score. */
  public ScoredRows byScore() {
    return scores.byScore(UNIT);
  }

  public void write(DataOutput out) throws IOException {
    Varint.write(predictedPositive, out);
    Varint.write(predictedNegative, out);
    amongPositive.write(out);
    amongNegative.write(out);
    scores.write(out);
  }

  public static ExpectedOutcomes read(DataInput in) throws IOException {
    long positive = Varint.read(in);
    long negative = Varint.read(in);
    ExactSum amongPositive = ExactSum.read(in);
    ExactSum amongNegative = ExactSum.read(in);
    ExpectedOutcomes outcomes =
        new ExpectedOutcomes(ScoreHistogram.read(in), amongPositive, amongNegative);
    outcomes.predictedPositive = positive;
    outcomes.predictedNegative = negative;
    return outcomes;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ExpectedOutcomes other
        && predictedPositive == other.predictedPositive
        && predictedNegative == other.predictedNegative
        && amongPositive.equals(other.amongPositive)
        && amongNegative.equals(other.amongNegative)
        && scores.equals(other.scores);
  }

  @Override
  public int hashCode() {
    return Objects.hash(predictedPositive, predictedNegative, amongPositive, scores);
  }

  @Override
  public String toString() {
    return "ExpectedOutcomes[" + confusion() + ", " + scores + "]";
  }
}
