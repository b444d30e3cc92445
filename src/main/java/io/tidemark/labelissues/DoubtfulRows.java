package io.tidemark.labelissues;

import io.tidemark.event.InferenceEvent;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Whole rows whose label may be wrong: those that a person may have to look at. Above a capacity
 * the most doubtful ones. A row among these of all is among those of every part.
 */
final class DoubtfulRows {
  /** Of a window. */
  static final int CAPACITY = 10_000;

  private final int capacity;
  private final List<Doubtful> rows = new ArrayList<>();

  /** Whether the rows are in order, none twice and none beyond the capacity. */
  private boolean settled = true;

  /** The last that there is room for; null: any. */
  private Doubtful last;

  /**
   * A row.
   *
   * @param standing of its label, such as {@link LabelledRow#standing}; below 0
   * @param hash of its id
   */
  record Doubtful(double standing, long hash, KeptRow row) implements Comparable<Doubtful> {
    InferenceEvent event() {
      return row.event();
    }

    @Override
    public int compareTo(Doubtful other) {
      int order = Double.compare(standing, other.standing);
      order = order != 0 ? order : Long.compareUnsigned(hash, other.hash);
      // One id may stand on differing rows; only equal rows are one.
      return order != 0 ? order : row.compareContent(other.row);
    }
  }

  DoubtfulRows() {
    this(CAPACITY);
  }

  DoubtfulRows(int capacity) {
    this.capacity = capacity;
  }

  /** Whether a row whose label stands so may be among those that are kept; NaN is none. */
  boolean wants(double standing) {
    return standing < 0 && (last == null || standing <= last.standing());
  }

  void add(double standing, long hash, InferenceEvent event) {
    add(new Doubtful(standing, hash, KeptRow.of(event)));
  }

  private void add(Doubtful row) {
    if (last == null || row.compareTo(last) < 0) {
      rows.add(row);
      settled = false;
      if (rows.size() >= 2 * capacity) {
        settle();
      }
    }
  }

  private void settle() {
    if (settled) {
      return;
    }
    settled = true;
    Collections.sort(rows);
    int kept = 0;
    for (int i = 0; i < rows.size() && kept < capacity; i++) {
      Doubtful row = rows.get(i);
      if (kept == 0 || row.compareTo(rows.get(kept - 1)) != 0) {
        rows.set(kept++, row);
      }
    }
    rows.subList(kept, rows.size()).clear();
    last = kept == capacity ? rows.get(kept - 1) : null;
  }

  void merge(DoubtfulRows other) {
    other.rows.forEach(this::add);
  }

  /** The most doubtful first. */
  List<Doubtful> rows() {
    settle();
    return Collections.unmodifiableList(rows);
  }

  /** Equal states give equal bytes. */
  void write(DataOutput out) throws IOException {
    settle();
    Varint.write(rows.size(), out);
    for (Doubtful row : rows) {
      out.writeDouble(row.standing());
      out.writeLong(row.hash());
      row.row().write(out);
    }
  }

  static DoubtfulRows read(DataInput in) throws IOException {
    DoubtfulRows read = new DoubtfulRows();
    int size = Varint.readInt(CAPACITY, in);
    for (int i = 0; i < size; i++) {
      read.rows.add(new Doubtful(in.readDouble(), in.readLong(), KeptRow.read(in)));
    }
    return read;
  }
}
