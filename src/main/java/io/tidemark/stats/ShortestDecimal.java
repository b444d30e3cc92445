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
  private static final int HALF_DIGITS = 10;
  private static final int LEAST_HALF_EXPONENT = -14;
  private static final float ALL_WHOLE = 0x1p24f;

  private ShortestDecimal() {}

  /** Of an IEEE single; infinities and NaN stay. */
  public static double of(float value) {
    double exact = value;
    float size = Math.abs(value);
    if (size < ALL_WHOLE && exact == Math.rint(exact)) {
      return exact;
    }
    if (!(size >= 1e-15f && size < 1e22f)) {
      return Float.isFinite(value) ? Double.parseDouble(FloatToDecimal.toString(value)) : exact;
    }
    // So many decimals are no coarser than the floats; with one less there is at most one that is
    // read back, and it is the shortest, because shorter ones end with zeros.
    int decimals = decimals(Math.getExponent(value) - FLOAT_DIGITS);
    double shorter = rounded(exact, decimals - 1);
    if ((float) shorter == value) {
      return shorter;
    }
    double longer = rounded(exact, decimals);
    return (float) longer == value
        ? longer
        : Double.parseDouble(FloatToDecimal.toString(value)); // where floats lie closer below
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
