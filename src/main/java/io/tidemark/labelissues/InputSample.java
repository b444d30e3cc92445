package io.tidemark.labelissues;

import io.tidemark.stats.Hash128;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
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
  private final Map<Hash128, InputRows> inputs = new HashMap<>(); // what is read of it is sorted
  private long rows;

  /** The largest digest that there is room for; null: any. */
  private Hash128 most;

  InputSample() {
    this(CAPACITY);
  }

  InputSample(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a row. */
  void add(Hash128 digest, LabelledRow row) {
    rows++;
    InputRows held = held(digest, null);
    if (held != null) {
      held.add(row);
    }
  }

  /**
   * That of an input; null where there are enough before it, or the new one has become it.
   *
   * @param made null: one is made where there is none
   */
  private InputRows held(Hash128 digest, InputRows made) {
    if (most != null && digest.compareTo(most) > 0) {
      return null;
    }
    InputRows held = inputs.get(digest);
    if (held != null) {
      return held;
    }
    held = made == null ? new InputRows() : made;
    inputs.put(digest, held);
    if (inputs.size() >= 2 * capacity) {
      sorted();
    }
    return made == null ? held : null;
  }

  /** Takes the rows of another one, which is not to be used any more, into this. */
  void merge(InputSample other) {
    rows += other.rows;
    other.inputs.forEach(
        (digest, theirs) -> {
          InputRows held = held(digest, theirs);
          if (held != null) {
            held.merge(theirs);
          }
        });
  }

  /** The digests, ascending, after those beyond the capacity have gone. */
  private Hash128[] sorted() {
    Hash128[] digests = inputs.keySet().toArray(Hash128[]::new);
    Arrays.sort(digests);
    if (digests.length < capacity) {
      return digests;
    }
    for (int i = capacity; i < digests.length; i++) {
      inputs.remove(digests[i]);
    }
    most = digests[capacity - 1];
    return Arrays.copyOf(digests, capacity);
  }

  /** By the inputs' digests. */
  SortedMap<Hash128, InputRows> inputs() {
    TreeMap<Hash128, InputRows> sorted = new TreeMap<>();
    for (Hash128 digest : sorted()) {
      sorted.put(digest, inputs.get(digest));
    }
    return sorted;
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
    int kept = sorted().length;
    if (kept < capacity) {
      return kept;
    }
    double share = ((most.high() >>> 11) + 1) * 0x1p-53;
    return Math.max(kept, (kept - 1) / share);
  }

  /** Equal states give equal bytes. */
  void write(DataOutput out) throws IOException {
    Hash128[] digests = sorted();
    Varint.write(rows, out);
    Varint.write(digests.length, out);
    for (Hash128 digest : digests) {
      out.writeLong(digest.high());
      out.writeLong(digest.low());
      inputs.get(digest).write(out);
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
