package io.tidemark.labelissues;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.TreeSet;

/**
 * Whole rows for which another class is more probable than their label's: those that a person may
 * have to look at. Above a capacity the rows whose label is furthest below the other class. A row
 * among the furthest of all is among those of every part.
 */
final class DoubtfulRows {
  /** Of a window. */
  static final int CAPACITY = 10_000;

  private final int capacity;
  private final TreeSet<Doubtful> rows = new TreeSet<>();

  /**
   * A row.
   *
   * @param margin by how much the label's probability is above the largest other one; below 0
   * @param hash of its id
   */
  record Doubtful(double margin, long hash, InferenceEvent event) implements Comparable<Doubtful> {
    @Override
    public int compareTo(Doubtful other) {
      int order = Double.compare(margin, other.margin);
      order = order != 0 ? order : Long.compareUnsigned(hash, other.hash);
      // One id may stand on differing rows; only equal rows are one.
      return order != 0 || event == other.event
          ? order
          : RowHash.content(event).compareTo(RowHash.content(other.event));
    }
  }

  DoubtfulRows() {
    this(CAPACITY);
  }

  DoubtfulRows(int capacity) {
    this.capacity = capacity;
  }

  /** Whether a row with this margin may be among those that are kept; NaN is none. */
  boolean wants(double margin) {
    return margin < 0 && (rows.size() < capacity || margin <= rows.last().margin());
  }

  void add(double margin, long hash, InferenceEvent event) {
    add(new Doubtful(margin, hash, event));
  }

  private void add(Doubtful row) {
    if (rows.size() < capacity) {
      rows.add(row);
    } else if (row.compareTo(rows.last()) < 0 && rows.add(row)) {
      rows.pollLast();
    }
  }

  void merge(DoubtfulRows other) {
    other.rows.forEach(this::add);
  }

  /** By their margins. */
  Collection<Doubtful> rows() {
    return Collections.unmodifiableSet(rows);
  }

  /** Equal states give equal bytes. */
  void write(DataOutput out) throws IOException {
    Varint.write(rows.size(), out);
    for (Doubtful row : rows) {
      out.writeDouble(row.margin());
      out.writeLong(row.hash());
      InferenceEventCoder.write(row.event(), out);
    }
  }

  static DoubtfulRows read(DataInput in) throws IOException {
    DoubtfulRows read = new DoubtfulRows();
    int size = Varint.readInt(CAPACITY, in);
    for (int i = 0; i < size; i++) {
      read.rows.add(new Doubtful(in.readDouble(), in.readLong(), InferenceEventCoder.read(in)));
    }
    return read;
  }
}
