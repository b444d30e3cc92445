package io.tidemark.stats.personal;

import java.util.EnumSet;
import java.util.Set;

/** Which kinds of personal data a text seems to hold. */
public final class PersonalData {
  /** Below it there is no phone number, and none of a card. */
  private static final int LEAST_DIGITS = 9;

  private static final int LEAST_OF_CARD = 14;

  private PersonalData() {}

  /**
   * By their form; of a text of digits alone nothing is said, see {@link PersonalCounts}.
   *
   * @return without duplicates, in the order of the kinds; most often empty
   */
  public static Set<PersonalKind> in(String text) {
    int digits = 0;
    boolean wide = false;
    boolean sign = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      digits += each >= '0' && each <= '9' ? 1 : 0;
      sign |= each == '@' || each == '%';
      wide |= each > 0x7f;
    }
    EnumSet<PersonalKind> kinds = EnumSet.noneOf(PersonalKind.class);
    if (sign && EmailAddresses.in(text)) {
      kinds.add(PersonalKind.EMAIL);
    }
    if (digits < LEAST_DIGITS || digits == text.length()) {
      return kinds;
    }
    String plain = wide ? plain(text) : text;
    if (digits >= LEAST_OF_CARD && !isNumber(plain) && CardNumbers.in(plain)) {
      kinds.add(PersonalKind.CARD);
    }
    if (PhoneNumbers.in(plain)) {
      kinds.add(PersonalKind.PHONE);
    }
    return kinds;
  }

  /** Whether a text is digits alone, but for space around them. */
  static boolean isNumber(String text) {
    String stripped = text.strip();
    return !stripped.isEmpty() && stripped.chars().allMatch(each -> each >= '0' && each <= '9');
  }

  /** With one space and one hyphen for the several that type has. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      plain.append(
          switch (each) {
            case '\u00a0', '\u2007', '\u2009', '\u202f' -> ' ';
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2212' -> '-';
            case '\uff0b' -> '+';
            default -> each;
          });
    }
    return plain.toString();
  }
}
