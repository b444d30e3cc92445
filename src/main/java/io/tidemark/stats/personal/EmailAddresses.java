package io.tidemark.stats.personal;

/**
 * E-mail addresses: a local part, {@code @} (or {@code %40}, as in addresses of pages), and a
 * domain of two or more labels, of which the last has letters alone.
 */
final class EmailAddresses {
  private static final String ESCAPED = "%40";

  private EmailAddresses() {}

  static boolean in(String text) {
    return in(text, "@") || in(text, ESCAPED);
  }

  private static boolean in(String text, String sign) {
    for (int at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      if (at > 0 && isLocal(text.charAt(at - 1)) && isDomain(text, at + sign.length())) {
        return true;
      }
    }
    return false;
  }

  /** Whether a local part may end so. */
  private static boolean isLocal(char last) {
    return Character.isLetterOrDigit(last) || "_-+'\"".indexOf(last) >= 0;
  }

  /** Stops at whatever is no part of a domain, and so at the next sign. */
  private static boolean isDomain(String text, int from) {
    int labels = 0;
    boolean letters = false;
    int length = 0;
    for (int at = from; at < text.length() && isLabel(text.charAt(at)); at++) {
      letters = true;
      int start = at;
      while (at < text.length() && isLabel(text.charAt(at))) {
        letters &= Character.isLetter(text.charAt(at));
        at++;
      }
      labels++;
      length = at - start;
      if (text.startsWith("xn--", start)) {
        letters = true;
      }
      if (at == text.length() || text.charAt(at) != '.') {
        break;
      }
    }
    return labels >= 2 && letters && length >= 2;
  }

  private static boolean isLabel(char sign) {
    return Character.isLetterOrDigit(sign) || sign == '-';
  }
}
