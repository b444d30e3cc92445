package io.tidemark.stats;

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
    int low = dropped + 1;
    int high = MAX_DROPPED;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (distinct(ascending, middle) <= limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
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
