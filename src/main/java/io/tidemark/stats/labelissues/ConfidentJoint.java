package io.tidemark.stats.labelissues;

import java.util.Arrays;

/**
 * How many rows there probably are of each given label and true class (cleanlab, {@code
 * compute_confident_joint}): the confident counts, with at least one on the diagonal, scaled to the
 * number of rows that each label was given, as whole numbers.
 */
public final class ConfidentJoint {
  private final long[][] counts;

  private ConfidentJoint(long[][] counts) {
    this.counts = counts;
  }

  public static ConfidentJoint of(ConfidentCounts confident) {
    int classes = confident.classes();
    long[] labels = confident.labels();
    long all = Arrays.stream(labels).sum();
    double[][] scaled = new double[classes][classes];
    double[] trueFirst = new double[classes * classes];
    for (int given = 0; given < classes; given++) {
      long[] row = new long[classes];
      for (int actual = 0; actual < classes; actual++) {
        row[actual] = confident.count(given, actual);
      }
      row[given] = Math.max(1, row[given]);
      long sum = Arrays.stream(row).sum();
      for (int actual = 0; actual < classes; actual++) {
        scaled[given][actual] = (double) row[actual] / sum * labels[given];
        trueFirst[actual * classes + given] = scaled[given][actual];
      }
    }
    // But for rounding the sum is that of the labels already. In the order of cleanlab's memory.
    double sum = Math.max(1e-100, WholeCounts.sum(trueFirst, 0, trueFirst.length));
    long[][] counts = new long[classes][];
    for (int given = 0; given < classes; given++) {
      counts[given] =
          WholeCounts.of(Arrays.stream(scaled[given]).map(count -> count / sum * all).toArray());
    }
    return new ConfidentJoint(counts);
  }

  public int classes() {
    return counts.length;
  }

  /** Rows of a given label and a true class. */
  public long count(int given, int actual) {
    return counts[given][actual];
  }

  /** Rows whose label is probably another class's. */
  public long mislabelled() {
    long mislabelled = 0;
    for (int given = 0; given < counts.length; given++) {
      mislabelled += Arrays.stream(counts[given]).sum() - counts[given][given];
    }
    return mislabelled;
  }

  /**
   * How many rows of a given label and each true class are to be flagged, and on its own place how
   * many are to be left: at least {@code leastLeft}, which the others give up in equal parts.
   */
  long[] toFlag(int given, int leastLeft) {
    long[] row = counts[given];
    long left = Math.max(row[given], leastLeft);
    long others = Math.max(1, Arrays.stream(row).filter(count -> count != 0).count() - 1);
    double part = (double) (left - row[given]) / others;
    long[] flagged = new long[row.length];
    for (int actual = 0; actual < row.length; actual++) {
      flagged[actual] = actual == given ? left : (long) Math.max(0, row[actual] - part);
    }
    return flagged;
  }

  @Override
  public String toString() {
    return "ConfidentJoint" + Arrays.deepToString(counts);
  }
}
