package io.tidemark.stats;

import com.fasterxml.jackson.core.io.schubfach.FloatToDecimal;

/**
 * Narrow floating-point numbers as doubles: the double next to the shortest decimal that is read
 * back as the same narrow number. So .1 that was stored as a float is .1, as where it was stored as
 * a double, and not .10000000149: what falls into a bin must not depend on a column's type.
 */
public final class ShortestDecimal {
  /** The powers of ten that are exact: a quotient or product with one is rounded once. */
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int FLOAT_DIGITS = 23;
  private static final int FRACTION = (1 << FLOAT_DIGITS) - 1;
  private static final int HALF_DIGITS = 10;
  private static final int LEAST_HALF_EXPONENT = -14;

  /** Exponents of floats whose decimals are counted by exact powers of ten. */
  private static final int LEAST_EXPONENT = -49;

  private static final int EXPONENTS = FLOAT_DIGITS - LEAST_EXPONENT;

  /**
   * By exponent, the power of ten by which a float and its neighbours are less than one apart, and
   * how far from a whole number it then is at most, if that number is read back as it.
   */
  private static final double[] COARSE = new double[EXPONENTS];

  private static final double[] REACH = new double[EXPONENTS];

  static {
    for (int i = 0; i < EXPONENTS; i++) {
      int power = i + LEAST_EXPONENT - FLOAT_DIGITS;
      COARSE[i] = TENS[decimals(power) - 1];
      REACH[i] = Math.scalb(COARSE[i], power - 1);
    }
  }

  private ShortestDecimal() {}

  /** Of an IEEE single; infinities and NaN stay. */
  public static double of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = Math.getExponent(value) - LEAST_EXPONENT;
    double exact = value;
    if (exponent < 0 || exponent >= EXPONENTS || (bits & FRACTION) == 0) {
      return slow(value);
    }
    // With one decimal less than it takes to tell all floats apart at most one is read back, and it
    // is the shortest, because shorter ones end with zeros.
    double coarse = COARSE[exponent];
    double scaled = exact * coarse;
    double whole = Math.rint(scaled);
    double apart = Math.abs(whole - scaled);
    if (apart < REACH[exponent] * .999999) {
      return whole / coarse;
    }
    if (apart < REACH[exponent] * 1.000001) {
      return slow(value);
    }
    double fine = 10 * coarse;
    return Math.rint(exact * fine) / fine;
  }

  private static double slow(float value) {
    return Float.isFinite(value) && value != Math.rint(value) || Math.abs(value) >= 0x1p24f
        ? Double.parseDouble(FloatToDecimal.toString(value))
        : value;
  }

  /** Of the bits of an IEEE half; infinities and NaN stay. */
  public static double ofHalf(short bits) {
    int exponent = bits >> HALF_DIGITS & 0x1F;
    int fraction = bits & 0x3FF;
    double sign = bits < 0 ? -1 : 1;
    if (exponent == 0x1F) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    int power = Math.max(exponent - 15, LEAST_HALF_EXPONENT) - HALF_DIGITS;
    double step = Math.scalb(1.0, power);
    double exact = (exponent == 0 ? fraction : fraction + 0x400) * step;
    if (exact == 0) {
      return sign * exact;
    }
    boolean closerBelow = fraction == 0 && exponent > 1;
    for (int decimals = decimals(power) - 1; ; decimals++) {
      double candidate = rounded(exact, decimals);
      double apart = closerBelow && candidate < exact ? step / 2 : step;
      if (Math.rint(candidate / apart) * apart == exact) {
        return sign * candidate;
      }
    }
  }

  /** The fewest decimals, negative for tens and so on, of which a step is at most 2^power. */
  private static int decimals(int power) {
    return (int) Math.ceil(-power * 0.30102999566398120);
  }

  private static double rounded(double exact, int decimals) {
    return decimals >= 0
        ? Math.rint(exact * TENS[decimals]) / TENS[decimals]
        : Math.rint(exact / TENS[-decimals]) * TENS[-decimals];
  }
}
