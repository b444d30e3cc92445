package io.tidemark.ingest.scan;

import io.tidemark.stats.Hash128;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Keys of rows, packed, 8 bytes each: half of {@link io.tidemark.event.RowHash#copyKey}. Holds the
 * keys of one partition while they are gathered, and finds those that came twice.
 *
 * <p>Two rows that are no copies share half a key once in thousands of runs over a hundred million
 * rows. That costs no more than a look: rows with repeated keys are told apart by whole keys.
 */
final class DuplicateKeys {
  /** Keys that are looked at together: their table stays in the processor's cache. */
  private static final int BUCKET = 1 << 12;

  private long[] words = new long[64];
  private int size;

  void add(Hash128 key) {
    add(key.low());
  }

  private void add(long word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
    words[size++] = word;
  }

  void add(byte[] packed) {
    LongBuffer in = ByteBuffer.wrap(packed).asLongBuffer();
    int more = in.remaining();
    if (size + more > words.length) {
      words = Arrays.copyOf(words, Math.max(size + more, words.length * 2));
    }
    in.get(words, size, more);
    size += more;
  }

  int size() {
    return size;
  }

  byte[] packed() {
    ByteBuffer bytes = ByteBuffer.allocate(size * Long.BYTES);
    bytes.asLongBuffer().put(words, 0, size);
    return bytes.array();
  }

  /** The keys that were added more than once, each once. */
  DuplicateKeys repeated() {
    int bits = 0;
    while (size >> bits > BUCKET) {
      bits++;
    }
    int shift = Long.SIZE - bits;
    int[] ends = new int[(1 << bits) + 1];
    for (int i = 0; i < size; i++) {
      ends[bucket(words[i], shift) + 1]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    int[] next = ends.clone();
    long[] sorted = new long[size];
    for (int i = 0; i < size; i++) {
      sorted[next[bucket(words[i], shift)]++] = words[i];
    }
    DuplicateKeys repeated = new DuplicateKeys();
    for (int bucket = 0; bucket < ends.length - 1; bucket++) {
      repeated.addRepeated(sorted, ends[bucket], ends[bucket + 1]);
    }
    return repeated;
  }

  /** By the highest bits; all bits are as good as random. */
  private static int bucket(long word, int shift) {
    return shift == Long.SIZE ? 0 : (int) (word >>> shift);
  }

  private void addRepeated(long[] keys, int from, int to) {
    Lookup seen = new Lookup(to - from);
    int first = size;
    for (int i = from; i < to; i++) {
      if (!seen.add(keys[i])) {
        add(keys[i]);
      }
    }
    // One that came three times is here twice.
    Arrays.sort(words, first, size);
    int end = first;
    for (int i = first; i < size; i++) {
      if (i == first || words[i] != words[i - 1]) {
        words[end++] = words[i];
      }
    }
    size = end;
  }

  /** A set of keys, to ask whether a row is one of several copies. */
  static final class Lookup {
    private final long[] slots;
    private boolean zero;

    private Lookup(int keys) {
      slots = new long[Integer.highestOneBit(Math.max(8, keys)) * 4];
    }

    static Lookup of(byte[] packed) {
      LongBuffer in = ByteBuffer.wrap(packed).asLongBuffer();
      Lookup lookup = new Lookup(in.remaining());
      while (in.hasRemaining()) {
        lookup.add(in.get());
      }
      return lookup;
    }

    /** Whether it is new. */
    private boolean add(long word) {
      int slot = slot(word);
      boolean there = word == 0 ? zero : slots[slot] == word;
      zero |= word == 0; // which marks what is free
      slots[slot] = word;
      return !there;
    }

    boolean contains(Hash128 key) {
      long word = key.low();
      return word == 0 ? zero : slots[slot(word)] == word;
    }

    /** Where a word is, or would be. */
    private int slot(long word) {
      int mask = slots.length - 1;
      int slot = (int) word & mask;
      while (slots[slot] != 0 && slots[slot] != word) {
        slot = slot + 1 & mask;
      }
      return slot;
    }
  }
}
