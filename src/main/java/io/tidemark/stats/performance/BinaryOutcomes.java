package io.tidemark.stats.performance;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Labelled predictions of a binary model: the confusion matrix, and rows and positives by score.
 * Counts only, so exact and order-free. Not safe for use by several threads.
 */
public final class BinaryOutcomes {
  private static final double THRESHOLD = .5;

  private final ScoreHistogram scores;
  private long tp;
  private long fp;
  private long fn;
  private long tn;

  /**
   * No rows yet.
   *
   * @param capacity different scores up to which figures that depend on them are exact
   */
  public BinaryOutcomes(int capacity) {
    this(new ScoreHistogram(capacity));
  }

  private BinaryOutcomes(ScoreHistogram scores) {
    this.scores = scores;
  }

  /** The class that a score means where the log has no predicted class: positive from .5 on. */
  public static boolean predicts(double score) {
    return score >= THRESHOLD;
  }

  /**
   * Adds a labelled row.
   *
   * @param score probability of the positive class; NaN: none, then only the classes count
   * @throws IllegalArgumentException if the score is not from 0 to 1
   */
  public void add(double score, boolean predicted, boolean actual) {
    if (!Double.isNaN(score)) {
      scores.add(score, actual ? 1 : 0);
    }
    if (predicted) {
      tp += actual ? 1 : 0;
      fp += actual ? 0 : 1;
    } else {
      fn += actual ? 1 : 0;
      tn += actual ? 0 : 1;
    }
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if the capacities differ
   */
  public void merge(BinaryOutcomes other) {
    scores.merge(other.scores);
    tp += other.tp;
    fp += other.fp;
    fn += other.fn;
    tn += other.tn;
  }

  /** Number of rows. */
  public long rows() {
    return tp + fp + fn + tn;
  }

  public Confusion confusion() {
    return new Confusion(tp, fp, fn, tn);
  }

  /** Rows and positives by score. */
  public ScoredRows byScore() {
    return scores.byScore(1);
  }

  public void write(DataOutput out) throws IOException {
    Varint.write(tp, out);
    Varint.write(fp, out);
    Varint.write(fn, out);
    Varint.write(tn, out);
    scores.write(out);
  }

  public static BinaryOutcomes read(DataInput in) throws IOException {
    long tp = Varint.read(in);
    long fp = Varint.read(in);
    long fn = Varint.read(in);
    long tn = Varint.read(in);
    BinaryOutcomes outcomes = new BinaryOutcomes(ScoreHistogram.read(in));
    outcomes.tp = tp;
    outcomes.fp = fp;
    outcomes.fn = fn;
    outcomes.tn = tn;
    return outcomes;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof BinaryOutcomes other
        && confusion().equals(other.confusion())
        && scores.equals(other.scores);
  }

  @Override
  public int hashCode() {
    return 31 * confusion().hashCode() + scores.hashCode();
  }

  @Override
  public String toString() {
    return "BinaryOutcomes[" + confusion() + ", " + scores + "]";
  }
}
