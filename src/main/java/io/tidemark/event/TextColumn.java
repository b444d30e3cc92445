package io.tidemark.event;

import java.util.Arrays;

/**
 * A text column of a batch of rows: codes of a table of values, as column formats store it.
 *
 * @param values by code; the same array as long as codes mean the same, over many batches
 * @param codes by row; -1: missing
 */
public record TextColumn(String[] values, int[] codes) implements IdColumn {

  /** A column that is missing in every row. */
  public static TextColumn missing(int rows) {
    int[] codes = new int[rows];
    Arrays.fill(codes, -1);
    return new TextColumn(new String[0], codes);
  }

  /** The value of a row, or null. */
  @Override
  public String text(int row) {
    int code = codes[row];
    return code < 0 ? null : values[code];
  }
}
