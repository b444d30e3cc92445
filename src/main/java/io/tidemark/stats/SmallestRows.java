package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of so many bytes each that begin with a hash; above a capacity those with the smallest
 * hashes. A function of the rows alone, in any order: they are in the order of their bytes, and
 * equal rows are told apart by nobody. What is among the smallest of all is among those of every
 * part. Not safe for use by several threads.
 */
public final class SmallestRows {
  private final int width;
  private final int capacity;

  private byte[] held = new byte[0];
  private int size;
  private boolean settled = true;

  /** Rows of larger hashes are not among the smallest; unsigned. */
  private long most = -1;

  /**
   * @param width bytes of a row, its hash of 8 among them
   */
  public SmallestRows(int width, int capacity) {
    this.width = width;
    this.capacity = capacity;
  }

  /** Whether a row may be among those that are kept. */
  public boolean wants(long hash) {
    return Long.compareUnsigned(hash, most) <= 0;
  }

  /**
   * Adds a row.
   *
   * @param hash uniform over all longs; the same wherever and whenever the row is met
   * @return where all of the rest of the row is to be put, before anything else is asked for
   */
  public ByteBuffer add(long hash) {
    if (size >= 2 * capacity) {
      settle();
    }
    room(1);
    ByteBuffer row = ByteBuffer.wrap(held, size * width, width).putLong(hash);
    size++;
    settled = false;
    return row;
  }

  private void room(int more) {
    int needed = (size + more) * width;
    if (needed > held.length) {
      held = Arrays.copyOf(held, Math.max(needed, Math.min(2 * held.length, 2 * capacity * width)));
    }
  }

  /** Takes the rows of another one into this. */
  public void merge(SmallestRows other) {
    if (Long.compareUnsigned(other.most, most) < 0) {
      most = other.most;
    }
    room(other.size);
    System.arraycopy(other.held, 0, held, size * width, other.size * width);
    size += other.size;
    settled = false;
    settle();
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
      most = ByteBuffer.wrap(sorted, (kept - 1) * width, Long.BYTES).getLong();
    }
    held = sorted;
    size = kept;
    settled = true;
  }

  /** How many rows are kept. */
  public int size() {
    settle();
    return size;
  }

  /** The rows that are kept, one behind the other. */
  public ByteBuffer rows() {
    settle();
    return ByteBuffer.wrap(held, 0, size * width).asReadOnlyBuffer();
  }

  /** Equal states give equal bytes. */
  public void write(DataOutput out) throws IOException {
    settle();
    out.writeInt(size);
    out.write(held, 0, size * width);
  }

  /**
   * @throws IOException if it is not what {@link #write} has written of such rows
   */
  public static SmallestRows read(int width, int capacity, DataInput in) throws IOException {
    SmallestRows read = new SmallestRows(width, capacity);
    int size = in.readInt();
    if (size < 0 || size > capacity) {
      throw new StreamCorruptedException("keeps " + size + " rows, not up to " + capacity);
    }
    read.size = size;
    read.held = new byte[size * width];
    in.readFully(read.held);
    if (size == capacity) {
      read.most = ByteBuffer.wrap(read.held, (size - 1) * width, Long.BYTES).getLong();
    }
    return read;
  }
}
