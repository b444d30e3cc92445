package io.tidemark.store;

import io.tidemark.schema.DeadLetter;
import java.nio.charset.StandardCharsets;

/**
 * How long a dead letter may be, the same in files, topics and what a job holds: a line that a
 * broker takes as a record. Of a longer one the row is left out.
 */
public final class LetterLength {
  /** UTF-8 bytes of the line. Brokers take a megabyte if nothing else is said. */
  private static final int LONGEST = 900_000;

  /** What a character takes at most: {@code \\u0000}. */
  private static final int LONGEST_CHARACTER = 6;

  private static final int LONGEST_DETAIL = 10_000;

  /** What a letter takes besides its texts, about. */
  private static final int FRAME = 100;

  private LetterLength() {}

  /** The letter, or one without the row and with a shorter detail where it would be too long. */
  public static DeadLetter bounded(DeadLetter letter) {
    long most = (long) LONGEST_CHARACTER * of(letter);
    if (most <= LONGEST
        || JsonLines.line(letter).getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return letter;
    }
    String detail = letter.getDetail();
    if (detail.length() > LONGEST_DETAIL) {
      detail = detail.substring(0, LONGEST_DETAIL) + "...";
    }
    return withoutRow(DeadLetter.newBuilder(letter).setDetail(detail).build(), "it is too long");
  }

  /** The letter without its row, and why that is so. */
  static DeadLetter withoutRow(DeadLetter letter, String why) {
    return DeadLetter.newBuilder(letter)
        .setText(null)
        .setBase64(null)
        .setDetail(letter.getDetail() + "; the row is left out, " + why)
        .build();
  }

  /** Characters of the row that it repeats. */
  static long ofRow(DeadLetter letter) {
    return length(letter.getText()) + length(letter.getBase64());
  }

  /** About how many characters the letter's line has; the same whenever it is asked. */
  static long of(DeadLetter letter) {
    return FRAME + length(letter.getDetail()) + length(letter.getSource()) + ofRow(letter);
  }

  private static long length(String text) {
    return text == null ? 0 : text.length();
  }
}
