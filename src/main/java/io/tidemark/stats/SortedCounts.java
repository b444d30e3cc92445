package io.tidemark.stats;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * The entries of a {@link ValueCounts} in the order of their values, and what is read off them.
 *
 * @param total of the counts, which tells whether values have been added since
 * @param values ascending, truncated towards zero
 * @param counts beside them
 */
record SortedCounts(long total, double[] values, long[] counts) {

  static SortedCounts of(LongTable table, double[] ascending, long total) {
    long[] counts = new long[ascending.length];
    for (int i = 0; i < ascending.length; i++) {
      counts[i] = table.count(Double.doubleToRawLongBits(ascending[i]));
    }
    return new SortedCounts(total, ascending, counts);
  }

  /**
   * See {@link ValueCounts#quantile}.
   *
   * @param dropped bits that were cut off the values
   */
  double quantile(double p, int dropped) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("Not a probability: " + p);
    }
    if (total == 0) {
      return Double.NaN;
    }
    // In doubles .07 * 100 is 7.000000000000001: its ceiling would be the eighth value.
    BigDecimal product = BigDecimal.valueOf(p).multiply(BigDecimal.valueOf(total));
    long rank = Math.max(1, product.setScale(0, RoundingMode.CEILING).longValueExact());
    int at = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[at]) {
      at++;
    }
    return Truncation.middle(values[at], dropped);
  }

  /**
   * Finite values, ascending.
   *
   * @param values in the middle of their intervals
   * @param halfWidth mean over the rows of the intervals' half widths; 0 if exact
   */
  record Points(double[] values, long[] counts, double halfWidth) {}

  /**
   * @param dropped bits that were cut off the values
   */
  Points points(int dropped) {
    double[] finite = new double[values.length];
    long[] rows = new long[values.length];
    int used = 0;
    double width = 0;
    long all = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        finite[used] = Truncation.middle(values[i], dropped);
        width += Math.abs(finite[used] - values[i]) * counts[i];
        all += counts[i];
        rows[used++] = counts[i];
      }
    }
    return new Points(
        Arrays.copyOf(finite, used), Arrays.copyOf(rows, used), all == 0 ? 0 : width / all);
  }
}
