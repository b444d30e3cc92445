package io.tidemark.stats.slices;

import java.util.Arrays;

/** Codes of one feature, row by row: a byte each, or two where one does not hold them. */
final class Column {
  private static final int BYTE = 0xFF;

  private final int codes;
  private final boolean wide;
  private byte[] low = new byte[16];
  private byte[] high;

  /**
   * @param codes how many there are: 0 to codes - 1
   */
  Column(int codes) {
    if (codes < 1 || codes > 1 << 16) {
      throw new IllegalArgumentException("A feature has 1 to 65536 codes, not " + codes);
    }
    this.codes = codes;
    wide = codes > BYTE + 1;
    high = new byte[wide ? low.length : 0];
  }

  int codes() {
    return codes;
  }

  void set(int row, int code) {
    if (code < 0 || code >= codes) {
      throw new IllegalArgumentException("Code " + code + " of a feature with " + codes);
    }
    if (row == low.length) {
      resize(Math.max(row + 1, (int) Math.min(row * 3L / 2, Integer.MAX_VALUE - 8)));
    }
    low[row] = (byte) code;
    if (wide) {
      high[row] = (byte) (code >> Byte.SIZE);
    }
  }

  /** Holds no more room than for so many rows. */
  void resize(int rows) {
    low = Arrays.copyOf(low, rows);
    high = wide ? Arrays.copyOf(high, rows) : high;
  }

  int get(int row) {
    return wide ? (high[row] & BYTE) << Byte.SIZE | low[row] & BYTE : low[row] & BYTE;
  }

  /** Looks the codes of {@code count} rows up in a table: those at {@code from + offsets[i]}. */
  void lookUp(int from, int[] offsets, int count, int[] table, int[] found) {
    if (wide) {
      for (int i = 0; i < count; i++) {
        found[i] = table[get(from + offsets[i])];
      }
    } else {
      byte[] codes = low;
      for (int i = 0; i < count; i++) {
        found[i] = table[codes[from + offsets[i]] & BYTE];
      }
    }
  }
}
