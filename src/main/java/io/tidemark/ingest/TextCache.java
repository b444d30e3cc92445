package io.tidemark.ingest;

/**
 * The texts of categories met last: a log repeats a few of them millions of times, and a text that
 * is not made anew has its hash code already. Not for several threads at once.
 */
final class TextCache {
  /** Longer ones are seldom repeated. */
  private static final int MOST_CHARS = 32;

  private static final int SLOTS = 1 << 10;

  private final String[] texts = new String[SLOTS];

  /** The text of some characters. */
  String of(char[] chars, int offset, int length) {
    if (length > MOST_CHARS) {
      return new String(chars, offset, length);
    }
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + chars[i];
    }
    int slot = (hash ^ hash >>> 10) & SLOTS - 1;
    String text = texts[slot];
    if (text == null || !same(text, chars, offset, length)) {
      text = new String(chars, offset, length);
      texts[slot] = text;
    }
    return text;
  }

  private static boolean same(String text, char[] chars, int offset, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
