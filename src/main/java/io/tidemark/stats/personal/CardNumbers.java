package io.tidemark.stats.personal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of payment cards: 14 to 19 digits, in one or in the groups that are printed on cards,
 * that begin as a network's numbers do (ISO/IEC 7812, the networks' ranges) and whose last digit is
 * right (Luhn). Visa's old numbers of 13 digits are left out: articles' numbers (EAN-13) have their
 * form.
 */
final class CardNumbers {
  /** Of digits in a row: the most that any has. */
  private static final int MOST = 19;

  private static final int LEAST = 14;

  /**
   * Not the middle of a longer number, nor of a bank account's (IBAN), nor a fraction's digits;
   * each alternative is of bounded length.
   */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?=\\d)(?<![\\p{L}\\p{N}_])(?<![\\p{L}\\p{N}]-)(?<!\\p{N}\\.)"
              + "(?:(\\d{14,19})"
              + "|(?<!(?:^|[ ])\\d{1,12} )(?<!\\p{L}\\p{L}\\d\\d )"
              + "(?:(\\d{4}([ -])\\d{4}\\3\\d{4}\\3\\d{4})((?:\\3\\d{3}(?!\\d))?)"
              + "|(3\\d{3}([ -])\\d{6}\\6\\d{4,5})))"
              + "(?![\\p{L}\\p{N}_])(?!-[\\p{L}\\p{N}])(?!\\.\\p{N})");

  private CardNumbers() {}

  static boolean in(String text) {
    Matcher numbers = NUMBER.matcher(text);
    while (numbers.find()) {
      if (numbers.group(2) == null) {
        if (is(digits(numbers.group()))) {
          return true;
        }
      } else if (is(digits(numbers.group(2)))
          || is(digits(numbers.group(2) + numbers.group(4)))) { // what follows may be a code
        return true;
      }
    }
    return false;
  }

  private static String digits(String text) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        digits.append(text.charAt(i));
      }
    }
    return digits.toString();
  }

  /** Whether these digits begin and end as a card's. */
  static boolean is(String digits) {
    return isOfNetwork(digits) && isRight(digits);
  }

  /** Whether a network has numbers of this length that begin so. */
  static boolean isOfNetwork(String digits) {
    int length = digits.length();
    if (length < LEAST || length > MOST) {
      return false;
    }
    int four = Integer.parseInt(digits.substring(0, 4));
    int three = four / 10;
    int two = four / 100;
    return switch (length) {
      case 14 -> (three >= 300 && three <= 305) || two == 36 || two == 38 || two == 39; // Diners
      case 15 -> two == 34 || two == 37; // American Express
      case 16 ->
          two / 10 == 4 // Visa
              || (two >= 50 && two <= 58) // Mastercard, Maestro
              || (four >= 2221 && four <= 2720) // Mastercard
              || (four >= 2200 && four <= 2204) // Mir
              || (four >= 3528 && four <= 3589) // JCB
              || two == 60 // Discover, RuPay
              || two == 62 // UnionPay
              || two == 63 // Maestro
              || (three >= 644 && three <= 659) // Discover, RuPay
              || two == 67; // Maestro
      case 19 -> two / 10 == 4 || two == 62 || two == 63 || two == 67 || two == 65;
      default -> two == 62; // UnionPay
    };
  }

  /** By Luhn's rule: true by chance of one number in ten. */
  static boolean isRight(String digits) {
    int sum = 0;
    for (int i = digits.length() - 1, place = 0; i >= 0; i--, place++) {
      int digit = digits.charAt(i) - '0';
      int doubled = place % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
