package io.tidemark.stats.labelissues;

import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;

/** Texts of any length and content, each as it was: a number a character, lone surrogates too. */
final class Texts {
  private Texts() {}

  static void write(String text, DataOutput out) throws IOException {
    Varint.write(text.length(), out);
    for (int i = 0; i < text.length(); i++) {
      Varint.write(text.charAt(i), out);
    }
  }

  static String read(DataInput in) throws IOException {
    long length = Varint.read(in);
    if (length < 0) {
      throw new StreamCorruptedException("A text can't have the length " + length);
    }
    StringBuilder text = new StringBuilder(); // grows with what is there, whatever the length says
    for (long i = 0; i < length; i++) {
      text.append((char) Varint.readInt(Character.MAX_VALUE, in));
    }
    return text.toString();
  }
}
