package io.tidemark.ingest.row;

import java.nio.charset.StandardCharsets;

/**
 * The texts of categories met last: a log repeats a few of them millions of times, and a text that
 * is not made anew has its hash code already. Not for several threads at once.
 */
final class TextCache {
  /** Longer ones are seldom repeated. */
  private static final int MOST_CHARS = 32;

  private static final int SLOTS = 1 << 10;

  private final String[] texts = new String[SLOTS];

  /** The text of some ASCII bytes. */
  String of(byte[] ascii, int offset, int length) {
    if (length > MOST_CHARS) {
      return new String(ascii, offset, length, StandardCharsets.ISO_8859_1);
    }
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + ascii[i];
    }
    int slot = (hash ^ hash >>> 10) & SLOTS - 1;
    String text = texts[slot];
    if (text == null || !same(text, ascii, offset, length)) {
      text = new String(ascii, offset, length, StandardCharsets.ISO_8859_1);
      texts[slot] = text;
    }
    return text;
  }

  private static boolean same(String text, byte[] ascii, int offset, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != ascii[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
