package io.tidemark.stats;

import java.util.Arrays;

/** Reproducible samples and histograms counted value by value, the slow and obvious way. */
final class Samples {
  private Samples() {}

  /** s=(1103515245·s+12345) mod 2³¹, u=s/2³¹, z=u1+u2+u3+u4-2; the values are shift + scale·z. */
  static double[] lcg(long seed, int rows, double shift, double scale) {
    long state = seed;
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      double z = -2;
      for (int draw = 0; draw < 4; draw++) {
        state = (1103515245L * state + 12345) % (1L << 31);
        z += state / (double) (1L << 31);
      }
      values[i] = shift + scale * z;
    }
    return values;
  }

  static double[] reference() {
    return lcg(42, 1200, 0, 1);
  }

  static double[] current() {
    return lcg(7, 800, .3, 1.1);
  }

  static double[] distinct(double[] values) {
    return Arrays.stream(values).sorted().distinct().toArray();
  }

  /** How often each of the ascending distinct values occurs. */
  static long[] multiplicity(double[] values, double[] distinct) {
    long[] counts = new long[distinct.length];
    for (double value : values) {
      counts[Arrays.binarySearch(distinct, value)]++;
    }
    return counts;
  }

  static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  static double sd(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
  }

  static double[] equalWidth(double min, double max, int bins) {
    double[] edges = new double[bins + 1];
    for (int i = 0; i < bins; i++) {
      edges[i] = i * ((max - min) / bins) + min;
    }
    edges[bins] = max;
    return edges;
  }

  /** numpy's doane over the values' own range. */
  static double[] doane(double[] values) {
    double n = values.length;
    double mean = Arrays.stream(values).average().orElseThrow();
    double sd = sd(values);
    double g = Arrays.stream(values).map(x -> Math.pow((x - mean) / sd, 3)).average().orElseThrow();
    double sg = Math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
    double bins = Math.ceil(1 + log2(n) + log2(1 + Math.abs(g) / sg));
    return equalWidth(min(values), max(values), (int) bins);
  }

  /** Counts below, in [e_i, e_{i+1}) with the last bin closed, and above. */
  static long[] histogram(double[] values, double[] edges) {
    int bins = edges.length - 1;
    long[] counts = new long[bins + 2];
    for (double value : values) {
      if (value < edges[0]) {
        counts[0]++;
      } else if (value > edges[bins]) {
        counts[bins + 1]++;
      } else if (value == edges[bins]) {
        counts[bins]++;
      } else {
        int at = Arrays.binarySearch(edges, value);
        counts[at >= 0 ? at + 1 : -at - 1]++;
      }
    }
    return counts;
  }

  /** As NannyML has them: rows below and above the range share one cell behind the bins. */
  static long[] outsideLast(long[] counts) {
    long[] cells = Arrays.copyOfRange(counts, 1, counts.length);
    cells[cells.length - 1] += counts[0];
    return cells;
  }

  static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
