package io.tidemark.stats.slices;

/** Rows are gone through in blocks that fit the processor's caches with all their features. */
final class RowBlocks {
  static final int SIZE = 1024;

  private static final int[] ALL = new int[SIZE];

  static {
    for (int i = 0; i < SIZE; i++) {
      ALL[i] = i;
    }
  }

  private RowBlocks() {}

  /** What is done with rows {@code from} to {@code from + count}. */
  interface Visitor {
    void visit(int from, int count);
  }

  static void forEach(int rows, Visitor visitor) {
    for (int from = 0; from < rows; from += SIZE) {
      visitor.visit(from, Math.min(SIZE, rows - from));
    }
  }

  /** The places of all rows in a block; not to be written to. */
  static int[] all() {
    return ALL;
  }
}
