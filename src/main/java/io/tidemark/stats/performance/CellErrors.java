package io.tidemark.stats.performance;

import io.tidemark.stats.CellCounts;
import io.tidemark.stats.ExactSum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;

/**
 * Rows and the exact sum of their errors by cell of a partition of the inputs. What an error is,
 * the metric says: 1 for a wrong class, a row's log loss, the size of a difference. Order-free. Not
 * safe for use by several threads.
 */
public final class CellErrors {
  private final CellCounts rows;
  private final ExactSum[] errors;

  /** No rows yet, of so many cells. */
  public CellErrors(int cells) {
    this(new CellCounts(cells), new ExactSum[cells]);
    for (int cell = 0; cell < cells; cell++) {
      errors[cell] = new ExactSum();
    }
  }

  private CellErrors(CellCounts rows, ExactSum[] errors) {
    this.rows = rows;
    this.errors = errors;
  }

  /**
   * Adds a labelled row.
   *
   * @throws IllegalArgumentException if the error is not finite
   * @throws IndexOutOfBoundsException if there is no such cell
   */
  public void add(int cell, double error) {
    errors[cell].add(error);
    rows.add(cell);
  }

  /**
   * Adds what the other summed.
   *
   * @throws IllegalArgumentException if the numbers of cells differ
   */
  public void merge(CellErrors other) {
    rows.merge(other.rows);
    for (int cell = 0; cell < errors.length; cell++) {
      errors[cell].merge(other.errors[cell]);
    }
  }

  public int cells() {
    return errors.length;
  }

  /** Number of rows. */
  public long rows() {
    return rows.total();
  }

  public long rows(int cell) {
    return rows.count(cell);
  }

  /** Sum of a cell's errors. */
  public double errors(int cell) {
    return errors[cell].value();
  }

  /** Mean error of all rows; NaN without rows. */
  public double meanError() {
    ExactSum sum = new ExactSum();
    for (ExactSum part : errors) {
      sum.merge(part);
    }
    return rows() == 0 ? Double.NaN : sum.over(rows());
  }

  public void write(DataOutput out) throws IOException {
    rows.write(out);
    for (int cell = 0; cell < errors.length; cell++) {
      if (rows.count(cell) > 0) {
        errors[cell].write(out);
      }
    }
  }

  /** Reads what was written of so many cells. */
  public static CellErrors read(int cells, DataInput in) throws IOException {
    CellCounts rows = CellCounts.read(in);
    if (rows.cells() != cells) {
      throw new StreamCorruptedException(rows.cells() + " cells, not " + cells);
    }
    ExactSum[] errors = new ExactSum[cells];
    for (int cell = 0; cell < cells; cell++) {
      errors[cell] = rows.count(cell) > 0 ? ExactSum.read(in) : new ExactSum();
    }
    return new CellErrors(rows, errors);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof CellErrors other
        && rows.equals(other.rows)
        && Arrays.equals(errors, other.errors);
  }

  @Override
  public int hashCode() {
    return 31 * rows.hashCode() + Arrays.hashCode(errors);
  }

  @Override
  public String toString() {
    return "CellErrors[rows=" + rows() + ", meanError=" + meanError() + "]";
  }
}
