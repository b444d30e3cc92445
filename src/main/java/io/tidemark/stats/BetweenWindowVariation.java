package io.tidemark.stats;

import io.tidemark.stats.DriftRule.Cells;
import io.tidemark.stats.DriftRule.Noise;
import io.tidemark.stats.DriftRule.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * How much windows vary among themselves though nothing is wrong, as far as the baseline's windows
 * tell: a distribution over τ, the Jensen-Shannon distance by which a window typically lies off
 * beyond what sampling gives.
 *
 * <p>A handful of windows hardly knows τ. A single estimate of it rings, with hundreds of tests a
 * window, whenever it comes out too small by chance; so every τ is kept, weighted by how well it
 * explains the baseline's windows (its likelihood) and by what is common among logs (its prior).
 *
 * <p>Likelihood. A window held against the rest of the baseline has a d² of f times χ²_{k-2}, plus
 * f + τ² times χ²_1 if what varies is one normally moving quantity (see {@link DriftRule}). Of the
 * windows' mean d², weighted by 1/(2(k-1)f²), both parts are taken as gamma variables with the mean
 * and variance that follow; the variance of the second times w/(w-1) for w windows, because they
 * are also what they are held against. Prior: half-t in τ with {@link #PRIOR_DF} degrees of freedom
 * and the scale {@link #PRIOR_SCALE} (Gelman, 2006, for the scale of a group effect). Both were
 * chosen by {@code scripts/alarms}: a half-Cauchy prior is blind with three baseline windows, half
 * the scale rings with eight.
 *
 * <p>Windows that are part of a season tell less: however alike they are, the rest of it may lie
 * elsewhere. {@link #atLeast} lets them raise τ, never lower it: a τ above the likeliest keeps the
 * highest likelihood. How far the unseen part lies off is then left to the prior, which must not
 * have the long tail that likelihood otherwise cuts off: half-normal with {@link #UNSEEN_SCALE}.
 */
public final class BetweenWindowVariation {
  /** The distance that a normal's mean gives when it moves by .05 sd. */
  static final double PRIOR_SCALE = .02;

  static final double PRIOR_DF = 3;

  /** The distance that a normal's mean gives when it moves by .06 sd. */
  static final double UNSEEN_SCALE = .025;

  private static final double SMALLEST = 1e-4;
  private static final double LARGEST = .8;
  private static final double STEP = 1.3;

  /** Nodes that together weigh less are left out: no decision is made on smaller p-values. */
  private static final double NEGLIGIBLE = 1e-9;

  private static final int FEWEST_WINDOWS = 2;

  /** No variation known: the rule is then the corrected G-test. */
  public static final BetweenWindowVariation NONE =
      new BetweenWindowVariation(new double[] {0}, new double[] {1}, 0, false);

  private final double[] squares;
  private final double[] weights;
  private final int windows;
  private final boolean lowerBound;

  private BetweenWindowVariation(
      double[] squares, double[] weights, int windows, boolean lowerBound) {
    this.squares = squares;
    this.weights = weights;
    this.windows = windows;
    this.lowerBound = lowerBound;
  }

  /**
   * Holds each baseline window of at least {@code minRows} rows against the rest of the baseline.
   * Windows whose cells pool into one say nothing and don't count; a single window tells nothing of
   * variation, and it is taken as none.
   *
   * @param baselineTotal counts of the whole baseline, cell by cell
   * @param baselineWindows the same cells for each of its windows
   * @param ordered whether the cells are adjacent bins
   */
  public static BetweenWindowVariation of(
      long[] baselineTotal, List<long[]> baselineWindows, boolean ordered, long minRows) {
    Noise[] windows = noises(baselineTotal, baselineWindows, ordered, minRows);
    return windows.length < FEWEST_WINDOWS
        ? new BetweenWindowVariation(NONE.squares, NONE.weights, windows.length, false)
        : given(windows, false);
  }

  /**
   * The same where the baseline's windows are only part of a season: they vary at least as {@link
   * #of} says, and with fewer than two windows as is common among logs.
   */
  public static BetweenWindowVariation atLeast(
      long[] baselineTotal, List<long[]> baselineWindows, boolean ordered, long minRows) {
    return given(noises(baselineTotal, baselineWindows, ordered, minRows), true);
  }

  /**
   * One or the other.
   *
   * @param wholeSeason whether the windows have seen all of it
   */
  public static BetweenWindowVariation of(
      long[] baselineTotal,
      List<long[]> baselineWindows,
      boolean ordered,
      long minRows,
      boolean wholeSeason) {
    return wholeSeason
        ? of(baselineTotal, baselineWindows, ordered, minRows)
        : atLeast(baselineTotal, baselineWindows, ordered, minRows);
  }

  private static Noise[] noises(
      long[] baselineTotal, List<long[]> baselineWindows, boolean ordered, long minRows) {
    Noise[] noises = new Noise[baselineWindows.size()];
    int windows = 0;
    for (long[] window : baselineWindows) {
      if (Counts.total(window, baselineTotal.length) < minRows) {
        continue;
      }
      Cells cells = new Cells(minus(baselineTotal, window), window);
      Noise noise = Noise.of(DriftRule.poolRare(cells, ordered));
      if (noise.outcome() == Outcome.TESTED) {
        noises[windows++] = noise;
      }
    }
    return Arrays.copyOf(noises, windows);
  }

  private static BetweenWindowVariation given(Noise[] windows, boolean lowerBound) {
    DoubleUnaryOperator likelihood =
        windows.length < FEWEST_WINDOWS ? square -> 1 : likelihood(windows);
    int nodes = 2 + (int) Math.floor(StrictMath.log(LARGEST / SMALLEST) / StrictMath.log(STEP));
    double[] squares = new double[nodes];
    double[] logs = new double[nodes];
    double tau = SMALLEST;
    double highest = 0;
    for (int i = 0; i < nodes; i++) {
      squares[i] = i == 0 ? 0 : tau * tau;
      double density = lowerBound ? unseenDensity(tau) : priorDensity(tau);
      // The first node stands for all below the second, the others for a step's width.
      double prior = i == 0 ? SMALLEST : tau * (STEP - 1) * density;
      double likely = likelihood.applyAsDouble(squares[i]);
      highest = Math.max(highest, likely);
      logs[i] = StrictMath.log(prior) + StrictMath.log(lowerBound ? highest : likely);
      tau = i == 0 ? tau : tau * STEP;
    }
    return normalised(squares, logs, windows.length, lowerBound);
  }

  /** Of τ², up to a factor. */
  private static DoubleUnaryOperator likelihood(Noise[] windows) {
    double weights = 0;
    for (Noise window : windows) {
      weights += 1 / window.variance();
    }
    double seen = 0;
    double f = 0;
    double rest = 0;
    double restVariance = 0;
    // The variance of the part that varies is m0 + m1 τ² + m2 τ⁴.
    double m0 = 0;
    double m1 = 0;
    double m2 = 0;
    double own = windows.length / (windows.length - 1.0);
    for (Noise window : windows) {
      double weight = 1 / window.variance() / weights;
      double twice = 2 * weight * weight;
      seen += weight * window.squared();
      f += weight * window.f();
      rest += weight * (window.cells() - 2) * window.f();
      restVariance += twice * (window.cells() - 2) * window.f() * window.f();
      m0 += own * twice * window.f() * window.f();
      m1 += own * twice * 2 * window.f();
      m2 += own * twice;
    }
    // Windows more alike than chance would have them: a density at 0 would tell nothing.
    double d = Math.max(seen, (rest + f) / 1000);
    double sampling = f;
    double none = m0;
    double linear = m1;
    double quadratic = m2;
    Gamma alike = new Gamma(rest, restVariance);
    return square ->
        density(
            d, new Gamma(sampling + square, none + square * (linear + square * quadratic)), alike);
  }

  /** A gamma variable given by mean and variance; of the variance 0: the mean itself. */
  private record Gamma(double mean, double variance) {
    double density(double x) {
      double shape = mean * mean / variance;
      double rate = mean / variance;
      return StrictMath.exp(
          shape * StrictMath.log(rate)
              + (shape - 1) * StrictMath.log(x)
              - rate * x
              - LogGamma.value(shape));
    }
  }

  /** Density of the sum of two gamma variables at x. */
  private static double density(double x, Gamma varying, Gamma rest) {
    if (rest.variance() == 0) {
      return varying.density(x);
    }
    double deviation = 8 * Math.sqrt(rest.variance());
    double low = angle(Math.max(0, rest.mean() - deviation) / x);
    double high = angle((rest.mean() + deviation) / x);
    if (!(high > low)) {
      return 0; // there is less of it than the rest alone can be
    }
    // The rest is x sin²θ: a varying part of few windows has a density without bound at 0.
    return Quadrature.integral(
        theta -> {
          double sine = Math.sin(theta);
          double cosine = Math.cos(theta);
          double part = x * sine * sine;
          double left = x * cosine * cosine;
          return rest.density(part) * varying.density(left) * 2 * x * sine * cosine;
        },
        low,
        high);
  }

  private static double angle(double share) {
    return Math.asin(Math.sqrt(Math.min(1, share)));
  }

  private static BetweenWindowVariation normalised(
      double[] squares, double[] logs, int windows, boolean lowerBound) {
    double largest = Arrays.stream(logs).max().orElseThrow();
    if (largest == Double.NEGATIVE_INFINITY) {
      // Windows more alike than chance would have them.
      return new BetweenWindowVariation(NONE.squares, NONE.weights, windows, lowerBound);
    }
    double sum = 0;
    double[] weights = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      weights[i] = StrictMath.exp(logs[i] - largest);
      sum += weights[i];
    }
    int kept = 0;
    double[] keptSquares = new double[logs.length];
    double[] keptWeights = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      if (weights[i] / sum > NEGLIGIBLE) {
        keptSquares[kept] = squares[i];
        keptWeights[kept++] = weights[i] / sum;
      }
    }
    return new BetweenWindowVariation(
        Arrays.copyOf(keptSquares, kept), Arrays.copyOf(keptWeights, kept), windows, lowerBound);
  }

  private static double priorDensity(double tau) {
    double scaled = tau / PRIOR_SCALE;
    return StrictMath.pow(1 + scaled * scaled / PRIOR_DF, -(PRIOR_DF + 1) / 2);
  }

  private static double unseenDensity(double tau) {
    double scaled = tau / UNSEEN_SCALE;
    return StrictMath.exp(-scaled * scaled / 2);
  }

  private static long[] minus(long[] total, long[] part) {
    long[] rest = new long[total.length];
    for (int i = 0; i < total.length; i++) {
      rest[i] = total[i] - part[i];
    }
    return rest;
  }

  /** The baseline windows it rests on. */
  public int windows() {
    return windows;
  }

  /** Whether the baseline's windows are only part of a season ({@link #atLeast}). */
  public boolean lowerBound() {
    return lowerBound;
  }

  /** Expected τ², what windows vary beyond sampling, in d² (bits). */
  public double meanSquare() {
    double mean = 0;
    for (int i = 0; i < squares.length; i++) {
      mean += weights[i] * squares[i];
    }
    return mean;
  }

  /** P(d² &gt; {@code squared}) for a window with nothing wrong, over {@code cells} cells. */
  double survival(double squared, int cells, double f) {
    double[] ratios = new double[squares.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = 1 + squares[i] / f;
    }
    return MixedChiSquare.survival(squared / f, cells - 1, ratios, weights);
  }
}
