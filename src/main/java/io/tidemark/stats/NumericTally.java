package io.tidemark.stats;

import java.util.Arrays;

/**
 * Adds arrays of values to a {@link NumericSummary}, many times faster than one by one and with the
 * same outcome to the last bit.
 *
 * <p>While a window's values are few, only each value's count is kept, and {@link #flush} adds
 * every distinct value once. When they are many, the summary keeps truncated values (see {@link
 * ValueCounts}): some more are awaited to see how far they have to be truncated, and then the
 * truncated values in use are counted in an array, and an interval of them that holds no edge tells
 * the cell of its values too. What is left to do for a value is to add it to the sums and to the
 * distinct count.
 *
 * <p>The summary is not up to date before {@link #flush}. Not safe for use by several threads.
 */
public final class NumericTally {
  /** Truncated values of a sign that are counted in an array: 16 kB. */
  private static final int MOST_KEYS = 1 << 12;

  /** Room for truncated values that have not been met yet. */
  private static final int SLACK = 64;

  /** Added to a count whose values have to look for their cells. */
  private static final int SEARCHED = Integer.MIN_VALUE;

  private static final int[] NONE = {};
  private static final int MOST_PENDING = 1 << 30;

  /** So many values more than fit cost little memory, a look at the size after each value time. */
  private static final int EXACT_ROOM = 1 << 8;

  /** Of so many values it is known nearly for good how far the summary truncates them: 64 kB. */
  private static final int MOST_WAITING = 1 << 13;

  /** Up to so many of a value are added one by one. */
  private static final int FEW = 4;

  private final NumericSummary summary;
  private final ExponentSums sums;

  /** Bits of each value and its count; null once the summary's values are truncated. */
  private LongTable exact = new LongTable();

  /** Whether the arrays are there, and hold what the summary does not. */
  private boolean laidOut;

  /** Values that wait until more of them tell how far to truncate them; null: none do. */
  private double[] waiting;

  private int waits;
  private int dropped;
  private int[] positive = NONE;
  private int[] negative = NONE;
  private long firstPositive;
  private long firstNegative;

  /** Values that the arrays had no place for since they were laid out. */
  private int strays;

  /** Values counted since the last flush: the arrays count to 2^31. */
  private int pending;

  /** Memory that tallies of one thread share. */
  public static final class Scratch {
    private final ExponentSums sums = new ExponentSums();
  }

  public NumericTally(NumericSummary summary, Scratch scratch) {
    this.summary = summary;
    this.sums = scratch.sums;
  }

  /**
   * Adds values from one index to another, NaN being missing.
   *
   * @return how many were NaN
   */
  public int add(double[] values, int from, int to) {
    int missing = 0;
    for (int at = from; at < to; ) {
      int end = Math.min(to, at + (exact != null ? EXACT_ROOM : ExponentSums.ROOM));
      if (waiting != null) {
        missing += addWaiting(values, at, end);
      } else {
        missing += exact != null ? addExact(values, at, end) : addTruncated(values, at, end);
      }
      at = end;
    }
    summary.addMissing(missing);
    return missing;
  }

  /** Says of so many values that were added as NaN that they could not be read. */
  public void missingAreInvalid(long rows) {
    summary.missingAreInvalid(rows);
  }

  private int addExact(double[] values, int from, int to) {
    LongTable table = exact;
    int missing = 0;
    for (int i = from; i < to; i++) {
      double x = values[i];
      if (Double.isNaN(x)) {
        missing++;
      } else {
        table.add(Double.doubleToRawLongBits(x + 0.0), 1); // + 0.0 makes 0.0 of -0.0
      }
    }
    if (table.size() > summary.values().capacity()) {
      waiting = new double[EXACT_ROOM];
    }
    return missing;
  }

  private int addWaiting(double[] values, int from, int to) {
    if (waits + to - from > waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * waiting.length);
    }
    int missing = 0;
    for (int i = from; i < to; i++) {
      double x = values[i] + 0.0;
      if (Double.isNaN(x)) {
        missing++;
      } else {
        waiting[waits++] = x;
      }
    }
    if (waits >= MOST_WAITING) {
      flushExact();
    }
    return missing;
  }

  private int addTruncated(double[] values, int from, int to) {
    if (!laidOut) {
      layOut(summary.values().keys());
    }
    DistinctCounter distinct = summary.values().untruncated();
    int drop = dropped;
    int missing = 0;
    int special = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      double x = values[i] + 0.0;
      if (!(Math.abs(x) <= Double.MAX_VALUE)) {
        if (Double.isNaN(x)) {
          missing++;
        } else {
          special++;
          summary.add(x);
        }
        continue;
      }
      min = Math.min(min, x);
      max = Math.max(max, x);
      long bits = Double.doubleToRawLongBits(x);
      sums.add(bits);
      distinct.add(ValueCounts.hash(bits));
      int[] counts = bits < 0 ? negative : positive;
      long key = ((bits & Long.MAX_VALUE) >>> drop) - (bits < 0 ? firstNegative : firstPositive);
      if (key >= 0 && key < counts.length) {
        if (++counts[(int) key] < 0) {
          summary.countCell(x);
        }
      } else {
        strays++;
        summary.values().addTruncated(bits, 1);
        summary.countCell(x);
      }
    }
    int finite = to - from - missing - special;
    if (finite > 0) {
      summary.moments().add(finite, min, max, sums);
    }
    pending += finite;
    if (strays > ExponentSums.ROOM || pending > MOST_PENDING) {
      flushArrays();
    }
    return missing;
  }

  /** Brings the summary up to date. */
  public void flush() {
    if (exact != null) {
      flushExact();
    }
    if (laidOut) {
      flushArrays();
    }
  }

  /** Adds the values that were counted by themselves, and goes on to arrays if they are many. */
  private void flushExact() {
    LongTable table = exact;
    exact = new LongTable();
    long[] keys = table.keys();
    long[] all = Arrays.copyOf(keys, keys.length + waits);
    for (int i = 0; i < waits; i++) {
      all[keys.length + i] = Double.doubleToRawLongBits(waiting[i]);
    }
    summary.values().makeRoom(all);
    if (summary.values().exact()) {
      for (long bits : keys) {
        summary.add(Double.longBitsToDouble(bits), table.count(bits));
      }
      return;
    }
    exact = null;
    layOut(all);
    addFew(keys, table);
    for (int at = 0; at < waits; at += ExponentSums.ROOM) {
      addTruncated(waiting, at, Math.min(waits, at + ExponentSums.ROOM));
    }
    waiting = null;
    waits = 0;
  }

  /** Adds values with their counts: to add one a few times is faster than to multiply it. */
  private void addFew(long[] keys, LongTable table) {
    double[] few = new double[ExponentSums.ROOM];
    int used = 0;
    for (long bits : keys) {
      double x = Double.longBitsToDouble(bits);
      long count = table.count(bits);
      if (count > FEW) {
        summary.add(x, count);
        continue;
      }
      for (int i = 0; i < count; i++) {
        few[used++] = x;
      }
      if (used > few.length - FEW) {
        addTruncated(few, 0, used);
        used = 0;
      }
    }
    addTruncated(few, 0, used);
  }

  private void flushArrays() {
    makeRoom();
    flush(positive, firstPositive, 0);
    flush(negative, firstNegative, Long.MIN_VALUE);
    laidOut = false; // should more come, the values may have moved on
  }

  private void makeRoom() {
    long[] bits = new long[positive.length + negative.length];
    int used = 0;
    for (int i = 0; i < positive.length; i++) {
      if ((positive[i] & Integer.MAX_VALUE) != 0) {
        bits[used++] = firstPositive + i << dropped;
      }
    }
    for (int i = 0; i < negative.length; i++) {
      if ((negative[i] & Integer.MAX_VALUE) != 0 && firstNegative + i != 0) {
        bits[used++] = Long.MIN_VALUE | firstNegative + i << dropped;
      }
    }
    summary.values().makeRoom(Arrays.copyOf(bits, used));
  }

  private void flush(int[] counts, long first, long sign) {
    for (int i = 0; i < counts.length; i++) {
      int count = counts[i] & Integer.MAX_VALUE;
      if (count == 0) {
        continue;
      }
      long bits = first + i << dropped;
      summary.values().addTruncated(bits == 0 ? 0 : sign | bits, count);
      if (counts[i] >= 0) {
        summary.countCell(Double.longBitsToDouble(sign | bits), count);
      }
    }
  }

  /**
   * Arrays for truncated values.
   *
   * @param like values such as are to be counted
   */
  private void layOut(long[] like) {
    laidOut = true;
    dropped = summary.values().dropped();
    strays = 0;
    pending = 0;
    long[] range = {Long.MAX_VALUE, -1, Long.MAX_VALUE, -1};
    for (long bits : like) {
      if (Double.isFinite(Double.longBitsToDouble(bits))) {
        int at = bits < 0 ? 2 : 0;
        long key = (bits & Long.MAX_VALUE) >>> dropped;
        range[at] = Math.min(range[at], key);
        range[at + 1] = Math.max(range[at + 1], key);
      }
    }
    positive = counts(range[0], range[1]);
    firstPositive = first(range[0], range[1]);
    mark(positive, firstPositive, 0);
    negative = counts(range[2], range[3]);
    firstNegative = first(range[2], range[3]);
    mark(negative, firstNegative, Long.MIN_VALUE);
  }

  private long first(long least, long greatest) {
    return greatest < 0 ? 0 : Math.max(0, Math.max(least - SLACK, last(greatest) - MOST_KEYS + 1));
  }

  private long last(long greatest) {
    return Math.min(greatest + SLACK, Double.doubleToRawLongBits(Double.MAX_VALUE) >>> dropped);
  }

  private int[] counts(long least, long greatest) {
    return greatest < 0 ? NONE : new int[(int) (last(greatest) - first(least, greatest) + 1)];
  }

  /** Marks the counts whose values do not all lie in one inner cell. */
  private void mark(int[] counts, long first, long sign) {
    CutPoints cuts = summary.cuts();
    if (dropped > Truncation.MANTISSA_BITS) {
      Arrays.fill(counts, SEARCHED);
      return;
    }
    if (cuts.cells() == 1) {
      return; // all values are in the one cell, the sum of which nobody wants
    }
    for (int i = 0; i < counts.length; i++) {
      long bits = first + i << dropped;
      double near = Double.longBitsToDouble(sign | bits);
      double far = Double.longBitsToDouble(sign | bits | (1L << dropped) - 1);
      boolean outer = cuts.isBelow(Math.max(near, far)) || cuts.isAbove(Math.min(near, far));
      counts[i] = outer ? SEARCHED : 0;
    }
    if (sign < 0 && first == 0 && counts.length > 0) {
      counts[0] = SEARCHED; // the values next to zero, whose near end is zero itself
    }
    for (int edge = 0; edge < cuts.cells() / 2; edge++) {
      long bits = Double.doubleToRawLongBits(cuts.edge(edge));
      long at = ((bits & Long.MAX_VALUE) >>> dropped) - first;
      if ((bits & Long.MIN_VALUE) == sign && at >= 0 && at < counts.length) {
        counts[(int) at] = SEARCHED;
      }
    }
  }
}
