package io.tidemark.stats;

/**
 * Distances between a baseline p and a window q, given as counts of the same cells in the same
 * order. Each name has one definition (METHODS section 2) and says whose it is.
 *
 * <p>All functions are pure, take the cells in index order and so give the same bits for the same
 * counts. An empty side gives NaN: there is nothing to compare, which the caller explains in its
 * finding. Arrays of different length and negative counts are refused with {@link
 * IllegalArgumentException}.
 */
public final class Distances {
  private static final double LN2 = StrictMath.log(2);
  private static final double EVIDENTLY_FILL = 1e-4;
  private static final double SODA_FILL = 1e-5;

  private Distances() {}

  /** Jensen-Shannon distance, base 2: the root of the divergence, 0 to 1 (scipy, NannyML). */
  public static double jensenShannon(long[] p, long[] q) {
    return Math.sqrt(jensenShannonDivergence(p, q));
  }

  /** Jensen-Shannon distance in nats, 0 to sqrt(ln 2) = .8326 (Evidently). */
  public static double jensenShannonLn(long[] p, long[] q) {
    return Math.sqrt(jensenShannonDivergence(p, q) * LN2);
  }

  /** Jensen-Shannon divergence in bits, no root, 0 to 1 (TFDV, Vertex). */
  public static double jensenShannonDivergence(long[] p, long[] q) {
    return jensenShannonDivergence(masses(p), masses(q));
  }

  /**
   * Jensen-Shannon divergence in bits of two histograms whose masses need not be whole: TFDV
   * spreads a bucket evenly over the union of both sides' edges.
   *
   * @param p non-negative masses of any positive sum; q likewise
   */
  public static double jensenShannonDivergence(double[] p, double[] q) {
    double n = total(p, q);
    double m = total(q, p);
    double nats = 0;
    for (int i = 0; i < p.length; i++) {
      double a = p[i] / n;
      double b = q[i] / m;
      // ln(2a/(a+b)) = ln(1 + (a-b)/(a+b)): no cancellation where the sides nearly agree
      double tilt = (a - b) / (a + b);
      if (a > 0) {
        nats += a * StrictMath.log1p(tilt);
      }
      if (b > 0) {
        nats += b * StrictMath.log1p(-tilt);
      }
    }
    return Double.isNaN(n + m) ? Double.NaN : Math.min(1, Math.max(0, nats / (2 * LN2)));
  }

  /** Hellinger distance (1/sqrt 2) |sqrt p - sqrt q|, 0 to 1 (NannyML, Evidently). */
  public static double hellinger(long[] p, long[] q) {
    double n = total(p, q);
    double m = total(q, p);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double step = Math.sqrt(p[i] / n) - Math.sqrt(q[i] / m);
      sum += step * step;
    }
    return Double.isNaN(n + m) ? Double.NaN : Math.min(1, Math.sqrt(sum / 2));
  }

  /** The largest change of a share, 0 to 1; {@link TopMovers} says which cell's. */
  public static double lInfinity(long[] p, long[] q) {
    double n = total(p, q);
    double m = total(q, p);
    double max = Double.isNaN(n + m) ? Double.NaN : 0;
    for (int i = 0; i < p.length; i++) {
      max = Math.max(max, Math.abs(p[i] / n - q[i] / m));
    }
    return max;
  }

  /**
   * SageMaker's and Deequ's robust form of a largest difference (of shares, or the
   * Kolmogorov-Smirnov D): what exceeds 1.8 standard errors, at least 0.
   *
   * @param n rows of the baseline
   * @param m rows of the window
   */
  public static double lInfinityRobust(double largest, long n, long m) {
    if (n <= 0 || m <= 0) {
      return Double.NaN;
    }
    return Math.max(0, largest - 1.8 * Math.sqrt(((double) n + m) / ((double) n * m)));
  }

  /** Half the sum of the changes of the shares, 0 to 1. */
  public static double totalVariation(long[] p, long[] q) {
    double n = total(p, q);
    double m = total(q, p);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.abs(p[i] / n - q[i] / m);
    }
    return Double.isNaN(n + m) ? Double.NaN : Math.min(1, sum / 2);
  }

  /**
   * Population stability index with Evidently's zero rule: a side's empty cells get a millionth of
   * that side's smallest share if that is at most 1e-4, else 1e-4; nothing is renormalised. A cell
   * empty on both sides takes part, as a histogram's bin does there; leave out categories that
   * neither side has.
   */
  public static double psi(long[] p, long[] q) {
    return psi(p, q, evidentlyFill(p), evidentlyFill(q));
  }

  /** Population stability index with Soda's zero rule: an empty cell counts as 1e-5. */
  public static double psiSoda(long[] p, long[] q) {
    return psi(p, q, SODA_FILL, SODA_FILL);
  }

  private static double psi(long[] p, long[] q, double fillP, double fillQ) {
    double n = total(p, q);
    double m = total(q, p);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double a = p[i] > 0 ? p[i] / n : fillP;
      double b = q[i] > 0 ? q[i] / m : fillQ;
      sum += (a - b) * StrictMath.log(a / b);
    }
    return Double.isNaN(n + m) ? Double.NaN : sum;
  }

  private static double evidentlyFill(long[] counts) {
    long total = 0;
    long smallest = Long.MAX_VALUE;
    for (long count : counts) {
      total += count;
      if (count > 0) {
        smallest = Math.min(smallest, count);
      }
    }
    double share = smallest / (double) total;
    return share <= EVIDENTLY_FILL ? share / 1e6 : EVIDENTLY_FILL;
  }

  /** Sum of the counts as a divisor: NaN for an empty side, so that every distance is. */
  private static double total(long[] counts, long[] other) {
    long total = Counts.total(counts, other.length);
    return total == 0 ? Double.NaN : total;
  }

  private static double total(double[] masses, double[] other) {
    if (masses.length != other.length) {
      throw new IllegalArgumentException(
          "cells do not match: " + masses.length + " against " + other.length);
    }
    double total = 0;
    for (double mass : masses) {
      if (!(mass >= 0)) {
        throw new IllegalArgumentException("negative mass " + mass);
      }
      total += mass;
    }
    return total == 0 ? Double.NaN : total;
  }

  private static double[] masses(long[] counts) {
    double[] masses = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      masses[i] = counts[i];
    }
    return masses;
  }
}
