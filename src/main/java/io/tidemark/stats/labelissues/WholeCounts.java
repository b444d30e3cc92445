package io.tidemark.stats.labelissues;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Whole numbers of shares that sum to what the shares sum to. Follows cleanlab's {@code
 * round_preserving_sum} to the operation, since a share such as 2.5 rounds either way by its last
 * digit.
 */
final class WholeCounts {
  /** Sums of fewer values are added one by one, NumPy's way. */
  private static final int UNROLLED = 8;

  private static final int BLOCK = 128;

  private WholeCounts() {}

  /**
   * Rounds each to the nearest, half to even, then moves those that were rounded furthest by one
   * until the sum is right; of equal ones the first is lowered, the last is raised.
   */
  static long[] of(double[] shares) {
    double[] whole = new double[shares.length];
    double total = 0;
    for (int i = 0; i < shares.length; i++) {
      whole[i] = Math.rint(shares[i]);
      total += whole[i];
    }
    double missing = Math.rint(sum(shares, 0, shares.length)) - total;
    while (missing != 0) {
      int step = missing < 0 ? -1 : 1;
      int[] order =
          IntStream.range(0, shares.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> shares[i] - whole[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int i = 0; i < order.length && missing != 0; i++, missing -= step) {
        whole[order[step < 0 ? i : order.length - 1 - i]] += step;
      }
    }
    long[] counts = new long[shares.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (long) whole[i];
    }
    return counts;
  }

  /** NumPy's pairwise sum of {@code length} values from {@code from} on. */
  static double sum(double[] values, int from, int length) {
    if (length > BLOCK) {
      int half = length / 2 - length / 2 % UNROLLED;
      return sum(values, from, half) + sum(values, from + half, length - half);
    }
    if (length < UNROLLED) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += values[from + i];
      }
      return sum;
    }
    double[] r = new double[UNROLLED];
    int whole = length - length % UNROLLED;
    for (int i = 0; i < whole; i++) {
      r[i % UNROLLED] += values[from + i];
    }
    double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (int i = whole; i < length; i++) {
      sum += values[from + i];
    }
    return sum;
  }
}
