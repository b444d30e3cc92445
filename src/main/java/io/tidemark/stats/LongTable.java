package io.tidemark.stats;

/**
 * Positive counts by long key: open addressing with linear probing, key and count side by side.
 * Starts with eight slots, so that thousands of tables are cheap. What it holds does not depend on
 * the order of additions; the order of {@link #keys()} does, so callers sort.
 */
public final class LongTable {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
  private static final int START_BITS = 3;

  private long[] slots;
  private int shift;
  private int size;

  public LongTable() {
    clear(START_BITS);
  }

  /** Room for about so many keys. */
  public LongTable(int keys) {
    clear(Math.max(START_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(keys)));
  }

  private void clear(int bits) {
    slots = new long[2 << bits];
    shift = Long.SIZE - bits;
    size = 0;
  }

  /** Adds to the count of a key; {@code count} is positive. */
  public void add(long key, long count) {
    int at = slot(key);
    if (slots[at + 1] == 0) {
      slots[at] = key;
      size++;
      slots[at + 1] = count;
      if (size * 4L > slots.length / 2 * 3L) {
        grow();
      }
    } else {
      slots[at + 1] += count;
    }
  }

  /** The count of a key, 0 if it was never added. */
  public long count(long key) {
    return slots[slot(key) + 1];
  }

  public int size() {
    return size;
  }

  /** All keys, in no particular order. */
  public long[] keys() {
    long[] keys = new long[size];
    int n = 0;
    for (int at = 0; at < slots.length; at += 2) {
      if (slots[at + 1] != 0) {
        keys[n++] = slots[at];
      }
    }
    return keys;
  }

  /** Where a key is or, if it is nowhere, where it would go. */
  private int slot(long key) {
    long[] table = slots;
    int mask = table.length - 1;
    // Doubles differ in their high bits, codes in their low ones: both must reach the product's
    // top.
    int at = (int) (((key ^ key >>> 32) * GOLDEN_RATIO) >>> shift) << 1;
    while (table[at + 1] != 0 && table[at] != key) {
      at = (at + 2) & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = slots;
    clear(Long.SIZE - shift + 1);
    for (int at = 0; at < old.length; at += 2) {
      if (old[at + 1] != 0) {
        add(old[at], old[at + 1]);
      }
    }
  }
}
