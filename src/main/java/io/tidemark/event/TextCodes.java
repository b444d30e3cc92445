package io.tidemark.event;

import java.util.Arrays;

/**
 * Codes of the texts of a column in the making, in the order in which they are met. A hash table by
 * open addressing, because a log has millions of texts and few different ones.
 */
final class TextCodes {
  private static final int START = 16;

  private String[] texts = new String[START / 2];

  /** Codes, one up; 0: free. Twice as many slots as texts at least. */
  private int[] slots = new int[START];

  private int size;

  /** What {@link #values} gave out last; it holds as long as nothing new is met. */
  private String[] values = {};

  /** The code of a text; -1 for null, which is a missing one. */
  int code(String text) {
    if (text == null) {
      return -1;
    }
    int mask = slots.length - 1;
    int hash = text.hashCode();
    int slot = (hash ^ hash >>> 16) & mask;
    while (slots[slot] != 0) {
      String other = texts[slots[slot] - 1];
      if (other.equals(text)) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    texts[size++] = text;
    slots[slot] = size;
    int code = size - 1;
    if (size == texts.length) {
      grow();
    }
    return code;
  }

  private void grow() {
    texts = Arrays.copyOf(texts, 2 * size);
    slots = new int[4 * size];
    int mask = slots.length - 1;
    for (int code = 0; code < size; code++) {
      int hash = texts[code].hashCode();
      int slot = (hash ^ hash >>> 16) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = code + 1;
    }
  }

  int size() {
    return size;
  }

  /** Texts by code: the same array as long as nothing new is met. */
  String[] values() {
    if (values.length != size) {
      values = Arrays.copyOf(texts, size);
    }
    return values;
  }
}
