package io.tidemark.stats.slices;

import io.tidemark.stats.ExactSum;

/**
 * Errors as whole numbers of a unit, so that sums do not depend on the order of rows: mistakes
 * count 1, losses are rounded up to a 2^-29th of the power of two at or below the largest. What is
 * summed up is too large by less than a unit a row, so that a slice's score lies in a known range;
 * the few slices near the best are told apart by exact sums.
 */
final class ErrorUnits {
  /** The largest loss has 2^29 to 2^30 units: 2^31 rows of it sum up to less than 2^63. */
  private static final int BITS = 29;

  private final int[] units;
  private final double mean;
  private final double slack;

  private ErrorUnits(int[] units, double mean, double slack) {
    this.units = units;
    this.mean = mean;
    this.slack = slack;
  }

  static ErrorUnits of(CodedRows rows) {
    int[] units = new int[rows.size()];
    if (rows.kind() == ErrorKind.MISTAKE) {
      rows.mistakes().stream().forEach(row -> units[row] = 1);
      return new ErrorUnits(units, (double) rows.mistakes().cardinality() / rows.size(), 0);
    }
    double largest = 0;
    ExactSum sum = new ExactSum();
    for (int row = 0; row < units.length; row++) {
      largest = Math.max(largest, rows.error(row));
      sum.add(rows.error(row));
    }
    int shift = BITS - Math.getExponent(largest);
    for (int row = 0; row < units.length; row++) {
      units[row] = (int) Math.ceil(Math.scalb(rows.error(row), shift));
    }
    return new ErrorUnits(units, Math.scalb(sum.over(units.length), shift), 1);
  }

  /** Of each row. */
  int[] units() {
    return units;
  }

  /** The mean of all rows in units, not rounded up. */
  double mean() {
    return mean;
  }

  /** By how many units a row's error may be rounded up. */
  double slack() {
    return slack;
  }
}
