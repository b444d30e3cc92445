package io.tidemark.labelissues;

import io.tidemark.stats.Hash128;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Labelled rows by their inputs, those of an input together; of more inputs than the capacity those
 * with the smallest digests, and of these all rows. An input among the smallest of a period is
 * among those of each of its windows.
 */
final class InputSample {
  /** Inputs that are kept of a window, and of a period. */
  static final int CAPACITY = 5_000;

  private final int capacity;
  private final TreeMap<Hash128, InputRows> inputs = new TreeMap<>();
  private long rows;

  InputSample() {
    this(CAPACITY);
  }

  InputSample(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a row. */
  void add(Hash128 digest, LabelledRow row) {
    rows++;
    InputRows held = held(digest);
    if (held != null) {
      held.add(row);
    }
  }

  /** That of an input; null where there are enough before it. */
  private InputRows held(Hash128 digest) {
    InputRows held = inputs.get(digest);
    boolean full = inputs.size() >= capacity;
    if (held != null || (full && digest.compareTo(inputs.lastKey()) > 0)) {
      return held;
    }
    if (full) {
      inputs.pollLastEntry();
    }
    held = new InputRows();
    inputs.put(digest, held);
    return held;
  }

  void merge(InputSample other) {
    rows += other.rows;
    other.inputs.forEach(
        (digest, theirs) -> {
          InputRows held = held(digest);
          if (held != null) {
            held.merge(theirs);
          }
        });
  }

  /** By the inputs' digests. */
  SortedMap<Hash128, InputRows> inputs() {
    return Collections.unmodifiableSortedMap(inputs);
  }

  /** Labelled rows whose inputs are known, kept or not. */
  long rows() {
    return rows;
  }

  /**
   * About how many different inputs there were: where the k smallest digests are kept, k - 1 over
   * the share of all digests that lies below the largest of them.
   */
  double distinct() {
    if (inputs.size() < capacity) {
      return inputs.size();
    }
    double share = ((inputs.lastKey().high() >>> 11) + 1) * 0x1p-53;
    return Math.max(inputs.size(), (inputs.size() - 1) / share);
  }

  /** Equal states give equal bytes. */
  void write(DataOutput out) throws IOException {
    Varint.write(rows, out);
    Varint.write(inputs.size(), out);
    for (Map.Entry<Hash128, InputRows> each : inputs.entrySet()) {
      out.writeLong(each.getKey().high());
      out.writeLong(each.getKey().low());
      each.getValue().write(out);
    }
  }

  static InputSample read(DataInput in) throws IOException {
    InputSample read = new InputSample();
    read.rows = Varint.read(in);
    int size = Varint.readInt(CAPACITY, in);
    for (int i = 0; i < size; i++) {
      read.inputs.put(new Hash128(in.readLong(), in.readLong()), InputRows.read(in));
    }
    return read;
  }
}
