package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Objects;

/**
 * All that is kept of a categorical field in a window: rows, counts of the known values, and of
 * those not known. Order-free, as its parts are. Not safe for use by several threads.
 */
public final class CategorySummary {
  private final Dictionary dictionary;
  private final int capacity;
  private final CellCounts known;
  private final CategoryCounts unseen;
  private long missing;
  private long invalid;

  /**
   * An empty summary.
   *
   * @param dictionary the values known from the baseline
   * @param capacity how many other values are counted by themselves
   */
  public CategorySummary(Dictionary dictionary, int capacity) {
    this(dictionary, capacity, new CellCounts(dictionary.size()), new CategoryCounts(capacity));
  }

  private CategorySummary(
      Dictionary dictionary, int capacity, CellCounts known, CategoryCounts unseen) {
    this.dictionary = dictionary;
    this.capacity = capacity;
    this.known = known;
    this.unseen = unseen;
  }

  /** Adds a valid value, known or not. */
  public void add(String value) {
    int code = dictionary.code(value);
    if (code >= 0) {
      known.add(code);
    } else {
      unseen.add(value);
    }
  }

  /** Adds a valid value so many times. */
  void add(String value, long count) {
    int code = dictionary.code(value);
    if (code >= 0) {
      known.add(code, count);
    } else {
      unseen.add(value, count);
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

  /**
   * Adds what the other summarises.
   *
   * @throws IllegalArgumentException if dictionary or capacity differ
   */
  public void merge(CategorySummary other) {
    if (!dictionary.equals(other.dictionary) || capacity != other.capacity) {
      throw new IllegalArgumentException("Can't merge summaries of other dictionary or capacity");
    }
    missing += other.missing;
    invalid += other.invalid;
    known.merge(other.known);
    unseen.merge(other.unseen);
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

  /** Rows with a value, known or not. */
  public long valid() {
    return known.total() + unseen.total();
  }

  public Dictionary dictionary() {
    return dictionary;
  }

  /**
   * Number of rows with a known value, by its code.
   *
   * @throws IndexOutOfBoundsException if there is no such code
   */
  public long count(int code) {
    return known.count(code);
  }

  /** The values that are not in the dictionary. */
  public CategoryCounts unseen() {
    return unseen;
  }

  public long unseenRows() {
    return unseen.total();
  }

  /** Number of different valid values: exact while the unseen ones are all counted. */
  public long distinct() {
    long[] distinct = {unseen.distinct()};
    known.forEach((code, count) -> distinct[0]++);
    return distinct[0];
  }

  /** Writes the state, without the dictionary. */
  public void write(DataOutput out) throws IOException {
    Varint.write(missing, out);
    Varint.write(invalid, out);
    known.write(out);
    unseen.write(out);
  }

  /**
   * Reads what was written by a summary with this dictionary and this capacity.
   *
   * @throws StreamCorruptedException if it was written by another
   */
  public static CategorySummary read(Dictionary dictionary, int capacity, DataInput in)
      throws IOException {
    long missing = Varint.read(in);
    long invalid = Varint.read(in);
    CategorySummary summary =
        new CategorySummary(dictionary, capacity, CellCounts.read(in), CategoryCounts.read(in));
    summary.missing = missing;
    summary.invalid = invalid;
    if (summary.known.cells() != dictionary.size() || summary.unseen.capacity() != capacity) {
      throw new StreamCorruptedException("A summary of another dictionary or capacity");
    }
    return summary;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof CategorySummary other
        && missing == other.missing
        && invalid == other.invalid
        && dictionary.equals(other.dictionary)
        && known.equals(other.known)
        && unseen.equals(other.unseen);
  }

  @Override
  public int hashCode() {
    return Objects.hash(missing, invalid, known, unseen);
  }

  @Override
  public String toString() {
    return "CategorySummary[rows=" + rows() + ", missing=" + missing + ", unseen=" + unseen + "]";
  }
}
