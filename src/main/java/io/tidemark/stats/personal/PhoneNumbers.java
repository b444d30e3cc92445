package io.tidemark.stats.personal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Phone numbers: international ones (ITU-T E.164, with {@code +} or {@code 00}), those of North
 * America and those with a trunk 0, written with separators; digits in a row only behind {@code +}
 * or a word such as <i>tel.</i>, for else they are ids, times and amounts. Each pattern is of
 * bounded length, so that searching is linear.
 */
final class PhoneNumbers {
  private static final int LEAST_DIGITS = 9;

  /** Not the middle of a word, an id of parts, a version, a date, a time, or a number. */
  private static final String LEFT = "(?<![\\p{L}\\p{N}_])(?<![\\p{L}\\p{N}]-)(?<!\\p{N}[./:])";

  private static final String RIGHT = "(?![\\p{L}\\p{N}_])(?!-[\\p{L}\\p{N}])(?![./:]\\p{N})";

  /** Not one of several numbers with spaces between. */
  private static final String NO_NUMBER_BEFORE = "(?<!(?:^|[ ])\\d{1,12} )";

  private static final Pattern INTERNATIONAL =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_+])\\+\\(?[1-9](?:[ ().\\-/]{0,3}\\d){7,14}" + RIGHT + "(?!,\\p{N})");

  /** With a sign, its thousands apart or a fraction behind its one point. */
  private static final Pattern AMOUNT =
      Pattern.compile("\\+(?:\\d{1,3}(?:[ .]\\d{3}){2}|[\\d ]+\\.\\d{1,2})");

  private static final Pattern ZEROS =
      Pattern.compile(
          "(?=00)"
              + LEFT
              + NO_NUMBER_BEFORE
              + "00[1-9]\\d{0,2}[ /-](?:\\(0\\) ?)?\\(?\\d{1,5}\\)?[ /-](?:[ -]?\\d){4,10}"
              + RIGHT);

  private static final Pattern NORTH_AMERICAN =
      Pattern.compile(
          "(?:(?<!\\p{N})\\([2-9]\\d\\d\\) ?\\d{3}[ .-]\\d{4}"
              + "|(?=\\d)"
              + LEFT
              + "(?:(?:1[ .-])?[2-9]\\d\\d([.-])\\d{3}\\1\\d{4}"
              + "|"
              + NO_NUMBER_BEFORE
              + "(?:1 )?[2-9]\\d\\d \\d{3} \\d{4}(?! \\d{1,12}(?: |$))))"
              + "(?: ?[xX]\\d{1,6})?"
              + RIGHT);

  /** As in France: five pairs. */
  private static final Pattern PAIRS =
      Pattern.compile(
          "(?=0)"
              + LEFT
              + NO_NUMBER_BEFORE
              + "0[1-9]([ .-])(?:\\d\\d\\1){3}\\d\\d(?!\\1\\d)"
              + RIGHT);

  /** A day, a month and a year. */
  private static final String DATE = "(?!0[1-9][ ./-]\\d\\d?[ ./-](?:19|20)\\d\\d(?!\\d))";

  private static final Pattern TRUNK =
      Pattern.compile(
          "(?=[(0])"
              + LEFT
              + NO_NUMBER_BEFORE
              + DATE
              + "\\(?0[1-9]\\d{0,4}(?:\\) ?|\\)?(?: ?/ ?| - |[ -]))\\d{2,8}"
              + "(?:([ -])\\d{2,5}(?:\\1\\d{2,5}){0,2})?"
              + RIGHT);

  private static final int MOST_NATIONAL = 12;

  private static final Pattern NAMED =
      Pattern.compile(
          "(?<!\\p{L})(?:tel|telefon|telephone|phone|mobile|mobil|cell|fax|whatsapp|call|handy)"
              + "(?: ?(?:number|no|nr|num|#))?[^\\p{L}\\p{N}+]{1,4}(?:0\\d{8,11}|[2-9]\\d{9})"
              + RIGHT,
          Pattern.CASE_INSENSITIVE);

  private PhoneNumbers() {}

  static boolean in(String text) {
    return international(text)
        || ZEROS.matcher(text).find()
        || NORTH_AMERICAN.matcher(text).find()
        || PAIRS.matcher(text).find()
        || trunk(text)
        || NAMED.matcher(text).find();
  }

  private static boolean international(String text) {
    if (text.indexOf('+') < 0) {
      return false;
    }
    Matcher numbers = INTERNATIONAL.matcher(text);
    while (numbers.find()) {
      String number = numbers.group();
      int digits = digits(number);
      boolean inARow = digits == number.length() - 1;
      if (digits >= (inARow ? LEAST_DIGITS + 1 : LEAST_DIGITS)
          && !AMOUNT.matcher(number).matches()) {
        return true;
      }
    }
    return false;
  }

  private static boolean trunk(String text) {
    Matcher numbers = TRUNK.matcher(text);
    while (numbers.find()) {
      String number = numbers.group();
      int digits = digits(number);
      boolean hyphens = number.indexOf('-') >= 0 && number.indexOf(' ') < 0;
      if (digits >= (hyphens ? LEAST_DIGITS + 1 : LEAST_DIGITS) && digits <= MOST_NATIONAL) {
        return true;
      }
    }
    return false;
  }

  private static int digits(String text) {
    return (int) text.chars().filter(sign -> sign >= '0' && sign <= '9').count();
  }
}
