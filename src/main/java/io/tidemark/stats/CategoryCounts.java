package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts by text, of at most {@code capacity} different values: those with the smallest {@link
 * Hash128} of their UTF-8 bytes. The others are counted together.
 *
 * <p><b>Why this is order-free.</b> A value that is among the smallest of all values was among the
 * smallest of those seen at any time before, in any part: so it was never let go, and its count is
 * complete. What is kept, and so what is left over, is a function of the multiset of values alone.
 * Not safe for use by several threads.
 */
public final class CategoryCounts {
  /** Keeps the empty text, whose hash is 0, away from the hash 0. */
  private static final long SALT = 0x9E3779B97F4A7C15L;

  private static final int MAX_BYTES = 1 << 28;

  private final int capacity;
  private final Map<String, Entry> byValue = new HashMap<>();

  /** The same entries; null while all fit, when nobody asks which hash is the largest. */
  private TreeSet<Entry> byHash;

  private long total;
  private long other;

  /** Of all values; null while these are all kept. */
  private DistinctCounter distinct;

  private static final class Entry {
    private static final Comparator<Entry> ORDER =
        Comparator.<Entry, Hash128>comparing(entry -> entry.hash)
            .thenComparing(entry -> entry.value); // hostile input may well find equal hashes

    private final Hash128 hash;
    private final String value;
    private long count;

    Entry(Hash128 hash, String value) {
      this.hash = hash;
      this.value = value;
    }
  }

  /**
   * Counts at most {@code capacity} values by themselves.
   *
   * @throws IllegalArgumentException if the capacity is below 1
   */
  public CategoryCounts(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("The capacity must be at least 1, not " + capacity);
    }
    this.capacity = capacity;
  }

  public void add(String value) {
    add(value, 1);
  }

  /**
   * Adds a value {@code count} times. Surrogates without their pair, which UTF-8 can't hold, count
   * as question marks.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public void add(String value, long count) {
    if (count < 0) {
      throw new IllegalArgumentException("Can't add \"" + value + "\", " + count + " times");
    }
    if (count == 0) {
      return;
    }
    total += count;
    Entry known = byValue.get(value);
    if (known != null) {
      known.count += count;
      return;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    addUnknown(new Entry(Hash128.of(bytes), new String(bytes, StandardCharsets.UTF_8)), count);
  }

  private void addUnknown(Entry entry, long count) {
    Entry known = byValue.get(entry.value);
    if (known != null) {
      known.count += count;
      return;
    }
    entry.count = count;
    if (distinct == null && byValue.size() < capacity) {
      byValue.put(entry.value, entry);
      return;
    }
    spill();
    distinct.add(spread(entry.hash));
    if (byValue.size() == capacity) {
      Entry last = byHash.last();
      if (Entry.ORDER.compare(entry, last) > 0) {
        other += count;
        return;
      }
      byHash.remove(last);
      byValue.remove(last.value);
      other += last.count;
    }
    byValue.put(entry.value, entry);
    byHash.add(entry);
  }

  /** From here on not every value is kept. */
  private void spill() {
    if (distinct == null) {
      distinct = new DistinctCounter();
      byValue.values().forEach(entry -> distinct.add(spread(entry.hash)));
      byHash = new TreeSet<>(Entry.ORDER);
      byHash.addAll(byValue.values());
    }
  }

  private static long spread(Hash128 hash) {
    return Hash128.finish(hash.low() + SALT);
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if the capacities differ
   */
  public void merge(CategoryCounts from) {
    if (capacity != from.capacity) {
      throw new IllegalArgumentException(
          "Can't merge capacities " + capacity + " and " + from.capacity);
    }
    SortedMap<String, Long> more = from.counts();
    long moreOther = from.other;
    if (from.distinct != null) {
      spill();
      distinct.merge(from.distinct);
    }
    more.forEach(this::add);
    other += moreOther;
    total += moreOther;
  }

  public long total() {
    return total;
  }

  /** Number of additions of values that are not kept. */
  public long other() {
    return other;
  }

  /** The counts of the values that are kept, in the natural order of strings. */
  public SortedMap<String, Long> counts() {
    SortedMap<String, Long> counts = new TreeMap<>();
    byValue.forEach((value, entry) -> counts.put(value, entry.count));
    return Collections.unmodifiableSortedMap(counts);
  }

  /** Additions of a value; 0 where it is not kept. */
  public long count(String value) {
    Entry entry = byValue.get(value);
    return entry == null ? 0 : entry.count;
  }

  /** Number of different values: exact while all are kept, then an estimate. */
  public long distinct() {
    return distinct == null ? byValue.size() : distinct.estimate();
  }

  public void write(DataOutput out) throws IOException {
    Varint.write(capacity, out);
    Varint.write(byValue.size(), out);
    for (Map.Entry<String, Long> entry : counts().entrySet()) {
      byte[] bytes = entry.getKey().getBytes(StandardCharsets.UTF_8);
      Varint.write(bytes.length, out);
      out.write(bytes);
      Varint.write(entry.getValue(), out);
    }
    out.writeBoolean(distinct != null);
    if (distinct != null) {
      Varint.write(other, out);
      distinct.write(out);
    }
  }

  public static CategoryCounts read(DataInput in) throws IOException {
    CategoryCounts counts = new CategoryCounts(Math.max(1, Varint.readInt(Integer.MAX_VALUE, in)));
    int entries = Varint.readInt(counts.capacity, in);
    for (int i = 0; i < entries; i++) {
      byte[] bytes = new byte[Varint.readInt(MAX_BYTES, in)];
      in.readFully(bytes);
      long count = Varint.read(in);
      if (count <= 0) {
        throw new StreamCorruptedException("A value can't be counted " + count + " times");
      }
      counts.add(new String(bytes, StandardCharsets.UTF_8), count);
    }
    if (in.readBoolean()) {
      counts.spill();
      counts.other = Varint.read(in);
      counts.total += counts.other;
      counts.distinct = DistinctCounter.read(in);
    }
    return counts;
  }

  int capacity() {
    return capacity;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof CategoryCounts that
        && capacity == that.capacity
        && other == that.other
        && counts().equals(that.counts())
        && (distinct == null ? that.distinct == null : distinct.equals(that.distinct));
  }

  @Override
  public int hashCode() {
    return 31 * counts().hashCode() + Long.hashCode(other);
  }

  @Override
  public String toString() {
    return "CategoryCounts[counts=" + counts() + ", other=" + other + "]";
  }
}
