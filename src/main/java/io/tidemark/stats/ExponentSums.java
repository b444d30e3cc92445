package io.tidemark.stats;

import java.util.Arrays;

/**
 * Sums of many doubles and of their squares on their way to {@link ExactSum}s: an accumulator a
 * sign and exponent, to which significands are added as whole numbers. Adding is two or three
 * additions without a search for the place. After the large superaccumulator of Radford M. Neal,
 * "Fast exact summation using small and large superaccumulators", arXiv:1505.05571 (2015).
 *
 * <p>A scratch of 100 kB that many summaries share: {@link #moveTo} empties it. Holds at most
 * {@link #ROOM} values, so that no accumulator overflows. Not safe for use by several threads.
 */
final class ExponentSums {
  /** 2^11 significands below 2^53 stay below 2^64. */
  static final int ROOM = 1 << 11;

  private static final int EXPONENTS = 1 << 11;
  private static final int BIAS = 1075;
  private static final long FRACTION = 0xF_FFFF_FFFF_FFFFL;
  private static final long IMPLICIT = 0x10_0000_0000_0000L;
  private static final long LOW = 0xFFFF_FFFFL;

  /** By sign and exponent, unsigned. */
  private final long[] sums = new long[2 * EXPONENTS];

  /** By exponent: bits 0 to 31 of the squared significands, bits 32 to 63, bits 64 to 105. */
  private final long[] squares = new long[4 * EXPONENTS];

  private int lowest = EXPONENTS;
  private int highest = -1;

  /**
   * Adds a value and its square.
   *
   * @param bits of a finite double
   */
  void add(long bits) {
    int head = (int) (bits >>> 52);
    int exponent = head & (EXPONENTS - 1);
    long significand = bits & FRACTION | (exponent == 0 ? 0 : IMPLICIT);
    sums[head] += significand;
    long low = significand * significand;
    int at = exponent << 2;
    squares[at] += low & LOW;
    squares[at + 1] += low >>> 32;
    squares[at + 2] += Math.multiplyHigh(significand, significand);
    lowest = Math.min(lowest, exponent);
    highest = Math.max(highest, exponent);
  }

  /** Adds everything to the exact sums and forgets it. */
  void moveTo(ExactSum sum, ExactSum square) {
    for (int exponent = lowest; exponent <= highest; exponent++) {
      int scale = Math.max(exponent, 1) - BIAS; // subnormals have the exponent of the smallest
      sum.addScaled(sums[exponent], scale, false);
      sum.addScaled(sums[EXPONENTS + exponent], scale, true);
      int at = exponent << 2;
      square.addScaled(squares[at], 2 * scale, false);
      square.addScaled(squares[at + 1], 2 * scale + 32, false);
      square.addScaled(squares[at + 2], 2 * scale + 64, false);
    }
    if (highest >= 0) {
      Arrays.fill(sums, lowest, highest + 1, 0);
      Arrays.fill(sums, EXPONENTS + lowest, EXPONENTS + highest + 1, 0);
      Arrays.fill(squares, lowest << 2, highest + 1 << 2, 0);
    }
    lowest = EXPONENTS;
    highest = -1;
  }
}
