package io.tidemark.ingest.row;

import com.fasterxml.jackson.core.io.NumberInput;
import io.tidemark.ingest.row.EventColumns.Use;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the plain JSON that logs are made of: ASCII without escapes, numbers of usual length, their
 * fields mostly in the order of the row before. Whatever else there is, good or bad, it leaves to
 * the parser that knows all of JSON, so it has no errors to tell. Not for several threads at once.
 *
 * <p>What it saves is the work that a general parser cannot: names are compared with the one that
 * came next in the row before, short decimals are a whole number and a power of ten, and categories
 * are not made anew.
 */
public final class PlainJson {
  private static final int MOST_DEPTH = 32;
  private static final int MOST_DIGITS = 18;
  private static final int MOST_NUMBER = 64;

  /** Digits of a decimal that doubles tell apart from every other as short. */
  private static final int SHORT = 15;

  private static final long EXACT = 1L << 53;

  /** After so many rows in turn that were not plain, a thousand are not tried. */
  private static final int PATIENCE = 8;

  private static final int PAUSE = 1000;

  /** The powers of ten that are exact: a quotient or product with one is rounded once. */
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private final PathTree paths;
  private final TextCache texts = new TextCache();

  /** Names in the order of the row before, and what stands below them. */
  private Name[] names = new Name[16];

  private int field;
  private int failed;
  private int paused;
  private byte[] in;
  private int at;
  private int end;

  /**
   * @param node that the name stands in
   * @param child below it; null: nobody wants it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Name(PathTree node, byte[] ascii, PathTree child) {}

  /** What stands below the name read last. */
  private PathTree child;

  public PlainJson(PathTree paths) {
    this.paths = paths;
  }

  /**
   * Reads a row.
   *
   * @return false: it is not plain; what was set of the row until then is of no use
   */
  public boolean read(byte[] bytes, int start, int length, EventAssembler row) {
    if (paused > 0) {
      paused--;
      return false;
    }
    in = bytes;
    at = start;
    end = start + length;
    field = 0;
    boolean plain = next() == '{' && object(paths, 0, row) && next() < 0;
    failed = plain ? 0 : failed + 1;
    if (failed == PATIENCE) {
      failed = 0;
      paused = PAUSE;
    }
    return plain;
  }

  /** The next byte that is no white space; -1 at the end. */
  private int next() {
    while (at < end) {
      int c = in[at++];
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        return c & 0xFF;
      }
    }
    return -1;
  }

  /**
   * The rest of an object.
   *
   * @param node null: nobody wants what is in it
   */
  private boolean object(PathTree node, int depth, EventAssembler row) {
    int c = next();
    if (c == '}') {
      return true;
    }
    while (true) {
      if (c != '"' || !name(node) || next() != ':') {
        return false;
      }
      if (!value(next(), child, depth, row)) {
        return false;
      }
      c = next();
      if (c == '}') {
        return true;
      }
      if (c != ',') {
        return false;
      }
      c = next();
    }
  }

  private boolean array(int depth, EventAssembler row) {
    int c = next();
    if (c == ']') {
      return true;
    }
    while (true) {
      if (!value(c, null, depth, row)) {
        return false;
      }
      c = next();
      if (c == ']') {
        return true;
      }
      if (c != ',') {
        return false;
      }
      c = next();
    }
  }

  /** The rest of a name. */
  private boolean name(PathTree node) {
    if (field == names.length) {
      names = Arrays.copyOf(names, 2 * field);
    }
    Name expected = names[field];
    if (expected != null && expected.node == node && follows(expected.ascii)) {
      at += expected.ascii.length;
      child = expected.child;
      field++;
      return true;
    }
    int from = at;
    if (!text()) {
      return false;
    }
    byte[] ascii = Arrays.copyOfRange(in, from, at); // with the quote that ends it
    String name = new String(ascii, 0, ascii.length - 1, StandardCharsets.ISO_8859_1);
    child = node == null ? null : node.child(name);
    names[field++] = new Name(node, ascii, child);
    return true;
  }

  private boolean follows(byte[] ascii) {
    return ascii.length <= end - at
        && Arrays.equals(in, at, at + ascii.length, ascii, 0, ascii.length);
  }

  /** The rest of a text, with the quote that ends it. */
  private boolean text() {
    byte[] bytes = in;
    int last = end;
    for (int i = at; i < last; i++) {
      int c = bytes[i];
      if (c == '"') {
        at = i + 1;
        return true;
      }
      if (c < ' ' || c == '\\') { // bytes from 128 on are negative
        return false;
      }
    }
    return false;
  }

  private boolean value(int c, PathTree wanted, int depth, EventAssembler row) {
    switch (c) {
      case '"' -> {
        int from = at;
        if (!text()) {
          return false;
        }
        return wanted == null || set(wanted, from, at - 1 - from, row);
      }
      case '{' -> {
        if (depth == MOST_DEPTH) {
          return false;
        }
        if (wanted != null && wanted.hasChildren()) {
          return object(wanted, depth + 1, row);
        }
        setUnusable(wanted, row);
        return object(null, depth + 1, row);
      }
      case '[' -> {
        setUnusable(wanted, row);
        return depth < MOST_DEPTH && array(depth + 1, row);
      }
      case 't' -> {
        return word("rue") && set(wanted, true, row);
      }
      case 'f' -> {
        return word("alse") && set(wanted, false, row);
      }
      case 'n' -> {
        return word("ull"); // missing, as if it were not there
      }
      default -> {
        return (c == '-' || c >= '0' && c <= '9') && number(wanted, row);
      }
    }
  }

  private boolean word(String rest) {
    if (end - at < rest.length()) {
      return false;
    }
    for (int i = 0; i < rest.length(); i++) {
      if (in[at++] != rest.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean set(PathTree wanted, boolean value, EventAssembler row) {
    if (wanted != null) {
      for (int i = 0; i < wanted.uses().size(); i++) {
        row.setBoolean(wanted.uses().get(i), value);
      }
    }
    return true;
  }

  private static void setUnusable(PathTree wanted, EventAssembler row) {
    if (wanted != null) {
      wanted.uses().forEach(row::setUnusable);
    }
  }

  private boolean set(PathTree wanted, int from, int length, EventAssembler row) {
    if (length > 4 && in[from + 3] == ':' && in[from] == 'h') {
      return false; // it may be taken for the digits of bytes
    }
    for (int i = 0; i < wanted.uses().size(); i++) {
      Use use = wanted.uses().get(i);
      String text =
          switch (use.kind()) {
            case CATEGORY, VERSION -> texts.of(in, from, length);
            default -> new String(in, from, length, StandardCharsets.ISO_8859_1);
          };
      row.setText(use, text);
    }
    return true;
  }

  /** A number, the first byte of which was read. */
  private boolean number(PathTree wanted, EventAssembler row) {
    int from = at - 1;
    boolean negative = in[from] == '-';
    at = negative ? at : from;
    int first = at;
    long digits = whole(0);
    int integer = at - first;
    if (integer == 0 || integer > 1 && in[first] == '0') {
      return false;
    }
    int scale = 0;
    boolean decimal = false;
    if (at < end && in[at] == '.') {
      int point = ++at;
      digits = whole(digits);
      scale = at - point;
      if (scale == 0) {
        return false;
      }
      decimal = true;
    }
    int length = integer + scale;
    int exponent = 0;
    if (at < end && (in[at] | 0x20) == 'e') {
      at++;
      boolean down = at < end && in[at] == '-';
      at += down || at < end && in[at] == '+' ? 1 : 0;
      int begin = at;
      long power = whole(0);
      if (at == begin || at - begin > 4) {
        return false;
      }
      exponent = (int) (down ? -power : power);
      decimal = true;
    }
    if (!decimal && length > MOST_DIGITS || at - from >= MOST_NUMBER) {
      return false;
    }
    if (wanted == null) {
      return true;
    }
    if (decimal) {
      double value = decimal(negative, digits, length, exponent - scale, from);
      for (int i = 0; i < wanted.uses().size(); i++) {
        Use use = wanted.uses().get(i);
        if (use.isText() && (length > SHORT || exponent != 0)) {
          row.setDecimal(use, value, text(from));
        } else {
          row.setDouble(use, value);
        }
      }
    } else {
      for (int i = 0; i < wanted.uses().size(); i++) {
        row.setLong(wanted.uses().get(i), negative ? -digits : digits);
      }
    }
    return true;
  }

  /** Digits after those of a number; of no use when there are too many of them. */
  private long whole(long number) {
    byte[] bytes = in;
    int i = at;
    while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
      number = 10 * number + bytes[i++] - '0';
    }
    at = i;
    return number;
  }

  private String text(int from) {
    return new String(in, from, at - from, StandardCharsets.ISO_8859_1);
  }

  /** The double next to a decimal number. */
  private double decimal(boolean negative, long digits, int length, int power, int from) {
    if (length <= MOST_DIGITS
        && digits <= EXACT
        && power >= 1 - TENS.length
        && power < TENS.length) {
      double size = power < 0 ? digits / TENS[-power] : digits * TENS[power];
      return negative ? -size : size;
    }
    // Exact as the JDK's, and faster.
    return NumberInput.parseDouble(text(from), true);
  }
}
