package io.tidemark.stats.labelissues;

import io.tidemark.stats.CellCounts;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/**
 * Rows by given label and by the class that the model is confident of: the second merge of
 * confident learning. Exact and order-free. Not safe for use by several threads.
 */
public final class ConfidentCounts {
  private final ConfidentThresholds thresholds;

  /**
   * A row of cells for each given label, in it one for each class and one for confident of none.
   */
  private final CellCounts cells;

  private long confidentOfOther;

  /** No rows yet. */
  public ConfidentCounts(ConfidentThresholds thresholds) {
    this(thresholds, new CellCounts(thresholds.classes() * (thresholds.classes() + 1)));
  }

  private ConfidentCounts(ConfidentThresholds thresholds, CellCounts cells) {
    this.thresholds = thresholds;
    this.cells = cells;
  }

  /**
   * Adds a labelled row; one that {@link SelfConfidence} left out is left out here.
   *
   * @param given the code of its label, -1: a class that the model does not know
   * @param probabilities one a class; null, or NaN in places: not scored
   * @throws IllegalArgumentException if there are more or fewer than classes, or one is not from 0
   *     to 1
   */
  public void add(int given, double[] probabilities) {
    if (!Scores.complete(probabilities, classes()) || given < 0) {
      return;
    }
    int confident = thresholds.confident(probabilities);
    cells.add(cell(given, confident));
    if (confident >= 0 && confident != given && Scores.predictsOther(given, probabilities)) {
      confidentOfOther++;
    }
  }

  private int cell(int given, int confident) {
    return given * (classes() + 1) + (confident < 0 ? classes() : confident);
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if thresholds differ
   */
  public void merge(ConfidentCounts other) {
    if (!thresholds.equals(other.thresholds)) {
      throw new IllegalArgumentException("Can't merge " + thresholds + " and " + other.thresholds);
    }
    cells.merge(other.cells);
    confidentOfOther += other.confidentOfOther;
  }

  public ConfidentThresholds thresholds() {
    return thresholds;
  }

  int classes() {
    return thresholds.classes();
  }

  /** Rows of a given label of which the model is confident that they are of a class. */
  public long count(int given, int confident) {
    return cells.count(cell(given, confident));
  }

  /** Rows by given label, whatever the model says. */
  public long[] labels() {
    long[] labels = new long[classes()];
    for (int given = 0; given < labels.length; given++) {
      for (int confident = -1; confident < labels.length; confident++) {
        labels[given] += count(given, confident);
      }
    }
    return labels;
  }

  /**
   * Rows of which the model is confident that they are of another class, and which it would predict
   * as another: cleanlab's {@code num_label_issues}, by {@code off_diagonal}.
   */
  public long confidentOfOther() {
    return confidentOfOther;
  }

  /** Writes the counts, without thresholds: equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    cells.write(out);
    Varint.write(confidentOfOther, out);
  }

  /**
   * Reads what was written with these thresholds.
   *
   * @throws StreamCorruptedException if it was of others classes
   */
  public static ConfidentCounts read(ConfidentThresholds thresholds, DataInput in)
      throws IOException {
    CellCounts cells = CellCounts.read(in);
    if (cells.cells() != thresholds.classes() * (thresholds.classes() + 1)) {
      throw new StreamCorruptedException("Not of " + thresholds.classes() + " classes");
    }
    ConfidentCounts counts = new ConfidentCounts(thresholds, cells);
    counts.confidentOfOther = Varint.read(in);
    return counts;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ConfidentCounts other
        && thresholds.equals(other.thresholds)
        && cells.equals(other.cells)
        && confidentOfOther == other.confidentOfOther;
  }

  @Override
  public int hashCode() {
    return 31 * cells.hashCode() + Long.hashCode(confidentOfOther);
  }

  @Override
  public String toString() {
    return "ConfidentCounts[" + cells + "]";
  }
}
