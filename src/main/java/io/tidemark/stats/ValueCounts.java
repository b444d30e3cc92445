package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The empirical distribution of doubles, as counts by value: exact while there are at most {@code
 * capacity} different values; beyond, every value loses as many low mantissa bits as it takes for
 * the different truncated values to fit.
 *
 * <p><b>Why this is order-free.</b> Truncation is nested: cutting to b bits and then to fewer is
 * the same as cutting to the fewer at once. And the number of different truncated values only grows
 * when values are added. So the number of bits kept, the largest for which they fit, never rises
 * again, what was cut already would be cut at the end anyway, and both the precision and the counts
 * are a function of the multiset of values alone. Merging is adding the other's truncated values.
 *
 * <p>The relative error of a value in an inexact state is below 2^-mantissaBits. Zero (-0.0 is 0.0)
 * and the infinities are never changed by truncation. Should not even the mantissa-free values fit,
 * the low bits of the exponent go too. Not safe for use by several threads.
 */
public final class ValueCounts {
  /** Sign, zero and two infinities always fit. */
  static final int MIN_CAPACITY = 4;

  /** Keeps the most common value, zero, away from the hash 0. */
  private static final long SALT = 0x9E3779B97F4A7C15L;

  private final int capacity;
  private LongTable table = new LongTable();
  private long total;
  private int dropped;

  /** Of the values before truncation; null while these are all in the table. */
  private DistinctCounter untruncated;

  /** The entries in order; null or of fewer values where they have not been asked for since. */
  private SortedCounts sorted;

  /**
   * Counts at most {@code capacity} entries.
   *
   * @throws IllegalArgumentException if the capacity is below 4
   */
  public ValueCounts(int capacity) {
    if (capacity < MIN_CAPACITY) {
      throw new IllegalArgumentException(
          "The capacity must be at least " + MIN_CAPACITY + ", not " + capacity);
    }
    this.capacity = capacity;
  }

  public void add(double x) {
    add(x, 1);
  }

  /**
   * Adds a value {@code count} times.
   *
   * @throws IllegalArgumentException if it is NaN, or the count negative
   */
  public void add(double x, long count) {
    if (Double.isNaN(x) || count < 0) {
      throw new IllegalArgumentException("Can't add " + x + ", " + count + " times");
    }
    if (count > 0) {
      add(Double.doubleToRawLongBits(x + 0.0), count); // + 0.0 makes 0.0 of -0.0
    }
  }

  private void add(long bits, long count) {
    if (untruncated != null) {
      untruncated.add(hash(bits));
    }
    addTruncated(bits, count);
  }

  /** Mantissa and exponent bits that are cut off; 0 if exact. */
  int dropped() {
    return dropped;
  }

  /** Of the values before truncation; null while exact. */
  DistinctCounter untruncated() {
    return untruncated;
  }

  /** Counts values whose low bits may be gone already: what they were is in the counter. */
  void addTruncated(long bits, long count) {
    table.add(Truncation.of(bits, dropped), count);
    total += count;
    if (table.size() > capacity) {
      dropTo(Truncation.least(sortedKeys(), dropped, capacity));
    }
  }

  /** Of a value's bits, for {@link #untruncated}. */
  static long hash(long bits) {
    return Hash128.finish(bits + SALT);
  }

  /**
   * Cuts off at once what it takes for more values to fit: value by value it would be cut off bit
   * by bit, with a look at all values each time.
   *
   * @param more bits of values that are about to be added
   */
  void makeRoom(long[] more) {
    int fresh = 0; // at most: several of them may become one
    for (long bits : more) {
      fresh += table.count(Truncation.of(bits, dropped)) == 0 ? 1 : 0;
    }
    if (table.size() + fresh <= capacity) {
      return;
    }
    int least = Truncation.least(table.keys(), more, dropped, capacity);
    if (least > dropped) {
      dropTo(least);
    }
  }

  private void dropTo(int bits) {
    LongTable fine = table;
    long[] keys = fine.keys();
    if (untruncated == null) {
      untruncated = new DistinctCounter();
      for (long key : keys) {
        untruncated.add(hash(key));
      }
    }
    table = new LongTable(keys.length);
    dropped = bits;
    for (long key : keys) {
      table.add(Truncation.of(key, bits), fine.count(key));
    }
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if the capacities differ
   */
  public void merge(ValueCounts other) {
    if (capacity != other.capacity) {
      throw new IllegalArgumentException(
          "Can't merge capacities " + capacity + " and " + other.capacity);
    }
    merge(other, other.untruncated);
  }

  private void merge(ValueCounts other, DistinctCounter otherUntruncated) {
    LongTable more = other.table;
    if (other.dropped > dropped) {
      dropTo(other.dropped);
    }
    long[] keys = more.keys();
    makeRoom(keys);
    for (long key : keys) {
      long count = more.count(key);
      if (other.exact()) {
        add(key, count);
      } else {
        addTruncated(key, count);
      }
    }
    if (!other.exact()) {
      untruncated.merge(otherUntruncated);
    }
  }

  public long total() {
    return total;
  }

  int capacity() {
    return capacity;
  }

  /** Whether every value is counted as it was. */
  public boolean exact() {
    return dropped == 0;
  }

  /** Mantissa bits kept: 52 if exact; below 0, so many low exponent bits are gone as well. */
  public int mantissaBits() {
    return Truncation.MANTISSA_BITS - dropped;
  }

  /** Number of entries: of different values if exact. */
  public int distinct() {
    return table.size();
  }

  /** Number of different values before truncation: exact, or an estimate where this is inexact. */
  long distinctValues() {
    return untruncated == null ? table.size() : untruncated.estimate();
  }

  /**
   * The nearest-rank quantile: the smallest value whose cumulative count is at least ⌈p·n⌉, where p
   * is taken as the decimal number it prints as; the smallest value for p = 0; NaN if nothing was
   * counted. In an inexact state the middle of the truncation interval, which may lie beyond the
   * range of the values.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public double quantile(double p) {
    return sorted().quantile(p, dropped);
  }

  /** The values counted, ascending; truncated towards zero if inexact. */
  public double[] values() {
    return sorted().values().clone();
  }

  /** The counts, aligned with {@link #values()}. */
  public long[] counts() {
    return sorted().counts().clone();
  }

  /** The count of a value that is truncated as far as these are. */
  long count(double value) {
    return table.count(Double.doubleToRawLongBits(value));
  }

  /** The same with so many bits cut off, at least as many as are already. */
  ValueCounts truncatedTo(int bits) {
    ValueCounts cut = new ValueCounts(capacity);
    cut.dropped = bits;
    cut.untruncated = new DistinctCounter();
    for (long key : table.keys()) {
      cut.addTruncated(key, table.count(key));
    }
    return cut;
  }

  /** The same with room for fewer values, and so perhaps truncated further, or for more. */
  ValueCounts withCapacity(int other) {
    ValueCounts same = new ValueCounts(other);
    same.merge(this, untruncated);
    return same;
  }

  SortedCounts.Points points() {
    return sorted().points(dropped);
  }

  /** Bits of the values counted, in no particular order. */
  long[] keys() {
    return table.keys();
  }

  private double[] sortedKeys() {
    double[] values = Arrays.stream(table.keys()).mapToDouble(Double::longBitsToDouble).toArray();
    Arrays.sort(values);
    return values;
  }

  private SortedCounts sorted() {
    if (sorted == null || sorted.total() != total) { // every change raises the total
      sorted = SortedCounts.of(table, sortedKeys(), total);
    }
    return sorted;
  }

  public void write(DataOutput out) throws IOException {
    ValueCountsFormat.write(this, sorted(), out);
  }

  public static ValueCounts read(DataInput in) throws IOException {
    return ValueCountsFormat.read(in);
  }

  /** A state as it was written. */
  static ValueCounts of(
      int capacity, LongTable table, long total, int dropped, DistinctCounter untruncated) {
    ValueCounts counts = new ValueCounts(capacity);
    counts.table = table;
    counts.total = total;
    counts.dropped = dropped;
    counts.untruncated = untruncated;
    return counts;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ValueCounts other
        && capacity == other.capacity
        && dropped == other.dropped
        && Arrays.equals(sorted().values(), other.sorted().values())
        && Arrays.equals(sorted().counts(), other.sorted().counts())
        && (untruncated == null || untruncated.equals(other.untruncated));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(sorted().values()) + Arrays.hashCode(sorted().counts());
  }

  @Override
  public String toString() {
    return "ValueCounts[total=" + total + ", distinct=" + distinct() + ", exact=" + exact() + "]";
  }
}
