package io.tidemark.stats.performance;

import io.tidemark.stats.LongTable;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;

/**
 * Rows by score, and a whole-numbered weight beside their count (how many are positive, say): exact
 * while there are at most {@code capacity} different scores. Beyond, every score loses as many low
 * bits of its {@link ScoreKey} as it takes for the different ones to fit; as losing one more bit
 * joins at most two, more than half the capacity stays in use.
 *
 * <p><b>Why this is order-free.</b> Dropping bits is nested, and the number of different truncated
 * scores only grows when rows are added: so the bits dropped are the fewest with which all scores
 * fit, whatever was seen first. For the same reason it does not matter when they are dropped: while
 * rows are added there may be half as many more, and what looks at the histogram drops them first.
 * Not safe for use by several threads.
 */
public final class ScoreHistogram {
  /** Scores of four decimals are exact, and truncated ones fall in more than 8192 bins. */
  public static final int CAPACITY = 1 << 14;

  private static final int MIN_CAPACITY = 2;
  private static final int MAX_CAPACITY = 1 << 24;

  private final int capacity;

  /** What a table made for the capacity holds before it grows. */
  private final int most;

  private LongTable rows = new LongTable();
  private LongTable weights = new LongTable();
  private long total;
  private int dropped;

  /**
   * An empty histogram.
   *
   * @param capacity different scores up to which it is exact
   * @throws IllegalArgumentException if the capacity is below 2 or above 2^24
   */
  public ScoreHistogram(int capacity) {
    if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException("No histogram has the capacity " + capacity);
    }
    this.capacity = capacity;
    this.most = capacity + capacity / 2;
  }

  /**
   * Adds a row.
   *
   * @param weight 0 or more
   * @throws IllegalArgumentException if the score is not from 0 to 1 or the weight negative
   */
  public void add(double score, long weight) {
    if (weight < 0) {
      throw new IllegalArgumentException("Can't weigh " + weight);
    }
    addKey(ScoreKey.of(score), 1, weight);
  }

  private void addKey(long key, long count, long weight) {
    long kept = ScoreKey.truncate(key, dropped);
    rows.add(kept, count);
    if (weight > 0) {
      weights.add(kept, weight);
    }
    total += count;
    if (rows.size() > most) {
      fit();
    }
  }

  /** Drops bits until the capacity suffices. */
  private void fit() {
    if (rows.size() > capacity) {
      dropTo(ScoreKey.least(ascendingKeys(), dropped, capacity));
    }
  }

  private void dropTo(int bits) {
    LongTable fineRows = rows;
    LongTable fineWeights = weights;
    rows = new LongTable(capacity);
    weights = new LongTable();
    dropped = bits;
    total = 0;
    for (long key : fineRows.keys()) {
      addKey(key, fineRows.count(key), fineWeights.count(key));
    }
  }

  /**
   * Adds what the other counted.
   *
   * @throws IllegalArgumentException if the capacities differ
   */
  public void merge(ScoreHistogram other) {
    if (capacity != other.capacity) {
      throw new IllegalArgumentException(
          "Can't merge capacities " + capacity + " and " + other.capacity);
    }
    if (other.dropped > dropped) {
      dropTo(other.dropped);
    }
    LongTable moreRows = other.rows;
    LongTable moreWeights = other.weights;
    for (long key : moreRows.keys()) {
      addKey(key, moreRows.count(key), moreWeights.count(key));
    }
  }

  /** Number of rows. */
  public long total() {
    return total;
  }

  int capacity() {
    return capacity;
  }

  /** Whether every score is kept as it was. */
  public boolean exact() {
    fit();
    return dropped == 0;
  }

  /** Number of different scores, as far as they are kept. */
  public int bins() {
    fit();
    return rows.size();
  }

  /**
   * The rows by score, ascending.
   *
   * @param unit the weight of one positive
   */
  public ScoredRows byScore(double unit) {
    long[] keys = sortedKeys();
    double[] scores = new double[keys.length];
    double[] counts = new double[keys.length];
    double[] positives = new double[keys.length];
    for (int i = 0; i < keys.length; i++) {
      scores[i] = ScoreKey.score(keys[i], dropped);
      counts[i] = rows.count(keys[i]);
      positives[i] = weights.count(keys[i]) / unit;
    }
    return new ScoredRows(scores, counts, positives, ScoreKey.relativeError(dropped));
  }

  private long[] sortedKeys() {
    fit();
    return ascendingKeys();
  }

  private long[] ascendingKeys() {
    long[] keys = rows.keys();
    Arrays.sort(keys);
    return keys;
  }

  /** Writes the entries in ascending order, without the bits that were dropped. */
  public void write(DataOutput out) throws IOException {
    long[] keys = sortedKeys();
    Varint.write(capacity, out);
    out.writeByte(dropped);
    Varint.write(keys.length, out);
    long previous = 0;
    for (long key : keys) {
      long ordinal = (key ^ Long.MIN_VALUE) >>> dropped;
      Varint.write(ordinal - previous, out);
      Varint.write(rows.count(key), out);
      Varint.write(weights.count(key), out);
      previous = ordinal;
    }
  }

  public static ScoreHistogram read(DataInput in) throws IOException {
    int capacity = Varint.readInt(MAX_CAPACITY, in);
    int dropped = in.readByte();
    if (capacity < MIN_CAPACITY || dropped < 0 || dropped > ScoreKey.MAX_DROPPED) {
      throw new StreamCorruptedException("No histogram: " + capacity + ", " + dropped + " bits");
    }
    ScoreHistogram histogram = new ScoreHistogram(capacity);
    histogram.dropped = dropped;
    int entries = Varint.readInt(capacity, in);
    long ordinal = 0;
    for (int i = 0; i < entries; i++) {
      ordinal += Varint.read(in);
      long count = Varint.read(in);
      long weight = Varint.read(in);
      if (count <= 0 || weight < 0) {
        throw new StreamCorruptedException("Can't count " + count + " rows that weigh " + weight);
      }
      histogram.addKey(ordinal << dropped ^ Long.MIN_VALUE, count, weight);
    }
    return histogram;
  }

  @Override
  public boolean equals(Object object) {
    if (!(object instanceof ScoreHistogram other) || capacity != other.capacity) {
      return false;
    }
    fit();
    other.fit();
    if (dropped != other.dropped || total != other.total || rows.size() != other.rows.size()) {
      return false;
    }
    for (long key : rows.keys()) {
      if (rows.count(key) != other.rows.count(key)
          || weights.count(key) != other.weights.count(key)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = capacity;
    for (long key : sortedKeys()) {
      hash = 31 * (31 * hash + Long.hashCode(key)) + Long.hashCode(rows.count(key));
    }
    return hash;
  }

  @Override
  public String toString() {
    return "ScoreHistogram[rows=" + total + ", bins=" + bins() + ", exact=" + exact() + "]";
  }
}
