package io.tidemark.event;

import java.math.BigDecimal;
import java.time.LocalTime;

/**
 * One text for one value, whatever type a file stores it in, so that a column may be a double in
 * one file and an integer in the next; and numbers back from text.
 */
public final class ValueText {
  /** Integral doubles below this are shown as the long that they are. */
  private static final double LARGEST_PLAIN = 0x1p63;

  /** Of the widest decimals there are, and more. */
  private static final int MOST_DIGITS = 76;

  private ValueText() {}

  /** Integral numbers without a fraction; null for NaN. */
  public static String of(double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    if (value == Math.rint(value) && Math.abs(value) < LARGEST_PLAIN) {
      return Long.toString((long) value);
    }
    return Double.toString(value);
  }

  public static String of(float value) {
    if (value == Math.rint(value) || Double.isNaN(value)) {
      return of((double) value);
    }
    return Float.toString(value);
  }

  public static String of(boolean value) {
    return value ? "true" : "false";
  }

  public static String of(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal plain = value.stripTrailingZeros();
    return plain.scale() <= 0 && plain.precision() - plain.scale() <= MOST_DIGITS
        ? plain.toPlainString()
        : of(plain.doubleValue());
  }

  /** Hours, minutes, seconds, and a fraction if there is one. */
  public static String ofDay(LocalTime time) {
    String text = time.toString();
    return text.length() == 5 ? text + ":00" : text;
  }

  /**
   * The number that a text spells, or null: no number. Java's own parser also takes hexadecimal
   * floats and type suffixes, which no log means.
   */
  public static Double number(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return null;
    }
    switch (trimmed) {
      case "NaN", "nan" -> {
        return Double.NaN;
      }
      case "Infinity", "+Infinity", "inf", "+inf", "Inf" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-Infinity", "-inf", "-Inf" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case "true", "True" -> {
        return 1.0;
      }
      case "false", "False" -> {
        return 0.0;
      }
      default -> {
        char last = trimmed.charAt(trimmed.length() - 1);
        if ((last < '0' || last > '9') && last != '.') {
          return null;
        }
        if (trimmed.indexOf('x') >= 0 || trimmed.indexOf('X') >= 0) {
          return null;
        }
        try {
          return Double.valueOf(trimmed);
        } catch (NumberFormatException e) {
          return null;
        }
      }
    }
  }
}
