package io.tidemark.stats;

/**
 * Adds rows of a column that come as codes of a small table of values to a {@link CategorySummary}:
 * a row costs an increment, and each value is looked up once a table.
 *
 * <p>The summary is not up to date before {@link #flush}. Not safe for use by several threads.
 */
public final class CategoryTally {
  /** Larger tables are not worth counters of their own: 32 kB. */
  private static final int MOST_VALUES = 1 << 13;

  private static final int MOST_PENDING = 1 << 30;

  private final CategorySummary summary;
  private String[] table = {};

  /** By code, one up: the first counts the missing ones. */
  private int[] counts = {0};

  private int pending;

  public CategoryTally(CategorySummary summary) {
    this.summary = summary;
  }

  /**
   * Adds rows.
   *
   * @param values by code; the same array as long as codes mean the same
   * @param codes by row; -1: missing
   * @param rows which rows
   */
  public void add(String[] values, int[] codes, int[] rows, int from, int to) {
    if (values.length > MOST_VALUES || values.length > 4 * (to - from) && values != table) {
      addEach(values, codes, rows, from, to);
      return;
    }
    if (values != table) {
      flush();
      table = values;
      counts = new int[values.length + 1];
    }
    for (int i = from; i < to; i++) {
      counts[codes[rows[i]] + 1]++;
    }
    pending += to - from;
    if (pending > MOST_PENDING) {
      flush();
    }
  }

  private void addEach(String[] values, int[] codes, int[] rows, int from, int to) {
    for (int i = from; i < to; i++) {
      int code = codes[rows[i]];
      if (code < 0) {
        summary.addMissing();
      } else {
        summary.add(values[code]);
      }
    }
  }

  /** Brings the summary up to date. */
  public void flush() {
    pending = 0;
    summary.addMissing(counts[0]);
    counts[0] = 0;
    for (int code = 0; code < table.length; code++) {
      if (counts[code + 1] > 0) {
        summary.add(table[code], counts[code + 1]);
        counts[code + 1] = 0;
      }
    }
  }
}
