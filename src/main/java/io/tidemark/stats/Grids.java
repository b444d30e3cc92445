package io.tidemark.stats;

import java.util.Arrays;
import java.util.List;

/** The kinds of bins that methods put a baseline's values into. Values are finite. */
public final class Grids {
  private Grids() {}

  /**
   * Right-closed bins of about equal counts: e₀ is the smallest value, the other edges the
   * different ones among the order statistics x₍⌈jn/k⌉₎, j = 1 … k. A value that fills a bin's
   * share by itself closes a bin, so a column full of zeros still has bins; at most k.
   *
   * @param sorted all values, ascending
   */
  public static Grid quantile(double[] sorted, int k) {
    checkSorted(sorted);
    checkBins(k);
    long n = sorted.length;
    double[] edges = new double[k + 1];
    edges[0] = sorted[0];
    int used = 1;
    for (int j = 1; j <= k; j++) {
      double edge = sorted[(int) ((j * n + k - 1) / k) - 1];
      if (used == 1 || edge != edges[used - 1]) {
        edges[used++] = edge;
      }
    }
    return Grid.of(Arrays.copyOf(edges, used), true);
  }

  /**
   * Equal-width bins by Doane's rule: {@code numpy.histogram_bin_edges(bins="doane")} of doubles,
   * whose number of bins is ⌈1 + log₂n + log₂(1 + |g|/s)⌉ with g the skewness and s its standard
   * error. One bin for fewer than three values or without spread.
   *
   * @param sorted all values, ascending
   */
  public static Grid doane(double[] sorted) {
    checkSorted(sorted);
    return doane(sorted, sorted.length, sorted[0], sorted[sorted.length - 1]);
  }

  /**
   * Doane's rule where only a sample is at hand for the shape.
   *
   * @param sortedSample some of the values, ascending
   * @param n number of all values
   * @param min smallest of all values
   * @param max largest of all values
   */
  public static Grid doane(double[] sortedSample, long n, double min, double max) {
    checkSorted(sortedSample);
    if (n < sortedSample.length
        || min > sortedSample[0]
        || max < sortedSample[sortedSample.length - 1]) {
      throw new IllegalArgumentException("The sample is not one of the values described");
    }
    double skewness = skewness(sortedSample);
    if (n <= 2 || Double.isNaN(skewness)) {
      return equalWidth(min, max, 1);
    }
    double error = Math.sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3)));
    double wanted = 1 + log2((double) n) + log2(1 + Math.abs(skewness) / error);
    // As numpy, which goes from bins to a width and back: both roundings can matter to the ceiling.
    double scale = scale(min, max);
    double range = max * scale - min * scale;
    double width = range / wanted;
    return equalWidth(min, max, (int) Math.ceil(range / width));
  }

  /** mean(((x - μ) / σ)³) with the population's σ; NaN if that is 0. */
  private static double skewness(double[] sorted) {
    double scale = scale(sorted[0], sorted[sorted.length - 1]);
    int n = sorted.length;
    ExactSum sum = new ExactSum();
    for (double x : sorted) {
      sum.add(x * scale);
    }
    double mean = sum.value() / n;
    ExactSum squares = new ExactSum();
    for (double x : sorted) {
      double deviation = x * scale - mean;
      squares.add(deviation * deviation);
    }
    double sigma = Math.sqrt(squares.value() / n);
    if (sorted[0] == sorted[n - 1] || sigma == 0) {
      return Double.NaN;
    }
    ExactSum cubes = new ExactSum();
    for (double x : sorted) {
      double z = (x * scale - mean) / sigma;
      cubes.add(z * z * z);
    }
    return cubes.value() / n;
  }

  /** A power of two, so exact, that keeps the squares of values up to these within range. */
  private static double scale(double min, double max) {
    return Math.scalb(1.0, -Math.getExponent(Math.max(Math.abs(min), Math.abs(max))));
  }

  /** Exact for powers of two, and the same on every machine. */
  private static double log2(double x) {
    int exponent = Math.getExponent(x);
    return exponent + StrictMath.log(Math.scalb(x, -exponent)) / StrictMath.log(2);
  }

  /**
   * Left-closed bins of equal width: eᵢ = i·((max − min)/k) + min in that order of operations, eₖ =
   * max. A single value c has one bin, c ± .5. Where doubles are too coarse for k bins there are
   * fewer.
   */
  public static Grid equalWidth(double min, double max, int k) {
    checkBins(k);
    if (!Double.isFinite(min) || !Double.isFinite(max) || min > max) {
      throw new IllegalArgumentException("No range: " + min + " to " + max);
    }
    if (min == max) {
      return around(min);
    }
    double unit = Double.isInfinite(max - min) ? 2 : 1; // halves, where the range overflows
    double start = min / unit;
    double step = (max / unit - start) / k;
    double[] edges = new double[k + 1];
    edges[0] = min;
    int used = 1;
    for (int i = 1; i < k; i++) {
      double edge = (i * step + start) * unit;
      if (edge > edges[used - 1] && edge < max) {
        edges[used++] = edge;
      }
    }
    edges[used++] = max;
    return Grid.of(Arrays.copyOf(edges, used), false);
  }

  /**
   * Equal-width bins by Sturges' rule: {@code numpy.histogram_bin_edges(bins="sturges")}, ⌈log₂n +
   * 1⌉ of them.
   *
   * @param n number of values
   */
  public static Grid sturges(double min, double max, long n) {
    double unit = Double.isInfinite(max - min) ? 2 : 1; // as above
    double range = max / unit - min / unit;
    if (n < 1 || !(range > 0)) {
      return equalWidth(min, max, 1);
    }
    // As numpy, which goes from bins to a width and back.
    double width = range / (log2((double) n) + 1);
    return equalWidth(min, max, (int) Math.max(1, Math.ceil(range / width)));
  }

  private static Grid around(double c) {
    double low = c - .5;
    double high = c + .5;
    if (low == c || high == c) { // doubles are further apart than that
      low = Math.nextDown(c);
      high = Math.nextUp(c);
    }
    return Grid.of(
        new double[] {Math.max(low, -Double.MAX_VALUE), Math.min(high, Double.MAX_VALUE)}, false);
  }

  /** The cut points from which the counts of all these grids can be read. */
  public static CutPoints union(List<Grid> grids) {
    return new CutPoints(
        grids.stream()
            .flatMapToDouble(grid -> Arrays.stream(grid.edges()))
            .sorted()
            .distinct()
            .toArray());
  }

  private static void checkBins(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("There can't be " + k + " bins");
    }
  }

  private static void checkSorted(double[] sorted) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("Bins need values");
    }
    for (int i = 0; i < sorted.length; i++) {
      if (!Double.isFinite(sorted[i]) || (i > 0 && sorted[i - 1] > sorted[i])) {
        throw new IllegalArgumentException(
            "Values must be finite and ascending, not " + sorted[i] + " at " + i);
      }
    }
  }
}
