package io.tidemark.stats.slices;

/** How many rows each cell of a cross-table has, with the sum and maximum of their errors. */
final class Tally {
  private static final int HALF = 32;
  private static final long ROW = 1L << HALF;

  /** Sums; of mistakes with the size in the upper half, so that a row costs one addition. */
  private final long[] sums;

  private final int[] sizes;
  private final int[] maxima;

  Tally(ErrorKind kind, int cells) {
    boolean losses = kind == ErrorKind.LOSS;
    sums = new long[cells];
    sizes = losses ? new int[cells] : null;
    maxima = losses ? new int[cells] : null;
  }

  /**
   * Adds rows.
   *
   * @param cells of {@code count} rows
   * @param units of their errors, from {@code from} on
   */
  void add(int[] cells, int[] units, int from, int count) {
    if (maxima == null) {
      for (int i = 0; i < count; i++) {
        sums[cells[i]] += ROW | units[from + i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      int cell = cells[i];
      int unit = units[from + i];
      sizes[cell]++;
      sums[cell] += unit;
      if (unit > maxima[cell]) {
        maxima[cell] = unit;
      }
    }
  }

  int size(int cell) {
    return maxima == null ? (int) (sums[cell] >>> HALF) : sizes[cell];
  }

  long sum(int cell) {
    return maxima == null ? (int) sums[cell] : sums[cell];
  }

  int max(int cell) {
    return maxima == null ? (int) Math.min(1, sum(cell)) : maxima[cell];
  }
}
