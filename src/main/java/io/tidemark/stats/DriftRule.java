package io.tidemark.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.rootfinder.BrentSolver;

/**
 * The judgement of preset {@code tidemark}: the Jensen-Shannon distance of a window from the
 * baseline, cleaned of what sampling alone gives and held against how much the baseline's own
 * windows vary.
 *
 * <p>For k cells, n baseline and m window rows, d² in bits has under no drift about the mean ν =
 * (k-1)f and the variance 2(k-1)f², with f = q(1/n + 1/m)/(8 ln 2) and q Williams' correction
 * (Williams, 1976; Sokal and Rohlf, Biometry): d² is G over 2(n+m) ln 2 times a weight that the two
 * sizes give, to leading order, so d²/f is χ² with k-1 degrees of freedom. Where windows vary among
 * themselves one of these k-1 squared normal variables has the variance 1 + τ²/f instead of 1: what
 * varies is taken for one moving quantity, which has the heaviest tail. What is known of τ is a
 * distribution ({@link BetweenWindowVariation}), and the p-value is the mean over it.
 */
public final class DriftRule {
  private static final double RARE = 15;
  private static final double EIGHT_LN2 = 8 * StrictMath.log(2);

  private static final String PART_OF_DAY =
      " (the baseline has seen less than a day, and other hours may differ)";

  private DriftRule() {}

  /** Counts of the same cells on both sides. */
  @SuppressWarnings("ArrayRecordComponent") // a pair passed on at once, never compared or kept
  public record Cells(long[] baseline, long[] window) {
    public Cells {
      Counts.total(window, baseline.length);
    }

    int size() {
      return baseline.length;
    }
  }

  /** What comes of a {@link Judgement} among the others of its window. */
  public record Verdict(boolean alarm, String reason) {}

  /** What a {@link Judgement} rests on. */
  public enum Outcome {
    TESTED("tested"),
    EMPTY_BASELINE("the baseline has no values"),
    EMPTY_WINDOW("the window has no values"),
    ONE_CELL("all values fall in one cell: nothing to compare");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    /** In words, for a finding's reason. */
    public String text() {
      return text;
    }
  }

  /**
   * Pools the cells that are expected under 15 times. Expected is the baseline's share times the
   * window's rows, or the baseline's own count where the baseline is the smaller side: a share
   * estimated from few rows would ring by itself in a large window. The usual 5 are not enough
   * where the tail decides: with 100 rows twice as many windows ring as should, and cells so thin
   * cost power besides (scripts/alarms).
   *
   * <p>Categories: the rare ones, those new in the window included, become one cell, the last. It
   * stays a cell of its own however little was expected of it, so that new categories are seen.
   * Ordered bins: neighbours are merged from the left until 15 are expected; what remains at the
   * right end joins the last cell. Where that would leave a single cell, the bins are pooled as
   * categories instead, so that a column constant in the baseline can still be seen to move. Cells
   * that are empty on both sides disappear.
   */
  public static Cells poolRare(Cells cells, boolean ordered) {
    double n = Counts.total(cells.baseline());
    double m = Counts.total(cells.window());
    double rare = m < n ? RARE * n / m : RARE;
    if (ordered) {
      Cells merged = mergeNeighbours(cells, rare);
      if (merged.size() > 1) {
        return merged;
      }
    }
    return poolCategories(cells, rare);
  }

  private static Cells poolCategories(Cells cells, double rare) {
    long[] baseline = new long[cells.size() + 1];
    long[] window = new long[cells.size() + 1];
    int kept = 0;
    long baselineRest = 0;
    long windowRest = 0;
    for (int i = 0; i < cells.size(); i++) {
      if (cells.baseline()[i] >= rare) {
        baseline[kept] = cells.baseline()[i];
        window[kept++] = cells.window()[i];
      } else {
        baselineRest += cells.baseline()[i];
        windowRest += cells.window()[i];
      }
    }
    if (baselineRest > 0 || windowRest > 0) {
      baseline[kept] = baselineRest;
      window[kept++] = windowRest;
    }
    return new Cells(Arrays.copyOf(baseline, kept), Arrays.copyOf(window, kept));
  }

  private static Cells mergeNeighbours(Cells cells, double rare) {
    long[] baseline = new long[cells.size()];
    long[] window = new long[cells.size()];
    int open = 0;
    for (int i = 0; i < cells.size(); i++) {
      baseline[open] += cells.baseline()[i];
      window[open] += cells.window()[i];
      if (baseline[open] >= rare) {
        open++;
      }
    }
    if (open > 0 && open < cells.size()) {
      baseline[open - 1] += baseline[open];
      window[open - 1] += window[open];
    }
    int kept = Math.max(Math.min(1, cells.size()), open);
    return new Cells(Arrays.copyOf(baseline, kept), Arrays.copyOf(window, kept));
  }

  /**
   * A window held against the baseline.
   *
   * @param distance {@code jensen_shannon} of the pooled cells, 0 to 1; NaN if a side is empty
   * @param effect sqrt(max(0, distance² - ν)), the distance cleaned of sampling noise; NaN if a
   *     side is empty
   * @param pValue P(a distance so large or larger) where nothing has drifted; NaN unless tested
   * @param cells k after pooling
   * @param f expected d² a degree of freedom from sampling alone, bits; NaN unless tested
   * @param variation between windows that it was held against
   * @param outcome whether there was anything to test, and if not why
   */
  public record Judgement(
      double distance,
      double effect,
      double pValue,
      int cells,
      double f,
      BetweenWindowVariation variation,
      Outcome outcome) {

    /** ν, what noise alone gives of d². */
    public double noise() {
      return (cells - 1) * f;
    }

    /**
     * The distance beyond which this comparison would have rung, other things equal: the larger of
     * what the smallest effect and what the p-value ask for. At most 1, which no distance exceeds;
     * NaN unless tested.
     *
     * @param pCut largest significant p ({@link BenjaminiHochberg#cuts})
     * @param minEffect the effect to exceed
     */
    public double thresholdAt(double pCut, double minEffect) {
      if (outcome != Outcome.TESTED || Double.isNaN(pCut)) {
        return Double.NaN;
      }
      double byEffect = Math.sqrt(minEffect * minEffect + noise());
      return Math.min(1, Math.max(byEffect, distanceAt(pCut)));
    }

    /**
     * Whether it rings, and why or why not: enough rows, an effect that matters, and significance
     * among the window's tests.
     *
     * @param adjusted the p-value, adjusted within its family
     */
    public Verdict verdict(long rows, long minRows, double minEffect, double adjusted, double fdr) {
      List<String> failed = new ArrayList<>();
      if (rows < minRows) {
        failed.add("too_few_rows: " + rows + " < min_rows " + minRows);
      }
      String effects = ShortNumber.of(effect);
      if (!(effect > minEffect)) {
        failed.add("effect " + effects + " not above " + ShortNumber.of(minEffect));
      }
      String p = "adjusted p " + ShortNumber.of(adjusted);
      if (!(adjusted <= fdr)) {
        failed.add(
            "not significant: "
                + p
                + " > fdr "
                + ShortNumber.of(fdr)
                + (variation.lowerBound() ? PART_OF_DAY : ""));
      }
      return failed.isEmpty()
          ? new Verdict(
              true,
              "effect "
                  + effects
                  + " > "
                  + ShortNumber.of(minEffect)
                  + "; "
                  + p
                  + " <= fdr "
                  + ShortNumber.of(fdr))
          : new Verdict(false, String.join("; ", failed));
    }

    /** The distance whose p-value is {@code p}, at most 1. */
    private double distanceAt(double p) {
      if (p >= 1) {
        return 0;
      }
      if (p <= 0 || variation.survival(1, cells, f) >= p) {
        return 1;
      }
      double log = Math.log(p);
      double start = Math.min(.5, Math.sqrt(noise()));
      return new BrentSolver(1e-9, 1e-12, 1e-9).findRoot(d -> logSurvival(d) - log, 0, start, 1);
    }

    private double logSurvival(double distance) {
      return Math.log(
          Math.max(Double.MIN_VALUE, variation.survival(distance * distance, cells, f)));
    }
  }

  /**
   * Judges a window's counts against the baseline's over the same cells. Never throws for what data
   * can bring (empty sides, one value, identical sides): see {@link Judgement#outcome}.
   *
   * @param ordered whether the cells are adjacent bins
   */
  public static Judgement judge(
      long[] baseline, long[] window, boolean ordered, BetweenWindowVariation variation) {
    Noise noise = Noise.of(poolRare(new Cells(baseline, window), ordered));
    double distance = Math.sqrt(noise.squared());
    if (noise.outcome() != Outcome.TESTED) {
      return new Judgement(
          distance, distance, Double.NaN, noise.cells(), Double.NaN, variation, noise.outcome());
    }
    return new Judgement(
        distance,
        Math.sqrt(Math.max(0, noise.squared() - noise.mean())),
        variation.survival(noise.squared(), noise.cells(), noise.f()),
        noise.cells(),
        noise.f(),
        variation,
        noise.outcome());
  }

  /** d² of pooled cells and what sampling alone gives of it. */
  record Noise(double squared, int cells, double f, Outcome outcome) {
    static Noise of(Cells pooled) {
      double n = Counts.total(pooled.baseline());
      double m = Counts.total(pooled.window());
      int cells = pooled.size();
      if (n == 0 || m == 0) {
        Outcome empty = n == 0 ? Outcome.EMPTY_BASELINE : Outcome.EMPTY_WINDOW;
        return new Noise(Double.NaN, cells, Double.NaN, empty);
      }
      if (cells == 1) {
        return new Noise(0, 1, Double.NaN, Outcome.ONE_CELL);
      }
      double squared = Distances.jensenShannonDivergence(pooled.baseline(), pooled.window());
      double f = williams(pooled, n, m) * (1 / n + 1 / m) / EIGHT_LN2;
      return new Noise(squared, cells, f, Outcome.TESTED);
    }

    /** Williams' q of a 2×k table: 1 + (N/n + N/m - 1)(Σ N/column - 1) / (6N(k-1)), N = n+m. */
    private static double williams(Cells pooled, double n, double m) {
      double all = n + m;
      double columns = 0;
      for (int i = 0; i < pooled.size(); i++) {
        columns += all / ((double) pooled.baseline()[i] + pooled.window()[i]);
      }
      return 1 + (all / n + all / m - 1) * (columns - 1) / (6 * all * (pooled.size() - 1));
    }

    double mean() {
      return (cells - 1) * f;
    }

    double variance() {
      return 2 * (cells - 1) * f * f;
    }
  }
}
