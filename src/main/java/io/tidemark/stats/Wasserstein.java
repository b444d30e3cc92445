package io.tidemark.stats;

/**
 * The first Wasserstein distance: the area between two distribution functions, in the column's own
 * unit.
 */
public final class Wasserstein {
  private static final double SMALLEST_SD = 1e-3;

  private Wasserstein() {}

  /**
   * The distance between two samples given as ascending distinct values with their counts (scipy
   * {@code wasserstein_distance}). NaN if either is empty.
   */
  public static double exact(double[] pv, long[] pc, double[] qv, long[] qc) {
    double n = Counts.total(pc, pv.length);
    double m = Counts.total(qc, qv.length);
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    double area = 0;
    double before = Math.min(pv[0], qv[0]);
    double f = 0;
    double g = 0;
    int i = 0;
    int j = 0;
    while (i < pv.length || j < qv.length) {
      double at = j == qv.length ? pv[i] : i == pv.length ? qv[j] : Math.min(pv[i], qv[j]);
      double apart = Math.abs(f * m - g * n) / (n * m);
      double step = at - before;
      area += Double.isInfinite(step) ? apart * (at / 2 - before / 2) * 2 : apart * step;
      before = at;
      if (i < pv.length && pv[i] == at) {
        f += pc[i++];
      }
      if (j < qv.length && qv[j] == at) {
        g += qc[j++];
      }
    }
    return area;
  }

  /**
   * The distance between the finite values of two sides given by their counts by value. Of
   * truncated values the middle of the interval stands for each; the bound is the mean of the
   * intervals' half widths, for no row is further from where it is.
   */
  public static KolmogorovSmirnov.Bounded of(ValueCounts p, ValueCounts q) {
    SortedCounts.Points a = p.points();
    SortedCounts.Points b = q.points();
    return new KolmogorovSmirnov.Bounded(
        exact(a.values(), a.counts(), b.values(), b.counts()), a.halfWidth() + b.halfWidth());
  }

  /**
   * NannyML's estimate from equal-width bins over the baseline's range: the width times the sum of
   * |F - G'| at the bins' right edges, plus the distances of the window's outside rows to the
   * range. If any row lies below the range, G' has 1/m too much: a defect of NannyML (it counts the
   * range's own end among the rows below) kept so that its figures are reproduced.
   *
   * @param edges the k+1 edges of k bins of one width
   * @param p the baseline's counts: below, the k bins, above
   * @param q the window's, likewise; outside rows included in its total m
   * @param sumBelow sum of the window's values below the range
   * @param sumAbove sum of the window's values above the range
   */
  public static double fromBins(
      double[] edges, long[] p, long[] q, double sumBelow, double sumAbove) {
    int bins = edges.length - 1;
    double n = Counts.total(p, bins + 2);
    double m = Counts.total(q, bins + 2);
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    double min = edges[0];
    double max = edges[bins];
    long f = p[0];
    long g = q[0] > 0 ? q[0] + 1 : 0;
    double sum = 0;
    for (int i = 1; i <= bins; i++) {
      f += p[i];
      g += q[i];
      sum += Math.abs(f * m - g * n) / (n * m);
    }
    double below = q[0] > 0 ? (q[0] * min - sumBelow) / m : 0;
    double above = q[bins + 1] > 0 ? (sumAbove - q[bins + 1] * max) / m : 0;
    return sum * (edges[1] - edges[0]) + below + above;
  }

  /**
   * Evidently's {@code wasserstein_normed}: the distance in standard deviations of the baseline,
   * which count as at least .001.
   *
   * @param sd the baseline's population standard deviation
   */
  public static double normed(double distance, double sd) {
    return distance / Math.max(sd, SMALLEST_SD);
  }
}
