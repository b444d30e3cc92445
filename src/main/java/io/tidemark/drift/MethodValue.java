package io.tidemark.drift;

import io.tidemark.profile.FieldState;
import io.tidemark.profile.Reference;
import io.tidemark.spec.Field;
import io.tidemark.stats.ChiSquare;
import io.tidemark.stats.Distances;
import io.tidemark.stats.Grid;
import io.tidemark.stats.KolmogorovSmirnov;
import io.tidemark.stats.KolmogorovSmirnov.Bounded;
import io.tidemark.stats.Method;
import io.tidemark.stats.NumericSummary;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.ValueBins;
import io.tidemark.stats.ValueCounts;
import io.tidemark.stats.Wasserstein;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * One method's figure for a state of a field against the reference.
 *
 * @param value NaN where there is nothing to compare
 * @param pValue NaN where the method is a distance
 * @param bound by how much the value may be off because values are held truncated; 0: not at all,
 *     NaN: not known, but {@code unsure} says of how many rows the bin is not certain
 * @param unsure the larger share of the two sides' rows that may lie in the neighbouring bin
 */
record MethodValue(double value, double pValue, double bound, double unsure) {
  private static final Set<Method> NUMERIC_ONLY =
      EnumSet.of(Method.KOLMOGOROV_SMIRNOV, Method.WASSERSTEIN, Method.WASSERSTEIN_NORMED);
  private static final Set<Method> CATEGORICAL_ONLY =
      EnumSet.of(Method.CHI_SQUARE, Method.CHI_SQUARE_GOF, Method.L_INFINITY);
  private static final double LN2 = StrictMath.log(2);

  /** Whether a method is defined for a field's type. */
  static boolean suits(Method method, Field field) {
    return field.numeric() ? !CATEGORICAL_ONLY.contains(method) : !NUMERIC_ONLY.contains(method);
  }

  /**
   * @param cells the method's bins of the field, over which counts are compared
   * @param state a window of the run or of the reference
   * @param window that state's counts over the cells
   * @param fine whether numbers are compared as NannyML compares them
   */
  static MethodValue of(
      Method method,
      Cells cells,
      Reference reference,
      FieldState state,
      long[] window,
      boolean fine) {
    long[] baseline = cells.baseline();
    long[] p = cells.lumped(baseline);
    long[] q = cells.lumped(window);
    double jsBound = cells.bins() == null ? 0 : cells.bins().jensenShannonBound();
    return switch (method) {
      case JENSEN_SHANNON -> new MethodValue(Distances.jensenShannon(p, q), jsBound);
      case JENSEN_SHANNON_LN ->
          new MethodValue(Distances.jensenShannonLn(p, q), jsBound * Math.sqrt(LN2));
      case JENSEN_SHANNON_DIVERGENCE ->
          ofCells(Distances.jensenShannonDivergence(p, q), Double.NaN, cells);
      case HELLINGER -> ofCells(Distances.hellinger(p, q), Double.NaN, cells);
      case PSI -> psi(baseline, window, cells);
      case PSI_SODA -> ofCells(Distances.psiSoda(baseline, window), Double.NaN, cells);
      case TOTAL_VARIATION ->
          ofCells(Distances.totalVariation(baseline, window), Double.NaN, cells);
      case L_INFINITY -> ofCells(Distances.lInfinity(baseline, window), Double.NaN, cells);
      case LINF_ROBUST -> robust(reference, state, baseline, window, fine);
      case CHI_SQUARE -> test(ChiSquare.nannyml(baseline, window), cells);
      case CHI_SQUARE_GOF -> test(ChiSquare.goodnessOfFit(baseline, window), cells);
      case G_TEST -> test(ChiSquare.gTest(baseline, window), cells);
      case KOLMOGOROV_SMIRNOV -> kolmogorovSmirnov(reference, state, fine);
      case WASSERSTEIN -> wasserstein(reference, state, fine);
      case WASSERSTEIN_NORMED -> {
        double deviation = reference.total().numeric().moments().populationDeviation();
        MethodValue distance = wasserstein(reference, state, fine);
        yield new MethodValue(
            Wasserstein.normed(distance.value, deviation),
            Wasserstein.normed(distance.bound, deviation));
      }
    };
  }

  /** TFDV's divergence of each side's own buckets; NaN where a side has no finite value. */
  static MethodValue aligned(int buckets, Reference reference, FieldState state) {
    ValueBins.Aligned masses =
        ValueBins.aligned(buckets, reference.total().numeric(), state.numeric());
    return masses == null
        ? new MethodValue(Double.NaN, 0)
        : new MethodValue(Distances.jensenShannonDivergence(masses.baseline(), masses.window()), 0);
  }

  private MethodValue(double value, double bound) {
    this(value, Double.NaN, bound, 0);
  }

  private static MethodValue ofCells(double value, double pValue, Cells cells) {
    double unsure = 0;
    if (cells.bins() != null) {
      double[] shares = cells.bins().unsure();
      unsure = Math.max(shares[0], shares[1]);
    }
    return new MethodValue(value, pValue, unsure > 0 ? Double.NaN : 0, unsure);
  }

  private static MethodValue test(ChiSquare.Result result, Cells cells) {
    return ofCells(result.statistic(), result.pValue(), cells);
  }

  /**
   * Categories that neither side has, and an outer bin that neither hits, are no cells, which
   * {@link Distances#psi} would fill; an inner bin is one even if it is empty.
   */
  private static MethodValue psi(long[] p, long[] q, Cells cells) {
    long[] a = new long[p.length];
    long[] b = new long[p.length];
    int used = 0;
    for (int i = 0; i < p.length; i++) {
      if (cells.innerBin(i) || p[i] > 0 || q[i] > 0) {
        a[used] = p[i];
        b[used++] = q[i];
      }
    }
    return ofCells(
        Distances.psi(Arrays.copyOf(a, used), Arrays.copyOf(b, used)), Double.NaN, cells);
  }

  private static MethodValue robust(
      Reference reference, FieldState state, long[] p, long[] q, boolean fine) {
    long n = Arrays.stream(p).sum();
    long m = Arrays.stream(q).sum();
    if (state.numeric() == null) {
      return new MethodValue(Distances.lInfinityRobust(Distances.lInfinity(p, q), n, m), 0);
    }
    MethodValue largest = kolmogorovSmirnov(reference, state, fine);
    return new MethodValue(Distances.lInfinityRobust(largest.value, n, m), largest.bound);
  }

  private static MethodValue kolmogorovSmirnov(
      Reference reference, FieldState state, boolean fine) {
    Grid bins = fine ? reference.field().fine() : null;
    ValueCounts p = reference.total().numeric().values();
    ValueCounts q = state.numeric().values();
    Bounded d =
        bins != null
            ? new Bounded(
                KolmogorovSmirnov.fromBins(reference.counts(bins), reference.counts(bins, state)),
                0)
            : KolmogorovSmirnov.of(p, q);
    // NannyML's own p-value is not part of its rule, and exact ones take n·m steps.
    double pValue = fine ? Double.NaN : KolmogorovSmirnov.pValue(d.value(), p.total(), q.total());
    return new MethodValue(d.value(), pValue, d.bound(), 0);
  }

  private static MethodValue wasserstein(Reference reference, FieldState state, boolean fine) {
    NumericSummary window = state.numeric();
    Grid bins = fine ? reference.field().fine() : null;
    if (bins != null) {
      // Outside the bins is outside the cut points: all grids share the baseline's range.
      return new MethodValue(
          Wasserstein.fromBins(
              bins.edges(),
              reference.counts(bins),
              reference.counts(bins, state),
              window.sumBelow(),
              window.sumAbove()),
          0);
    }
    Bounded distance = Wasserstein.of(reference.total().numeric().values(), window.values());
    return new MethodValue(distance.value(), distance.bound());
  }

  /** How sure the value is, for the finding's reason; "" if it is exact. */
  String certainty() {
    if (bound > 0) {
      return "; exact to within " + ShortNumber.of(bound);
    }
    return unsure > 0
        ? "; up to " + ShortNumber.of(unsure) + " of the rows may lie in the neighbouring bin"
        : "";
  }
}
