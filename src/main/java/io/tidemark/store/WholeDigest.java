package io.tidemark.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A digest that a file holds of all its own bytes, its header and the names in its schema included:
 * SHA-256 as 64 hexadecimal digits, taken with zeros in the place of the digits themselves.
 */
final class WholeDigest {
  static final String KEY = "tidemark.digest";

  /** What stands in the place of the digits until all other bytes are known. */
  static final String BLANK = "0".repeat(64);

  private static final byte[] MARK = KEY.getBytes(StandardCharsets.US_ASCII);

  private static final byte[] AVRO = {'O', 'b', 'j', 1};

  // A length of 64 takes two bytes in Avro, between the key and its value.
  private static final int LENGTH_BYTES = 2;

  private WholeDigest() {}

  /** Replaces the blank of a file that is complete otherwise. */
  static void seal(byte[] file) {
    int at = place(file);
    byte[] digits = of(file, at);
    System.arraycopy(digits, 0, file, at, digits.length);
  }

  /** Whether a file claims to have a digest. */
  static boolean in(byte[] file) {
    return find(file) >= 0;
  }

  /** Whether every byte of a file that has a digest is the one that was written. */
  static boolean holds(byte[] file) {
    int at = place(file);
    return at + BLANK.length() <= file.length
        && Arrays.equals(of(file, at), Arrays.copyOfRange(file, at, at + BLANK.length()));
  }

  /** The digits that a file holds, true or not; empty where it is no Avro file, or has none. */
  static Optional<String> digits(byte[] file) {
    boolean avro = Arrays.equals(file, 0, Math.min(file.length, AVRO.length), AVRO, 0, AVRO.length);
    if (!avro || !in(file) || place(file) + BLANK.length() > file.length) {
      return Optional.empty();
    }
    return Optional.of(new String(file, place(file), BLANK.length(), StandardCharsets.US_ASCII));
  }

  private static int place(byte[] file) {
    return find(file) + MARK.length + LENGTH_BYTES;
  }

  /** The first place: the header comes before all content, which may hold any bytes. */
  private static int find(byte[] file) {
    for (int at = 0; at + MARK.length <= file.length; at++) {
      if (Arrays.equals(file, at, at + MARK.length, MARK, 0, MARK.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] of(byte[] file, int at) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(file, 0, at);
      digest.update(BLANK.getBytes(StandardCharsets.US_ASCII));
      int rest = at + BLANK.length();
      digest.update(file, rest, file.length - rest);
      return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
