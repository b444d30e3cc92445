package io.tidemark.stats.performance;

import java.util.Arrays;

/**
 * The non-decreasing function of the score that is nearest to the labels in squared error, by
 * pooling adjacent violators (Ayer et al., 1955; Barlow et al., 1972) on the different scores, rows
 * of one score averaged first. Linear between the scores it was fitted on, constant beyond them:
 * scikit-learn's {@code IsotonicRegression(out_of_bounds="clip")}.
 */
final class Isotonic {
  private final double[] x;
  private final double[] y;

  /** Knots, ascending in x and not falling in y; at least one. */
  Isotonic(double[] x, double[] y) {
    this.x = x;
    this.y = y;
  }

  /** Fits rows, of which there must be one. */
  static Isotonic fit(ScoredRows rows) {
    int[] first = new int[rows.size()];
    int[] last = new int[rows.size()];
    double[] count = new double[rows.size()];
    double[] positives = new double[rows.size()];
    int blocks = 0;
    for (int i = 0; i < rows.size(); i++) {
      first[blocks] = i;
      last[blocks] = i;
      count[blocks] = rows.rows(i);
      positives[blocks++] = rows.positives(i);
      while (blocks > 1
          && positives[blocks - 2] * count[blocks - 1]
              >= positives[blocks - 1] * count[blocks - 2]) {
        blocks--;
        last[blocks - 1] = last[blocks];
        count[blocks - 1] += count[blocks];
        positives[blocks - 1] += positives[blocks];
      }
    }
    double[] x = new double[2 * blocks];
    double[] y = new double[2 * blocks];
    int knots = 0;
    for (int block = 0; block < blocks; block++) {
      double mean = positives[block] / count[block];
      x[knots] = rows.score(first[block]);
      y[knots++] = mean;
      if (last[block] > first[block]) {
        x[knots] = rows.score(last[block]);
        y[knots++] = mean;
      }
    }
    return new Isotonic(Arrays.copyOf(x, knots), Arrays.copyOf(y, knots));
  }

  /** The function's value at a score. */
  double at(double score) {
    int last = x.length - 1;
    if (score <= x[0]) {
      return y[0];
    }
    if (score >= x[last]) {
      return y[last];
    }
    int at = Arrays.binarySearch(x, score);
    if (at >= 0) {
      return y[at];
    }
    int right = -at - 1;
    double slope = (y[right] - y[right - 1]) / (x[right] - x[right - 1]);
    return Math.min(y[right], y[right - 1] + slope * (score - x[right - 1]));
  }

  double[] x() {
    return x;
  }

  double[] y() {
    return y;
  }
}
