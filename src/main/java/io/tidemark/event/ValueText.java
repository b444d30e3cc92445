package io.tidemark.event;

import io.tidemark.stats.NumberText;
import java.time.LocalTime;

/**
 * One text for one value, whatever type a file stores it in, so that a column may be a double in
 * one file and an integer in the next; and numbers back from text.
 */
public final class ValueText {
  private ValueText() {}

  /** Null for NaN; see {@link NumberText}. */
  public static String of(double value) {
    return NumberText.of(value);
  }

  public static String of(boolean value) {
    return value ? "true" : "false";
  }

  /**
   * What a typed file would have given where a format has no types (CSV, folders' names): numbers
   * in their one form, booleans as pandas, R and spreadsheets write them; any other text as it is.
   */
  public static String ofUntyped(String text) {
    return switch (text) {
      case "True", "TRUE" -> of(true);
      case "False", "FALSE" -> of(false);
      case "inf", "Inf", "+inf", "+Infinity" -> of(Double.POSITIVE_INFINITY);
      case "-inf", "-Inf" -> of(Double.NEGATIVE_INFINITY);
      default -> NumberText.of(text);
    };
  }

  /** Whether a text is how a number that is none is written. */
  public static boolean isNaN(String text) {
    return text.equals("NaN") || text.equals("nan");
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
      case "true", "True", "TRUE" -> {
        return 1.0;
      }
      case "false", "False", "FALSE" -> {
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
