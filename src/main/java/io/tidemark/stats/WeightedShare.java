package io.tidemark.stats;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The share of a total that lies in a part, estimated from rows that stand for others: the weights
 * of the part's rows over those of all. Its 95 % interval is Wilson's (1927) at the effective
 * number of rows, (sum of w)^2 / (sum of w^2) (Kish, "Survey Sampling", 1965): unequal weights tell
 * less than as many equal ones.
 *
 * <p>Sums depend on the order of the rows; give them in one.
 */
public final class WeightedShare {
  private static final double Z = NormalDistribution.of(0, 1).inverseSurvivalProbability(0.025);

  private long rows;
  private double sum;
  private double squares;
  private double within;

  /**
   * @param weight what the row stands for; a row of weight 0 says nothing
   */
  public void add(double weight, boolean inside) {
    if (weight > 0) {
      rows++;
      sum += weight;
      squares += weight * weight;
      within += inside ? weight : 0;
    }
  }

  /** Rows that say something. */
  public long rows() {
    return rows;
  }

  /** What all rows stand for. */
  public double total() {
    return sum;
  }

  /** From 0 to 1; NaN without rows. */
  public double share() {
    return rows == 0 ? Double.NaN : within / sum;
  }

  /** How many rows of equal weight say as much; 0 without rows. */
  public double effectiveRows() {
    return rows == 0 ? 0 : sum / squares * sum;
  }

  /** Lower end of the interval; 0 without rows. */
  public double lower() {
    return within > 0 ? centre() - half() : 0;
  }

  /** Upper end of the interval; 1 without rows. */
  public double upper() {
    return within < sum ? centre() + half() : 1;
  }

  private double centre() {
    double n = effectiveRows();
    return (share() + Z * Z / (2 * n)) / (1 + Z * Z / n);
  }

  private double half() {
    double n = effectiveRows();
    double share = share();
    return Z / (1 + Z * Z / n) * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
  }
}
