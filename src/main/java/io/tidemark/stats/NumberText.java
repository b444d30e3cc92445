package io.tidemark.stats;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import java.math.BigDecimal;

/**
 * One text for one number, whatever type or notation a log stores it in: digits without a plus
 * sign, an exponent, a fraction of zeros or zeros at its end. A number that needs more than {@value
 * #MOST_DIGITS} digits before or behind its point has an exponent.
 *
 * <p>Doubles are their shortest decimal, and whole ones below 2^63 the long that they are; decimals
 * are exact. A text with leading zeros is no number: it names something.
 */
public final class NumberText {
  /** Of the widest decimals there are. */
  private static final int MOST_DIGITS = 76;

  /** Whole doubles below this are shown as the long that they are. */
  private static final double LARGEST_LONG = 0x1p63;

  /** With an exponent and no more digits a number was printed from a double; Java prints most. */
  private static final int DOUBLE_DIGITS = 18;

  /** No longer text is taken for a number. */
  private static final int LONGEST = 400;

  private NumberText() {}

  /** Null for NaN. */
  public static String of(double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    if (value == Math.rint(value) && Math.abs(value) < LARGEST_LONG) {
      return Long.toString((long) value);
    }
    String text = DoubleToDecimal.toString(value);
    return text.indexOf('E') < 0 ? text : of(new BigDecimal(text));
  }

  /** By its shortest decimal; null for NaN. */
  public static String of(float value) {
    return of(ShortestDecimal.of(value));
  }

  /** Exactly. */
  public static String of(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal shortest = value.stripTrailingZeros();
    long before = (long) shortest.precision() - shortest.scale();
    if (before <= MOST_DIGITS && shortest.scale() <= MOST_DIGITS) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (shortest.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "E"
        + (before - 1);
  }

  /**
   * The text of the number that a text spells, and any other text as it is: for formats in which
   * numbers and texts look alike, and for numbers of text formats.
   */
  public static String of(String text) {
    Spelling spelled = Spelling.of(text);
    if (spelled == null) {
      return text;
    }
    if (spelled.exponent() < text.length()) {
      return ofExponent(text);
    }
    boolean plain = text.charAt(0) != '+' && !spelled.isBare() && text.length() <= MOST_DIGITS;
    int end = spelled.withoutZeros(text);
    if (plain && !(text.charAt(0) == '-' && text.charAt(1) == '0' && end == 2)) {
      return end == text.length() ? text : text.substring(0, end);
    }
    return of(new BigDecimal(text));
  }

  /**
   * The digits of a whole number that was printed as a floating-point one, as in {@code 1000.0} or
   * {@code 1.2e+16}, and any other text as it is: for names, which are numbers in one file and such
   * text in the next. Digits with a bare exponent, such as {@code 12e4}, name something.
   */
  public static String ofName(String text) {
    if (text.indexOf('.') < 0 && text.indexOf('+') < 0) {
      return text; // as nearly all names
    }
    Spelling spelled = Spelling.of(text);
    if (spelled == null || text.charAt(0) == '+' || spelled.isBare()) {
      return text;
    }
    boolean fraction = spelled.point() < spelled.exponent();
    if (spelled.exponent() == text.length()) {
      boolean whole = fraction && spelled.withoutZeros(text) == spelled.point();
      return whole ? of(text) : text;
    }
    boolean printed = fraction || "+-".indexOf(text.charAt(spelled.exponent() + 1)) >= 0;
    if (!printed || spelled.point() - spelled.first() != 1) {
      return text;
    }
    String number = ofExponent(text);
    return number.indexOf('.') < 0 && number.indexOf('E') < 0 ? number : text;
  }

  private static String ofExponent(String text) {
    BigDecimal exact;
    try {
      exact = new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text; // an exponent that is no int
    }
    if (exact.signum() == 0) {
      return "0";
    }
    double value = exact.doubleValue();
    boolean ofDouble =
        exact.stripTrailingZeros().precision() <= DOUBLE_DIGITS
            && Double.isFinite(value)
            && value != 0;
    return ofDouble ? of(value) : of(exact);
  }

  /**
   * The parts of a text that spells a number: maybe a sign, digits, maybe a point and digits, maybe
   * an exponent. Digits before the point may be left out, and begin with 0 only if that is all.
   *
   * @param first of the digits, or the point
   * @param point where it is; the end of the digits before it if there is none
   * @param exponent where its letter is; the text's end if there is none
   */
  private record Spelling(int first, int point, int exponent) {
    /** Null: it spells none. */
    static Spelling of(String text) {
      int length = text.length();
      if (length == 0 || length > LONGEST || !isDigit(text.charAt(length - 1))) {
        return null;
      }
      char sign = text.charAt(0);
      int first = sign == '-' || sign == '+' ? 1 : 0;
      int point = digits(text, first);
      if (point - first > 1 && text.charAt(first) == '0') {
        return null;
      }
      int exponent = point;
      if (point < length && text.charAt(point) == '.') {
        exponent = digits(text, point + 1);
        if (exponent == point + 1) {
          return null;
        }
      } else if (point == first) {
        return null;
      }
      if (exponent < length) {
        char letter = text.charAt(exponent);
        int at = exponent + 1; // not behind the end: there is a digit
        at += text.charAt(at) == '-' || text.charAt(at) == '+' ? 1 : 0;
        if ((letter != 'e' && letter != 'E') || digits(text, at) < length) {
          return null;
        }
      }
      return new Spelling(first, point, exponent);
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static int digits(String text, int from) {
      int at = from;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      return at;
    }

    /** Whether no digit is before the point. */
    boolean isBare() {
      return point == first;
    }

    /** Where the number ends without zeros at the end of its fraction; it has no exponent. */
    int withoutZeros(String text) {
      if (point == exponent) {
        return exponent;
      }
      int to = exponent;
      while (text.charAt(to - 1) == '0') {
        to--;
      }
      return to - 1 == point ? point : to;
    }
  }
}
