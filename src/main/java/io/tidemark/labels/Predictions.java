package io.tidemark.labels;

import io.tidemark.event.PredictionKeys;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The predictions of one partition, in columns; some 50 bytes each. */
final class Predictions {
  /** Bits of a position within a partition; the others of a long sort by the id's hash. */
  private static final int PLACE_BITS = 28;

  private long[] highs = new long[1024];
  private long[] lows = new long[1024];
  private long[] times = new long[1024];
  private long[] ownHighs = new long[1024];
  private long[] ownLows = new long[1024];
  private int[] versions = new int[1024];

  /** The different versions, and their places. */
  private final List<Hash128> versionTable = new ArrayList<>();

  private final Map<Hash128, Integer> versionCodes = new HashMap<>();

  private int size;

  /** Positions in the order of ids. */
  private int[] order = {};

  void add(byte[] packed) {
    int needed = size + PredictionKeys.count(packed);
    if (needed > highs.length) {
      int capacity = Math.max(needed, highs.length + (highs.length >> 1));
      highs = Arrays.copyOf(highs, capacity);
      lows = Arrays.copyOf(lows, capacity);
      times = Arrays.copyOf(times, capacity);
      ownHighs = Arrays.copyOf(ownHighs, capacity);
      ownLows = Arrays.copyOf(ownLows, capacity);
      versions = Arrays.copyOf(versions, capacity);
    }
    PredictionKeys.read(
        packed,
        (high, low, time, version, own) -> {
          highs[size] = high;
          lows[size] = low;
          times[size] = time;
          versions[size] = code(version);
          ownHighs[size] = own.high();
          ownLows[size] = own.low();
          size++;
        });
  }

  private int code(Hash128 version) {
    Integer code = versionCodes.putIfAbsent(version, versionTable.size());
    if (code == null) {
      versionTable.add(version);
      return versionTable.size() - 1;
    }
    return code;
  }

  /**
   * Brings the rows of an id together, in ascending order of hashes.
   *
   * @param bits of the hashes that all rows of the partition share
   */
  void sort(int bits) {
    long[] keys = new long[size];
    long prefix = -1L << PLACE_BITS;
    for (int i = 0; i < size; i++) {
      keys[i] = ((highs[i] << bits) & prefix | i) + Long.MIN_VALUE; // sorts as if unsigned
    }
    Arrays.sort(keys);
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = (int) (keys[i] & ~prefix);
    }
    for (int i = 0; i < size; ) {
      int end = i + 1;
      boolean differ = false;
      while (end < size && ((keys[end] ^ keys[i]) & prefix) == 0) {
        differ |= compare(order[i], order[end]) != 0;
        end++;
      }
      if (differ) {
        sortRun(i, end);
      }
      i = end;
    }
  }

  /** Different ids that begin alike: few. */
  private void sortRun(int from, int to) {
    Integer[] run = new Integer[to - from];
    for (int i = from; i < to; i++) {
      run[i - from] = order[i];
    }
    Comparator<Integer> byId = this::compare;
    Arrays.sort(run, byId);
    for (int i = from; i < to; i++) {
      order[i] = run[i - from];
    }
  }

  private int compare(int left, int right) {
    int byHigh = Long.compareUnsigned(highs[left], highs[right]);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(lows[left], lows[right]);
  }

  int size() {
    return size;
  }

  /** End of the run of rows with the id of row {@code i}; rows are counted in the order of ids. */
  int endOfId(int i) {
    int end = i + 1;
    while (end < size && compare(order[i], order[end]) == 0) {
      end++;
    }
    return end;
  }

  long high(int i) {
    return highs[order[i]];
  }

  long low(int i) {
    return lows[order[i]];
  }

  long time(int i) {
    return times[order[i]];
  }

  /** What the log says, {@link PredictionKeys#NO_LABEL} where it says nothing. */
  Hash128 own(int i) {
    return new Hash128(ownHighs[order[i]], ownLows[order[i]]);
  }

  Hash128 version(int i) {
    return versionTable.get(versions[order[i]]);
  }
}
