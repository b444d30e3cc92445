package io.tidemark.stats;

import java.util.Locale;

/** Numbers as reasons tell them: four digits, the same everywhere. */
public final class ShortNumber {
  private static final double LARGEST_WHOLE = 1e7;

  private ShortNumber() {}

  public static String of(double value) {
    if (value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE) {
      return Long.toString((long) value);
    }
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
