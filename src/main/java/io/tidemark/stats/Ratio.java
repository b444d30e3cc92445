package io.tidemark.stats;

import java.math.BigInteger;

/** The double nearest to an exact ratio. */
final class Ratio {
  private static final int QUOTIENT_BITS = 60;

  private Ratio() {}

  /**
   * {@code numerator / denominator * 2^exponent}, rounded once, half to even, subnormal results
   * included; an infinity beyond the range of doubles.
   */
  static double toDouble(BigInteger numerator, BigInteger denominator, int exponent) {
    if (denominator.signum() <= 0) {
      throw new IllegalArgumentException("The denominator is not positive: " + denominator);
    }
    if (numerator.signum() == 0) {
      return 0;
    }
    BigInteger top = numerator.abs();
    int shift = QUOTIENT_BITS - (top.bitLength() - denominator.bitLength());
    BigInteger[] parts =
        shift >= 0
            ? top.shiftLeft(shift).divideAndRemainder(denominator)
            : top.divideAndRemainder(denominator.shiftLeft(-shift));
    // The last bit stands for all that was cut off, which is enough to tell a tie from more.
    long quotient = parts[0].longValueExact() << 1 | (parts[1].signum() == 0 ? 0 : 1);
    return numerator.signum() * round(quotient, exponent - shift - 1);
  }

  /**
   * The root of {@code numerator / denominator * 2^exponent}, which is not negative: right to the
   * last digit but for ties, and in range where its square is not.
   */
  static double sqrt(BigInteger numerator, BigInteger denominator, int exponent) {
    if (numerator.signum() == 0) {
      return 0;
    }
    int shift = 2 * QUOTIENT_BITS - (numerator.bitLength() - denominator.bitLength());
    shift += exponent - shift & 1; // what is left of the exponent is halved
    BigInteger square =
        shift >= 0
            ? numerator.shiftLeft(shift).divide(denominator)
            : numerator.divide(denominator.shiftLeft(-shift));
    return toDouble(square.sqrt(), BigInteger.ONE, (exponent - shift) / 2);
  }

  private static double round(long significand, int exponent) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(significand);
    int leading = bits - 1 + exponent;
    int precision = 53 - Math.max(0, Double.MIN_EXPONENT - leading);
    if (precision < 0) {
      return 0;
    }
    int drop = bits - precision;
    long kept = significand >>> drop;
    long rest = significand - (kept << drop);
    long half = 1L << (drop - 1);
    if (rest > half || (rest == half && (kept & 1) == 1)) {
      kept++;
    }
    return Math.scalb((double) kept, exponent + drop);
  }
}
