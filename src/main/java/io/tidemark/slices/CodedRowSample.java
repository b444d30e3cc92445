package io.tidemark.slices;

import io.tidemark.stats.slices.CodedRows;
import io.tidemark.stats.slices.ErrorKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Labelled rows of one window or period as codes and errors; above a capacity those with the
 * smallest hashes. A function of the rows alone, in any order: rows are in the order of their
 * hashes, those of one hash in that of their codes and errors, and rows that are equal in all of
 * them are told apart by nobody. What is among the smallest of a period is among those of its
 * window.
 */
public final class CodedRowSample {
  private static final int HASH = Long.BYTES;

  private final FeatureCodes codes;
  private final int[] counts;
  private final int capacity;

  /** Bytes of a row: its hash, a code a feature (two bytes where there are many), its error. */
  private final int width;

  private byte[] held = new byte[0];
  private int size;
  private boolean settled = true;

  /** Rows of larger hashes are not among the smallest; unsigned. */
  private long most = -1;

  private long rows;
  private long labelled;

  CodedRowSample(FeatureCodes codes, int capacity) {
    this.codes = codes;
    this.counts = codes.counts();
    this.capacity = capacity;
    int bytes = HASH + (codes.kind() == ErrorKind.LOSS ? Double.BYTES : 1);
    for (int count : counts) {
      bytes += wide(count) ? 2 : 1;
    }
    this.width = bytes;
  }

  private static boolean wide(int count) {
    return count > 1 << Byte.SIZE;
  }

  FeatureCodes codes() {
    return codes;
  }

  /** Rows seen. */
  long rows() {
    return rows;
  }

  /** Rows seen that have a label. */
  long labelled() {
    return labelled;
  }

  /** Adds a row that has no label to hold its prediction against. */
  void addUnlabelled() {
    rows++;
  }

  /** Whether a labelled row may be among those that are kept. */
  boolean wants(long hash) {
    return Long.compareUnsigned(hash, most) <= 0;
  }

  /** Adds a labelled row that is not wanted. */
  void addUnwanted() {
    rows++;
    labelled++;
  }

  /**
   * @param hash uniform over all longs; the same wherever and whenever the row is met. A label that
   *     is joined to it makes no difference; one that a row without an id carries itself is part of
   *     that row, as nothing else can ever label it
   */
  void add(long hash, int[] rowCodes, double error) {
    rows++;
    labelled++;
    if (!wants(hash)) {
      return;
    }
    room(1);
    ByteBuffer row = ByteBuffer.wrap(held, size * width, width).putLong(hash);
    for (int i = 0; i < counts.length; i++) {
      if (wide(counts[i])) {
        row.putShort((short) rowCodes[i]);
      } else {
        row.put((byte) rowCodes[i]);
      }
    }
    if (codes.kind() == ErrorKind.LOSS) {
      row.putDouble(error + 0.0); // -0.0 is 0.0
    } else {
      row.put((byte) error);
    }
    size++;
    settled = false;
    if (size >= 2 * capacity) {
      settle();
    }
  }

  private void room(int more) {
    int needed = (size + more) * width;
    if (needed > held.length) {
      held = Arrays.copyOf(held, Math.max(needed, Math.min(2 * held.length, 2 * capacity * width)));
    }
  }

  /** Takes the rows of another one into this. */
  CodedRowSample merge(CodedRowSample other) {
    rows += other.rows;
    labelled += other.labelled;
    if (Long.compareUnsigned(other.most, most) < 0) {
      most = other.most;
    }
    room(other.size);
    System.arraycopy(other.held, 0, held, size * width, other.size * width);
    size += other.size;
    settled = false;
    settle();
    return this;
  }

  /** Sorts the rows, and lets those go that are too many. */
  private void settle() {
    if (settled) {
      return;
    }
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) ->
            Arrays.compareUnsigned(
                held, a * width, (a + 1) * width, held, b * width, (b + 1) * width));
    int kept = Math.min(size, capacity);
    byte[] sorted = new byte[kept * width];
    for (int i = 0; i < kept; i++) {
      System.arraycopy(held, order[i] * width, sorted, i * width, width);
    }
    if (kept == capacity) {
      most = ByteBuffer.wrap(sorted, (kept - 1) * width, HASH).getLong();
    }
    held = sorted;
    size = kept;
    settled = true;
  }

  /** How many rows are kept. */
  int size() {
    settle();
    return size;
  }

  /** Adds the rows that are kept. */
  void addTo(CodedRows.Builder all) {
    settle();
    int[] rowCodes = new int[counts.length];
    ByteBuffer row = ByteBuffer.wrap(held);
    for (int i = 0; i < size; i++) {
      row.getLong();
      for (int j = 0; j < counts.length; j++) {
        rowCodes[j] = wide(counts[j]) ? row.getShort() & 0xFFFF : row.get() & 0xFF;
      }
      all.add(codes.kind() == ErrorKind.LOSS ? row.getDouble() : row.get(), rowCodes);
    }
  }

  void write(DataOutput out) throws IOException {
    settle();
    out.writeLong(rows);
    out.writeLong(labelled);
    out.writeInt(size);
    out.write(held, 0, size * width);
  }

  /**
   * @throws IOException if they are not what {@link #write} has written
   */
  static CodedRowSample read(FeatureCodes codes, int capacity, DataInput in) throws IOException {
    CodedRowSample sample = new CodedRowSample(codes, capacity);
    sample.rows = in.readLong();
    sample.labelled = in.readLong();
    int size = in.readInt();
    if (size < 0 || size > capacity) {
      throw new IOException("keeps " + size + " rows, not up to " + capacity);
    }
    sample.size = size;
    sample.held = new byte[size * sample.width];
    in.readFully(sample.held);
    if (size == capacity) {
      sample.most = ByteBuffer.wrap(sample.held, (size - 1) * sample.width, HASH).getLong();
    }
    return sample;
  }
}
