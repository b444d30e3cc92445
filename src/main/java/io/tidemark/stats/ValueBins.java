package io.tidemark.stats;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * Baseline and window over bins that need not be known before both are, read from their counts by
 * value. Exact where both hold every value; where values are truncated, a value in the middle of
 * its interval stands for it, and {@link #unsure} says how many may lie in the neighbouring bin.
 */
public final class ValueBins {
  /** Up to so many different values in the baseline, each is a bin to Evidently. */
  private static final int FEW_VALUES = 20;

  private final Grid grid;
  private final double[] values;
  private final boolean below;
  private final long[] p;
  private final long[] q;
  private final double unsureP;
  private final double unsureQ;

  private ValueBins(
      Grid grid,
      double[] values,
      boolean below,
      long[] p,
      long[] q,
      double unsureP,
      double unsureQ) {
    this.grid = grid;
    this.values = values;
    this.below = below;
    this.p = p;
    this.q = q;
    this.unsureP = unsureP;
    this.unsureQ = unsureQ;
  }

  /**
   * The bins of a way of binning; null without a finite value in the baseline. {@link
   * Binning.Kind#ALIGNED} is not one of shared bins: see {@link #aligned}.
   */
  public static ValueBins of(Binning binning, NumericSummary baseline, NumericSummary window) {
    if (baseline.moments().count() == 0) {
      return null;
    }
    ValueCounts p = baseline.values();
    ValueCounts q = window.values();
    Moments a = baseline.moments();
    Moments b = window.moments();
    double min = b.count() == 0 ? a.min() : Math.min(a.min(), b.min());
    double max = b.count() == 0 ? a.max() : Math.max(a.max(), b.max());
    return switch (binning.kind()) {
      case QUANTILE -> over(Grids.quantile(expanded(p, a), binning.bins()), p, q);
      case DOANE -> over(Grids.doane(expanded(p, a), a.count(), a.min(), a.max()), p, q);
      case EQUAL_WIDTH, ALIGNED -> over(Grids.equalWidth(min, max, binning.bins()), p, q);
      case STURGES ->
          p.exact() && p.distinct() <= FEW_VALUES && q.exact()
              ? eachValue(p, q)
              : over(Grids.sturges(min, max, a.count() + b.count()), p, q);
    };
  }

  /**
   * Sturges' rule on the different values of both, as Evidently's Hellinger distance of numbers has
   * it; null without a finite value in the baseline.
   */
  public static ValueBins ofDistinct(NumericSummary baseline, NumericSummary window) {
    if (baseline.moments().count() == 0) {
      return null;
    }
    double[] all = union(finite(baseline.values()), finite(window.values()));
    return over(
        Grids.sturges(
            Math.min(all[0], baseline.moments().min()),
            Math.max(all[all.length - 1], baseline.moments().max()),
            all.length),
        baseline.values(),
        window.values());
  }

  private static double[] union(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return Arrays.stream(all).sorted().distinct().toArray();
  }

  private static double[] finite(ValueCounts counts) {
    return Arrays.stream(counts.values()).filter(Double::isFinite).toArray();
  }

  /** Values as often as they were counted, at most some hundred thousand, evenly thinned out. */
  private static double[] expanded(ValueCounts counts, Moments moments) {
    double[] values = counts.values();
    long[] times = counts.counts();
    long step = Math.max(1, moments.count() / (1 << 20));
    double[] sorted = new double[(int) (moments.count() / step) + 2];
    int used = 0;
    long seen = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        double value = Truncation.middle(values[i], counts.dropped());
        value = Math.max(moments.min(), Math.min(moments.max(), value));
        for (long next = used * step; next < seen + times[i]; next = used * step) {
          sorted[used++] = value;
        }
        seen += times[i];
      }
    }
    sorted[0] = moments.min();
    sorted[used - 1] = moments.max();
    return Arrays.copyOf(sorted, used);
  }

  private static ValueBins eachValue(ValueCounts p, ValueCounts q) {
    double[] values = union(p.values(), q.values());
    TreeMap<Double, Integer> places = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      places.put(values[i], i);
    }
    return new ValueBins(null, values, false, places(p, places), places(q, places), 0, 0);
  }

  private static long[] places(ValueCounts counts, TreeMap<Double, Integer> places) {
    long[] cells = new long[places.size()];
    double[] values = counts.values();
    long[] times = counts.counts();
    for (int i = 0; i < values.length; i++) {
      cells[places.get(values[i])] += times[i];
    }
    return cells;
  }

  private static ValueBins over(Grid grid, ValueCounts p, ValueCounts q) {
    double[] unsure = new double[2];
    long[] ps = counts(grid, p, unsure, 0);
    long[] qs = counts(grid, q, unsure, 1);
    int last = ps.length - 1;
    boolean below = ps[0] > 0 || qs[0] > 0;
    boolean above = ps[last] > 0 || qs[last] > 0;
    int from = below ? 0 : 1;
    int to = above ? last + 1 : last;
    return new ValueBins(
        grid,
        null,
        below,
        Arrays.copyOfRange(ps, from, to),
        Arrays.copyOfRange(qs, from, to),
        unsure[0],
        unsure[1]);
  }

  private static long[] counts(Grid grid, ValueCounts counts, double[] unsure, int side) {
    long[] bins = new long[grid.bins() + 2];
    double[] values = counts.values();
    long[] times = counts.counts();
    double[] edges = grid.edges();
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      if (!counts.exact() && Double.isFinite(value)) {
        double middle = Truncation.middle(value, counts.dropped());
        int near = grid.binOf(inside(value, edges));
        int far = grid.binOf(inside(2 * middle - value, edges));
        unsure[side] += near == far ? 0 : times[i];
        value = inside(middle, edges);
      }
      bins[grid.binOf(value)] += times[i];
    }
    unsure[side] = counts.total() == 0 ? 0 : unsure[side] / counts.total();
    return bins;
  }

  /** Truncated values must not fall out of a range that the values themselves are in. */
  private static double inside(double value, double[] edges) {
    return Math.max(edges[0], Math.min(edges[edges.length - 1], value));
  }

  public long[] baseline() {
    return p.clone();
  }

  public long[] window() {
    return q.clone();
  }

  /** Shares of baseline's and window's rows that may lie in the neighbouring bin; 0 if exact. */
  public double[] unsure() {
    return new double[] {unsureP, unsureQ};
  }

  /**
   * How far the Jensen-Shannon distance, base 2, may be from that of the exact bins: the distance
   * is a metric, and to move a share δ of the rows changes it by at most √δ.
   */
  public double jensenShannonBound() {
    return Math.sqrt(unsureP) + Math.sqrt(unsureQ);
  }

  /** Whether bins are intervals, which count as cells where they are empty too. */
  public boolean binned() {
    return grid != null;
  }

  /** A bin in words. */
  public String label(int bin) {
    return grid == null ? Double.toString(values[bin]) : grid.label(below ? bin : bin + 1);
  }

  /** Masses of both sides over the union of their own edges. */
  public record Aligned(double[] baseline, double[] window) {}

  /**
   * TFDV's histograms: each side in buckets of equal width over its own range, aligned by the union
   * of the edges, a bucket's mass spread evenly over its parts; missing values are two more cells,
   * which never match. Null without a finite value on both sides.
   */
  public static Aligned aligned(int buckets, NumericSummary baseline, NumericSummary window) {
    if (baseline.moments().count() == 0 || window.moments().count() == 0) {
      return null;
    }
    Grid p = Grids.equalWidth(baseline.moments().min(), baseline.moments().max(), buckets);
    Grid q = Grids.equalWidth(window.moments().min(), window.moments().max(), buckets);
    double[] edges = union(p.edges(), q.edges());
    return new Aligned(spread(p, baseline, edges, 0), spread(q, window, edges, 1));
  }

  private static double[] spread(Grid grid, NumericSummary side, double[] edges, int mismatch) {
    long[] counts = counts(grid, side.values(), new double[1], 0);
    double[] own = grid.edges();
    double[] masses = new double[edges.length + 1];
    int bucket = 0;
    for (int i = 0; i + 1 < edges.length; i++) {
      if (edges[i] < own[0] || edges[i] >= own[own.length - 1]) {
        continue;
      }
      while (own[bucket + 1] <= edges[i]) {
        bucket++;
      }
      double part = (edges[i + 1] - edges[i]) / (own[bucket + 1] - own[bucket]);
      masses[i] = counts[bucket + 1] * part;
    }
    masses[0] += counts[0];
    masses[edges.length - 2] += counts[counts.length - 1];
    masses[edges.length - 1 + mismatch] = side.missing() + side.invalid();
    return masses;
  }
}
