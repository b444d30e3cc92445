package io.tidemark.ingest.row;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What stands for text in a log as text, without loss: different bytes are never the same text. As
 * far as they are UTF-8 that is what they say; otherwise they are {@code hex:} and their lower-case
 * hexadecimal digits, and so is text that looks like that. Bytes that no type calls text may be old
 * writers' strings or anything else, so they are shown as digits where they have control characters
 * as well.
 */
public final class ByteText {
  private static final String HEX = "hex:";

  private ByteText() {}

  /** Of bytes that their type calls text. */
  public static String ofText(byte[] bytes, int from, int length) {
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    return isSuspect(text) ? checked(text, bytes, from, length) : text;
  }

  /** Of bytes of no type. */
  public static String ofBytes(byte[] bytes, int from, int length) {
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    return hasControls(text) ? hex(bytes, from, length) : checked(text, bytes, from, length);
  }

  /** Of a text, which may have halves of surrogate pairs by themselves, as JSON can spell them. */
  public static String ofText(String text) {
    if (looksLikeHex(text)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return hex(bytes, 0, bytes.length);
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          byte[] bytes = bytesWithHalves(text);
          return hex(bytes, 0, bytes.length);
        }
        i++;
      }
    }
    return text;
  }

  /** Whether decoded text may not be what the bytes say, or may be taken for digits. */
  public static boolean isSuspect(String decoded) {
    return decoded.indexOf('\uFFFD') >= 0 || decoded.startsWith(HEX);
  }

  /** Characters that no text of one line or more has. */
  public static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
        return true;
      }
    }
    return false;
  }

  private static String checked(String text, byte[] bytes, int from, int length) {
    boolean right =
        !looksLikeHex(text) && (text.indexOf('\uFFFD') < 0 || isUtf8(bytes, from, length));
    return right ? text : hex(bytes, from, length);
  }

  private static boolean looksLikeHex(String text) {
    if (!text.startsWith(HEX) || text.length() % 2 != HEX.length() % 2) {
      return false;
    }
    for (int i = HEX.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Whether bytes are UTF-8 to the letter: a character has one form, and no surrogates. */
  public static boolean isUtf8(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end && bytes[at] >= 0) {
      at++;
    }
    if (at == end) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, end - at));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String hex(byte[] bytes, int from, int length) {
    return HEX + HexFormat.of().formatHex(bytes, from, from + length);
  }

  /** UTF-8, with half a surrogate pair as the three bytes of its number. */
  private static byte[] bytesWithHalves(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            c -> {
              if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                bytes.write(0xE0 | c >> 12);
                bytes.write(0x80 | c >> 6 & 0x3F);
                bytes.write(0x80 | c & 0x3F);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }
}
