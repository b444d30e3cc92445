package io.tidemark.labelissues;

import io.tidemark.stats.SmallestRows;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What confident learning goes by: of labelled rows with scores the label's class and the classes'
 * probabilities; above a capacity of the rows with the smallest hashes.
 */
final class ScoredRows {
  /** Labelled rows of a period that thresholds are made of, at most. */
  static final int MOST_ROWS = 100_000;

  /** The same in probabilities: rows of very many classes are fewer. */
  private static final int MOST_SCORES = 2_000_000;

  private final int classes;
  private final int stored;
  private final SmallestRows rows;

  /** Takes rows, see {@link #forEach}. */
  interface Visitor {
    void row(int code, double[] probabilities, String name);
  }

  ScoredRows(int classes) {
    this(classes, null);
  }

  private ScoredRows(int classes, SmallestRows rows) {
    this.classes = classes;
    this.stored = stored(classes);
    this.rows = rows == null ? new SmallestRows(width(classes), capacity(classes)) : rows;
  }

  /** Of two probabilities one says it. */
  private static int stored(int classes) {
    return classes == 2 ? 1 : classes;
  }

  private static int width(int classes) {
    return Long.BYTES + Short.BYTES + Double.BYTES * stored(classes);
  }

  static int capacity(int classes) {
    return Math.min(MOST_ROWS, MOST_SCORES / Math.max(1, classes));
  }

  void add(long hash, int code, double[] probabilities) {
    if (!rows.wants(hash)) {
      return;
    }
    ByteBuffer row = rows.add(hash).putShort((short) code);
    for (int i = classes - stored; i < classes; i++) {
      row.putDouble(probabilities[i] + 0.0);
    }
  }

  void merge(ScoredRows other) {
    rows.merge(other.rows);
  }

  int size() {
    return rows.size();
  }

  /** By the order of their hashes, which name them. */
  void forEach(Visitor visitor) {
    ByteBuffer all = rows.rows();
    while (all.hasRemaining()) {
      long hash = all.getLong();
      int code = all.getShort();
      double[] probabilities = new double[classes];
      for (int i = classes - stored; i < classes; i++) {
        probabilities[i] = all.getDouble();
      }
      if (stored == 1) {
        probabilities[0] = 1 - probabilities[1];
      }
      visitor.row(code, probabilities, name(hash));
    }
  }

  /** How a row is told from others where margins are equal. */
  static String name(long hash) {
    return HexFormat.of().toHexDigits(hash);
  }

  void write(DataOutput out) throws IOException {
    rows.write(out);
  }

  static ScoredRows read(int classes, DataInput in) throws IOException {
    return new ScoredRows(classes, SmallestRows.read(width(classes), capacity(classes), in));
  }
}
