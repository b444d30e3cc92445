package io.tidemark.stats;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Half of the 95 % interval of a mean, and how many values bring it under a bound. Of shares the
 * interval is Wilson's (1927), with which a share of 0 or 1 is not certain; of numbers it is the
 * normal one. That many values are enough if the share or deviation stays what it is.
 */
public final class HalfWidth {
  private static final double Z = NormalDistribution.of(0, 1).inverseSurvivalProbability(0.025);

  /** More are asked for of nobody. */
  static final long MOST = 1L << 40;

  private HalfWidth() {}

  /**
   * Of a share of so many values.
   *
   * @param share from 0 to 1
   * @param values above 0
   */
  public static double ofShare(double share, double values) {
    double square = Z * Z / values;
    return Z
        / (1 + square)
        * Math.sqrt(share * (1 - share) / values + Z * Z / (4 * values * values));
  }

  /** The fewest values with which a share's half-width is no more than a bound above 0. */
  public static long valuesForShare(double share, double bound) {
    long low = 1;
    long high = MOST;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (ofShare(share, middle) <= bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Of the mean of so many numbers with a standard deviation. */
  public static double ofMean(double deviation, double values) {
    return Z * deviation / Math.sqrt(values);
  }

  /** The standard deviation of so many numbers, from the half-width of their mean. */
  public static double deviation(double halfWidth, double values) {
    return halfWidth * Math.sqrt(values) / Z;
  }

  /** The fewest values with which a mean's half-width is no more than a bound above 0. */
  public static long valuesForMean(double deviation, double bound) {
    double root = Z * deviation / bound;
    return (long) Math.min(MOST, Math.max(1, Math.ceil(root * root)));
  }
}
