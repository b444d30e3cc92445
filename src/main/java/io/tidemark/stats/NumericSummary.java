package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Objects;

/**
 * All that is kept of a numeric field in a window: rows, moments, counts by cell, the distribution
 * of values. Order-free: the same rows give the same state and figures, however they were split,
 * ordered and merged. Infinities are valid values: they lie in the outer cells and among the values
 * counted, but not in moments and sums. Not safe for use by several threads.
 */
public final class NumericSummary {
  private final CutPoints cuts;
  private final int capacity;
  private final Moments moments;
  private final CellCounts cells;
  private final ValueCounts values;
  private final ExactSum below;
  private final ExactSum above;
  private long missing;
  private long invalid;

  /**
   * An empty summary.
   *
   * @param cuts where cells begin and end
   * @param capacity different values up to which {@link #values()} is exact
   */
  public NumericSummary(CutPoints cuts, int capacity) {
    this(
        cuts,
        capacity,
        new Moments(),
        new CellCounts(cuts.cells()),
        new ValueCounts(capacity),
        new ExactSum(),
        new ExactSum());
  }

  private NumericSummary(
      CutPoints cuts,
      int capacity,
      Moments moments,
      CellCounts cells,
      ValueCounts values,
      ExactSum below,
      ExactSum above) {
    this.cuts = cuts;
    this.capacity = capacity;
    this.moments = moments;
    this.cells = cells;
    this.values = values;
    this.below = below;
    this.above = above;
  }

  /**
   * Adds a valid value.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  public void add(double x) {
    moments.add(x);
    values.add(x);
    countCell(x, 1);
  }

  /** Adds a valid value so many times. */
  void add(double x, long count) {
    moments.add(x, count);
    values.add(x, count);
    countCell(x, count);
  }

  /** Counts a value's cell and nothing else of it. */
  void countCell(double x) {
    countCell(x, 1);
  }

  void countCell(double x, long count) {
    int cell = cuts.cell(x);
    cells.add(cell, count);
    if (cell == 0 && cuts.isBelow(x) && x != Double.NEGATIVE_INFINITY) {
      below.add(x, count);
    } else if (cell == cuts.cells() - 1 && cuts.isAbove(x) && x != Double.POSITIVE_INFINITY) {
      above.add(x, count);
    }
  }

  /** Adds a row without a value. */
  public void addMissing() {
    missing++;
  }

  /** Adds so many rows without a value. */
  public void addMissing(long rows) {
    missing += rows;
  }

  /** Adds a row whose value could not be read. */
  public void addInvalid() {
    invalid++;
  }

  /** Says of so many rows that were added as missing that their values could not be read. */
  void missingAreInvalid(long rows) {
    missing -= rows;
    invalid += rows;
  }

  /**
   * Adds what the other summarises.
   *
   * @throws IllegalArgumentException if cut points or capacity differ
   */
  public void merge(NumericSummary other) {
    if (!cuts.equals(other.cuts) || capacity != other.capacity) {
      throw new IllegalArgumentException("Can't merge summaries of other cut points or capacity");
    }
    missing += other.missing;
    invalid += other.invalid;
    moments.merge(other.moments);
    cells.merge(other.cells);
    values.merge(other.values);
    below.merge(other.below);
    above.merge(other.above);
  }

  /** The same with another limit of different values that are exact, not above this one's. */
  public NumericSummary withCapacity(int fewer) {
    NumericSummary smaller =
        new NumericSummary(cuts, fewer, moments, cells, values.withCapacity(fewer), below, above);
    smaller.missing = missing;
    smaller.invalid = invalid;
    return smaller;
  }

  /** All rows: valid, missing and invalid. */
  public long rows() {
    return valid() + missing + invalid;
  }

  public long missing() {
    return missing;
  }

  public long invalid() {
    return invalid;
  }

  public long valid() {
    return values.total();
  }

  public Moments moments() {
    return moments;
  }

  public CellCounts cells() {
    return cells;
  }

  public CutPoints cuts() {
    return cuts;
  }

  public ValueCounts values() {
    return values;
  }

  /** Sum of the finite values below the first cut point; 0 without cut points. */
  public double sumBelow() {
    return below.value();
  }

  /** Sum of the finite values above the last cut point; 0 without cut points. */
  public double sumAbove() {
    return above.value();
  }

  /**
   * Number of different valid values: exact while {@link #values()} is, then estimated ({@link
   * DistinctCounter}).
   */
  public long distinct() {
    return values.distinctValues();
  }

  /** {@link ValueCounts#quantile}, kept within the range of the finite values if it is finite. */
  public double quantile(double p) {
    double quantile = values.quantile(p);
    return Double.isFinite(quantile) && moments.count() > 0
        ? Math.max(moments.min(), Math.min(moments.max(), quantile))
        : quantile;
  }

  /** Writes the state, without cut points. */
  public void write(DataOutput out) throws IOException {
    Varint.write(missing, out);
    Varint.write(invalid, out);
    moments.write(out);
    cells.write(out);
    values.write(out);
    below.write(out);
    above.write(out);
  }

  /**
   * Reads what was written by a summary with these cut points. Values that one of another capacity
   * held are held with this one: which methods a window is asked for may change while it fills.
   *
   * @throws StreamCorruptedException if it was written with other cut points
   */
  public static NumericSummary read(CutPoints cuts, int capacity, DataInput in) throws IOException {
    long missing = Varint.read(in);
    long invalid = Varint.read(in);
    Moments moments = Moments.read(in);
    CellCounts cells = CellCounts.read(in);
    ValueCounts values = ValueCounts.read(in);
    NumericSummary summary =
        new NumericSummary(
            cuts,
            capacity,
            moments,
            cells,
            values.capacity() == capacity ? values : values.withCapacity(capacity),
            ExactSum.read(in),
            ExactSum.read(in));
    summary.missing = missing;
    summary.invalid = invalid;
    if (summary.cells.cells() != cuts.cells()) {
      throw new StreamCorruptedException("A summary of other cut points");
    }
    return summary;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof NumericSummary other
        && missing == other.missing
        && invalid == other.invalid
        && cuts.equals(other.cuts)
        && moments.equals(other.moments)
        && cells.equals(other.cells)
        && values.equals(other.values)
        && below.equals(other.below)
        && above.equals(other.above);
  }

  @Override
  public int hashCode() {
    return Objects.hash(missing, invalid, moments, cells, values);
  }

  @Override
  public String toString() {
    return "NumericSummary[rows=" + rows() + ", missing=" + missing + ", " + moments + "]";
  }
}
