package io.tidemark.stats.performance;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Where a further window's value of a metric is to be expected, from the values of the baseline's
 * windows. Windows differ by sampling, which is known, and by τ besides, which a handful of windows
 * tell only roughly; a single estimate that happens to come out small would ring for nothing. So
 * this keeps a distribution over τ: the windows' likelihood, their mean integrated out, times a
 * half-t prior (3 degrees of freedom) with the given scale; and every probability is averaged over
 * it (Gelman, 2006, "Prior distributions for variance parameters in hierarchical models").
 *
 * <p>Windows that are part of a season, such as some hours of a day, tell by how much windows vary
 * at least, whatever they have in common: they may raise τ and not lower it, under a half-normal
 * prior, and the scale is then that of what a season may bring.
 */
public final class ReferenceRange {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Values of τ, at equal steps of the angle whose tangent is τ / scale. */
  private static final int STEPS = 48;

  /**
   * Of a probability, where a value is looked for; and how close to it, as a share of its reach.
   */
  private static final int EVALUATIONS = 100;

  private static final double PRECISION = 1e-12;

  /** At most so many times as far in a step. */
  private static final double LEAP = 4;

  private final double[] tau = new double[STEPS];
  private final double[] weight = new double[STEPS];
  private final double[] mean = new double[STEPS];
  private final double[] meanVariance = new double[STEPS];
  private final int windows;

  private ReferenceRange(double[] values, double[] errors, double scale, boolean partOfSeason) {
    this.windows = values.length;
    double[] logs = new double[STEPS];
    double largest = Double.NEGATIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int step = 0; step < STEPS; step++) {
      double tangent = StrictMath.tan(Math.PI / 2 * (step + .5) / STEPS);
      tau[step] = scale * tangent;
      fit(step, values, errors);
      // The prior's density times dτ, which goes with 1 + tangent².
      double likelihood = likelihood(step, values, errors);
      highest = Math.max(highest, likelihood);
      double prior =
          partOfSeason ? -tangent * tangent / 2 : -2 * StrictMath.log1p(tangent * tangent / 3);
      logs[step] =
          (partOfSeason ? highest : likelihood) + prior + StrictMath.log1p(tangent * tangent);
      largest = Math.max(largest, logs[step]);
    }
    double sum = 0;
    for (int step = 0; step < STEPS; step++) {
      weight[step] = StrictMath.exp(logs[step] - largest);
      sum += weight[step];
    }
    for (int step = 0; step < STEPS; step++) {
      weight[step] /= sum;
    }
  }

  /**
   * The range of windows' values.
   *
   * @param values of the baseline's windows; NaN values don't count
   * @param errors the sampling error of each; values without one don't count
   * @param scale of the prior: a deviation beyond sampling that would be no surprise
   * @return null if no value counts or the scale is not positive
   */
  public static ReferenceRange of(double[] values, double[] errors, double scale) {
    return of(values, errors, scale, false);
  }

  /** The same of windows that are part of a season. */
  public static ReferenceRange ofPart(double[] values, double[] errors, double scale) {
    return of(values, errors, scale, true);
  }

  private static ReferenceRange of(
      double[] values, double[] errors, double scale, boolean partOfSeason) {
    double[] counted = new double[values.length];
    double[] known = new double[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i]) && Double.isFinite(errors[i])) {
        counted[count] = values[i];
        known[count++] = errors[i];
      }
    }
    return count == 0 || !(scale > 0)
        ? null
        : new ReferenceRange(
            java.util.Arrays.copyOf(counted, count),
            java.util.Arrays.copyOf(known, count),
            scale,
            partOfSeason);
  }

  private ReferenceRange(ReferenceRange other, double centre) {
    double shift = centre - other.mean();
    for (int step = 0; step < STEPS; step++) {
      tau[step] = other.tau[step];
      weight[step] = other.weight[step];
      mean[step] = other.mean[step] + shift;
      meanVariance[step] = other.meanVariance[step];
    }
    this.windows = other.windows;
  }

  /** The same variation about another value to be expected. */
  public ReferenceRange about(double centre) {
    return new ReferenceRange(this, centre);
  }

  private void fit(int step, double[] values, double[] errors) {
    double weights = 0;
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double w = 1 / (errors[i] * errors[i] + tau[step] * tau[step]);
      weights += w;
      sum += w * values[i];
    }
    mean[step] = sum / weights;
    meanVariance[step] = 1 / weights;
  }

  private double likelihood(int step, double[] values, double[] errors) {
    double log = StrictMath.log(meanVariance[step]) / 2;
    for (int i = 0; i < values.length; i++) {
      double variance = errors[i] * errors[i] + tau[step] * tau[step];
      double off = values[i] - mean[step];
      log -= (StrictMath.log(variance) + off * off / variance) / 2;
    }
    return log;
  }

  /** Number of the baseline's windows behind it. */
  public int windows() {
    return windows;
  }

  /** The value to be expected. */
  public double mean() {
    double sum = 0;
    for (int step = 0; step < STEPS; step++) {
      sum += weight[step] * mean[step];
    }
    return sum;
  }

  /**
   * The probability that a window's value is at most this one.
   *
   * @param error its sampling error
   */
  public double below(double value, double error) {
    return probability(step -> NORMAL.cumulativeProbability(standard(value, error, (int) step)));
  }

  /** The probability that a window's value is at least this one. */
  public double above(double value, double error) {
    return probability(step -> NORMAL.survivalProbability(standard(value, error, (int) step)));
  }

  /** The probability of a value so far off on either side. */
  public double beyond(double value, double error) {
    return Math.min(1, 2 * Math.min(below(value, error), above(value, error)));
  }

  private double probability(DoubleUnaryOperator probability) {
    return Math.min(1, average(probability));
  }

  private double average(DoubleUnaryOperator figure) {
    double sum = 0;
    for (int step = 0; step < STEPS; step++) {
      sum += weight[step] * figure.applyAsDouble(step);
    }
    return sum;
  }

  private double standard(double value, double error, int step) {
    return (value - mean[step]) / Math.sqrt(variance(error, step));
  }

  /** The value that a window's is at most with this probability, below one half. */
  public double lower(double p, double error) {
    double centre = mean();
    return centre - reach(p, error, centre, -1);
  }

  /** The value that a window's is at least with this probability, below one half. */
  public double upper(double p, double error) {
    double centre = mean();
    return centre + reach(p, error, centre, 1);
  }

  /**
   * How far from the centre, on one side, the rest has this probability at most: by Newton's method
   * on its logarithm, which is nearly straight, within bounds that are halved where a step leaves
   * them. Each step costs {@value #STEPS} probabilities, and dozens of halvings would be most of
   * what judging a window costs.
   */
  private double reach(double p, double error, double centre, int side) {
    double near = 0;
    double far = Double.POSITIVE_INFINITY;
    double at = 2 * average(step -> Math.sqrt(variance(error, (int) step)));
    for (int i = 0; i < EVALUATIONS; i++) {
      double tail = tail(centre + side * at, error, side);
      if (tail > p) {
        near = at;
      } else {
        far = at;
      }
      double next = at + StrictMath.log(tail / p) * tail / density(centre + side * at, error);
      if (Math.abs(next - at) <= PRECISION * at) {
        double beyond = Math.max(at, next) * (1 + PRECISION);
        if (beyond >= far || tail(centre + side * beyond, error, side) <= p) {
          return Math.min(beyond, far);
        }
      }
      boolean within = next > near && next < far && next < LEAP * at;
      at = within ? next : far == Double.POSITIVE_INFINITY ? LEAP * at : (near + far) / 2;
    }
    return Math.min(at, far);
  }

  private double variance(double error, int step) {
    return error * error + tau[step] * tau[step] + meanVariance[step];
  }

  private double tail(double value, double error, int side) {
    return side < 0 ? below(value, error) : above(value, error);
  }

  private double density(double value, double error) {
    double sum = 0;
    for (int step = 0; step < STEPS; step++) {
      double variance = variance(error, step);
      double off = value - mean[step];
      sum += weight[step] * StrictMath.exp(-off * off / variance / 2) / Math.sqrt(variance);
    }
    return sum / Math.sqrt(2 * Math.PI);
  }
}
