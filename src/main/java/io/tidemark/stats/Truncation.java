package io.tidemark.stats;

import java.util.Arrays;

/**
 * Doubles without their low bits: those of the mantissa first, then of the exponent. Nested: to
 * drop some bits and then more is to drop the more at once. Keeps the order, and moves values
 * towards zero. Works on the bits of numbers that are not NaN and not -0.0; zero and infinities
 * stay as they are.
 */
final class Truncation {
  static final int MANTISSA_BITS = 52;

  /** Only the sign is left, and as -0.0 is no value, not even that. */
  static final int MAX_DROPPED = 63;

  /** So many more than may differ are sorted. */
  private static final int SAMPLED = 256;

  private static final long INFINITY = 0x7FF0_0000_0000_0000L;

  private Truncation() {}

  /** The bits with the {@code dropped} low ones zero. */
  static long of(long bits, int dropped) {
    if ((bits & INFINITY) == INFINITY) {
      return bits;
    }
    long kept = bits & (-1L << dropped);
    return kept == Long.MIN_VALUE ? 0 : kept; // the negatives that became zero
  }

  /**
   * The fewest bits, more than {@code dropped}, without which at most {@code limit} values differ.
   */
  static int least(double[] ascending, int dropped, int limit) {
    // Neighbours are the same from some number of bits on: one look at each pair tells all.
    int[] sameFrom = new int[Long.SIZE + 1];
    for (int i = 1; i < ascending.length; i++) {
      long bits = Double.doubleToRawLongBits(ascending[i]);
      sameFrom[sameFrom(Double.doubleToRawLongBits(ascending[i - 1]), bits)]++;
    }
    int least = MAX_DROPPED;
    int distinct = 1 + sameFrom[MAX_DROPPED + 1];
    while (least > dropped + 1 && distinct + sameFrom[least] <= limit) {
      distinct += sameFrom[least--];
    }
    return least;
  }

  /** Without how many low bits two values are the same; 64: never. */
  private static int sameFrom(long one, long other) {
    if (one == other) {
      return 0;
    }
    if ((one & INFINITY) == INFINITY || (other & INFINITY) == INFINITY) {
      return Long.SIZE;
    }
    if ((one ^ other) >= 0) {
      return Long.SIZE - Long.numberOfLeadingZeros(one ^ other);
    }
    // Of two signs, once both are zero.
    return Long.SIZE - Long.numberOfLeadingZeros((one | other) & Long.MAX_VALUE);
  }

  /**
   * The fewest bits, at least {@code dropped}, without which at most {@code limit} of some values
   * and some others, as bits and in no order, differ. Sorts as many as it takes to know where to
   * begin, and mostly no others.
   */
  static int least(long[] some, long[] others, int dropped, int limit) {
    double[] sample = new double[Math.min(some.length + others.length, limit + SAMPLED)];
    for (int i = 0; i < sample.length; i++) {
      long bits = i < some.length ? some[i] : others[i - some.length];
      sample[i] = Double.longBitsToDouble(of(bits, dropped));
    }
    Arrays.sort(sample);
    int least = distinct(sample, dropped) <= limit ? dropped : least(sample, dropped, limit);
    KeySet keys = new KeySet(limit);
    while (!keys.fit(some, others, least)) {
      least++;
    }
    return least;
  }

  /** A set of truncated values that says when they are too many. */
  private static final class KeySet {
    private final int limit;
    private final long[] slots;
    private final int shift;
    private int size;
    private boolean zero;

    KeySet(int limit) {
      this.limit = limit;
      int bits = Integer.SIZE + 1 - Integer.numberOfLeadingZeros(limit);
      this.slots = new long[1 << bits];
      this.shift = Long.SIZE - bits;
    }

    boolean fit(long[] some, long[] others, int dropped) {
      Arrays.fill(slots, 0);
      size = 0;
      zero = false;
      return addAll(some, dropped) && addAll(others, dropped);
    }

    private boolean addAll(long[] values, int dropped) {
      for (long bits : values) {
        long key = of(bits, dropped);
        if (key == 0) {
          size += zero ? 0 : 1;
          zero = true;
        } else {
          int slot = (int) (Hash128.finish(key) >>> shift);
          while (slots[slot] != 0 && slots[slot] != key) {
            slot = slot + 1 & slots.length - 1;
          }
          size += slots[slot] == 0 ? 1 : 0;
          slots[slot] = key;
        }
        if (size > limit) {
          return false;
        }
      }
      return true;
    }
  }

  /** How many ascending values differ without their low bits. */
  static int distinct(double[] ascending, int dropped) {
    int distinct = 0;
    long previous = 0;
    for (double value : ascending) {
      long kept = of(Double.doubleToRawLongBits(value), dropped);
      if (distinct == 0 || kept != previous) {
        distinct++; // the order is kept, so equal ones are neighbours
      }
      previous = kept;
    }
    return distinct;
  }

  /** The middle of the interval of those that are truncated to this value. */
  static double middle(double value, int dropped) {
    if (dropped == 0 || value == 0 || Double.isInfinite(value)) {
      return value;
    }
    long bits = Double.doubleToRawLongBits(value) | 1L << (dropped - 1);
    double middle = Double.longBitsToDouble(bits);
    return Double.isInfinite(middle) ? Math.copySign(Double.MAX_VALUE, value) : middle;
  }

  /** A number for each double, in their order: the negatives' bits are sign and magnitude. */
  static long ordinal(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits < 0 ? -(bits & Long.MAX_VALUE) : bits;
  }

  /** The double of an {@link #ordinal}. */
  static double value(long ordinal) {
    return Double.longBitsToDouble(ordinal < 0 ? -ordinal | Long.MIN_VALUE : ordinal);
  }
}
