package io.tidemark.stats.labelissues;

import io.tidemark.stats.CellCounts;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/**
 * Rows that two sources labelled, by what either said. Exact and order-free. Not safe for use by
 * several threads.
 */
public final class SourceAgreement {
  private final int classes;
  private final CellCounts cells;
  private long unknown;

  /** No rows yet, of so many classes. */
  public SourceAgreement(int classes) {
    this(classes, new CellCounts(classes * classes));
  }

  private SourceAgreement(int classes, CellCounts cells) {
    this.classes = classes;
    this.cells = cells;
  }

  /**
   * Adds a row.
   *
   * @param first the code of the one source's label, -1: no known class; the row is left out
   * @param second that of the other source's
   */
  public void add(int first, int second) {
    add(first, second, 1);
  }

  /** Adds so many rows, see {@link #add(int, int)}. */
  void add(int first, int second, long rows) {
    if (first < 0 || second < 0) {
      unknown += rows;
    } else {
      cells.add(first * classes + second, rows);
    }
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if the numbers of classes differ
   */
  public void merge(SourceAgreement other) {
    cells.merge(other.cells);
    unknown += other.unknown;
  }

  public int classes() {
    return classes;
  }

  /** Rows that count. */
  public long rows() {
    return cells.total();
  }

  /** Rows of which a label was of no known class; left out. */
  public long unknown() {
    return unknown;
  }

  public long count(int first, int second) {
    return cells.count(first * classes + second);
  }

  /** Equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    cells.write(out);
    Varint.write(unknown, out);
  }

  /**
   * Reads what was written of so many classes.
   *
   * @throws StreamCorruptedException if it was of others
   */
  public static SourceAgreement read(int classes, DataInput in) throws IOException {
    CellCounts cells = CellCounts.read(in);
    if (cells.cells() != classes * classes) {
      throw new StreamCorruptedException("Not of " + classes + " classes");
    }
    SourceAgreement read = new SourceAgreement(classes, cells);
    read.unknown = Varint.read(in);
    return read;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof SourceAgreement other
        && cells.equals(other.cells)
        && unknown == other.unknown;
  }

  @Override
  public int hashCode() {
    return 31 * cells.hashCode() + Long.hashCode(unknown);
  }

  @Override
  public String toString() {
    return "SourceAgreement[" + cells + "]";
  }
}
