package io.tidemark.stats;

/** The two-sample Kolmogorov-Smirnov statistic D = sup |F - G|, 0 to 1, and its p-value. */
public final class KolmogorovSmirnov {
  /** Up to this many rows on the larger side scipy counts lattice paths. */
  private static final long EXACT_ROWS = 10_000;

  private KolmogorovSmirnov() {}

  /**
   * D of two samples given as ascending distinct values with their counts. NaN if either is empty.
   */
  public static double exact(double[] pv, long[] pc, double[] qv, long[] qc) {
    double n = Counts.total(pc, pv.length);
    double m = Counts.total(qc, qv.length);
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    double largest = 0;
    double f = 0;
    double g = 0;
    int i = 0;
    int j = 0;
    while (i < pv.length && j < qv.length) {
      double at = Math.min(pv[i], qv[j]);
      if (pv[i] == at) {
        f += pc[i++];
      }
      if (qv[j] == at) {
        g += qc[j++];
      }
      largest = Math.max(largest, Math.abs(f * m - g * n));
    }
    return largest / (n * m);
  }

  /**
   * A distance that may be off.
   *
   * @param bound by how much at most; 0: exact
   */
  public record Bounded(double value, double bound) {}

  /**
   * D of two sides given by their counts by value. Where either is truncated both are cut to the
   * coarser form, and D is looked at between the intervals of values that are one there: within
   * them it may be larger by at most the largest min(p, q) of an interval.
   */
  public static Bounded of(ValueCounts p, ValueCounts q) {
    int dropped = Math.max(p.dropped(), q.dropped());
    if (dropped == 0) {
      return new Bounded(exact(p.values(), p.counts(), q.values(), q.counts()), 0);
    }
    ValueCounts a = p.truncatedTo(dropped);
    ValueCounts b = q.truncatedTo(dropped);
    double n = a.total();
    double m = b.total();
    double bound = 0;
    double[] values = a.values();
    long[] counts = a.counts();
    for (int i = 0; i < values.length; i++) {
      bound = Math.max(bound, Math.min(counts[i] / n, b.count(values[i]) / m));
    }
    return new Bounded(exact(values, counts, b.values(), b.counts()), bound);
  }

  /**
   * NannyML's estimate: the largest difference at the right edges of equal-width bins over the
   * baseline's range. It is below D by at most the largest min(p_j, q_j) of the bins' shares.
   *
   * <p>Rows outside the range count in the window's total; those below it lie under every edge. The
   * range's lower end itself is no right edge, so it isn't looked at, except for a constant
   * baseline (one bin), where NannyML's edges all lie on the constant.
   *
   * @param p the baseline's counts: below, the bins in ascending order, above
   * @param q the window's, likewise
   */
  public static double fromBins(long[] p, long[] q) {
    double n = Counts.total(p);
    double m = Counts.total(q, p.length);
    if (p.length < 3) {
      throw new IllegalArgumentException("no bins between below and above");
    }
    if (n == 0 || m == 0) {
      return Double.NaN;
    }
    long f = p[0];
    long g = q[0];
    double largest = p.length == 3 ? Math.abs(f * m - g * n) : 0;
    for (int i = 1; i < p.length - 1; i++) {
      f += p[i];
      g += q[i];
      largest = Math.max(largest, Math.abs(f * m - g * n));
    }
    return largest / (n * m);
  }

  /**
   * scipy's two-sided {@code ks_2samp(..., method="auto")}: {@link #exactPValue} up to 10,000 rows
   * on the larger side, {@link #asymptoticPValue} above.
   */
  public static double pValue(double d, long n, long m) {
    return Math.max(n, m) <= EXACT_ROWS ? exactPValue(d, n, m) : asymptoticPValue(d, n, m);
  }

  /**
   * The probability that two samples of one continuous distribution differ by d or more, exactly:
   * the share of lattice paths from (0,0) to (n,m) that leave the band |i/n - j/m| &lt; d (Hodges,
   * 1958). All terms are positive, so the far tail keeps its digits. Takes n·m steps. NaN for an
   * empty side or a NaN distance.
   */
  public static double exactPValue(double d, long n, long m) {
    if (Double.isNaN(d) || n <= 0 || m <= 0) {
      return Double.NaN;
    }
    int rows = Math.toIntExact(Math.min(n, m));
    int columns = Math.toIntExact(Math.max(n, m));
    // D is a multiple of 1/lcm: in whole numbers, |i·columns - j·rows| >= reach means outside
    double lcm = (double) rows / gcd(rows, columns) * columns;
    double reach = Math.rint(d * lcm) * gcd(rows, columns);
    if (reach <= 0) {
      return 1;
    }
    double[] outside = new double[columns + 1];
    for (int i = 0; i <= rows; i++) {
      for (int j = 0; j <= columns; j++) {
        if (Math.abs((double) i * columns - (double) j * rows) >= reach) {
          outside[j] = 1;
        } else if (i + j == 0) {
          outside[j] = 0;
        } else {
          double up = i == 0 ? 0 : i * outside[j];
          double right = j == 0 ? 0 : j * outside[j - 1];
          outside[j] = (up + right) / (i + j);
        }
      }
    }
    return outside[columns];
  }

  /**
   * scipy's asymptotic form: the one-sample distribution of Kolmogorov's D at the effective size
   * round(nm/(n+m)) ({@code kstwo.sf}). NaN for an empty side or a NaN distance.
   */
  public static double asymptoticPValue(double d, long n, long m) {
    if (Double.isNaN(d) || n <= 0 || m <= 0) {
      return Double.NaN;
    }
    double effective = (double) n * m / ((double) n + m);
    return KolmogorovDistribution.survival(d, Math.max(1, (long) Math.rint(effective)));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
