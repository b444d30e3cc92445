package io.tidemark.stats;

import io.tidemark.stats.KolmogorovSmirnov.Bounded;
import io.tidemark.stats.TwoSamples.Counted;
import io.tidemark.stats.TwoSamples.Numbers;
import java.util.Arrays;

/**
 * A method's figure for two samples, and how sure it is.
 *
 * @param value NaN where there is nothing to compare
 * @param pValue NaN where the method is a distance
 * @param bound by how much the value may be off because values are held truncated; 0: not at all,
 *     NaN: not known, but {@code unsure} says of how many rows the bin is not certain
 * @param unsure the larger share of the two sides' rows that may lie in the neighbouring bin
 */
public record MethodValue(double value, double pValue, double bound, double unsure) {
  private static final double LN2 = StrictMath.log(2);

  /** A distance of counts. */
  interface OfCounts {
    double of(long[] baseline, long[] window);
  }

  /** A test of counts. */
  interface Test {
    ChiSquare.Result of(long[] baseline, long[] window);
  }

  /** A distance whose value may be off by so much. */
  static MethodValue within(double value, double bound) {
    return new MethodValue(value, Double.NaN, bound, 0);
  }

  /** Of cells that are all told apart. */
  static MethodValue ofCells(TwoSamples two, OfCounts distance) {
    return of(two, two.cells(), distance);
  }

  /** Of cells among which unknown categories are one. */
  static MethodValue ofKnownCells(TwoSamples two, OfCounts distance) {
    return of(two, two.known(), distance);
  }

  static MethodValue test(TwoSamples two, Test test) {
    ChiSquare.Result result = test.of(two.cells().baseline(), two.cells().window());
    return of(two, result.statistic(), result.pValue());
  }

  private static MethodValue of(TwoSamples two, Counted cells, OfCounts distance) {
    return of(two, distance.of(cells.baseline(), cells.window()), Double.NaN);
  }

  private static MethodValue of(TwoSamples two, double value, double pValue) {
    double unsure = 0;
    if (two.bins() != null) {
      double[] shares = two.bins().unsure();
      unsure = Math.max(shares[0], shares[1]);
    }
    return new MethodValue(value, pValue, unsure > 0 ? Double.NaN : 0, unsure);
  }

  static MethodValue jensenShannon(TwoSamples two) {
    Counted cells = two.known();
    return within(
        Distances.jensenShannon(cells.baseline(), cells.window()), jensenShannonBound(two));
  }

  static MethodValue jensenShannonLn(TwoSamples two) {
    Counted cells = two.known();
    return within(
        Distances.jensenShannonLn(cells.baseline(), cells.window()),
        jensenShannonBound(two) * Math.sqrt(LN2));
  }

  private static double jensenShannonBound(TwoSamples two) {
    return two.bins() == null ? 0 : two.bins().jensenShannonBound();
  }

  /**
   * Categories that neither side has, and an outer bin that neither hits, are no cells, which
   * {@link Distances#psi} would fill; an inner bin is one even if it is empty.
   */
  static MethodValue psi(TwoSamples two) {
    long[] p = two.cells().baseline();
    long[] q = two.cells().window();
    long[] a = new long[p.length];
    long[] b = new long[p.length];
    int used = 0;
    for (int i = 0; i < p.length; i++) {
      if (two.inner().at(i) || p[i] > 0 || q[i] > 0) {
        a[used] = p[i];
        b[used++] = q[i];
      }
    }
    Counted cells = new Counted(Arrays.copyOf(a, used), Arrays.copyOf(b, used));
    return of(two, cells, Distances::psi);
  }

  static MethodValue lInfinityRobust(TwoSamples two) {
    long[] p = two.cells().baseline();
    long[] q = two.cells().window();
    long n = Arrays.stream(p).sum();
    long m = Arrays.stream(q).sum();
    if (two.numbers() == null) {
      return within(Distances.lInfinityRobust(Distances.lInfinity(p, q), n, m), 0);
    }
    MethodValue largest = kolmogorovSmirnov(two);
    return within(Distances.lInfinityRobust(largest.value, n, m), largest.bound);
  }

  static MethodValue kolmogorovSmirnov(TwoSamples two) {
    Numbers numbers = two.numbers();
    ValueCounts p = numbers.baseline().values();
    ValueCounts q = numbers.window().values();
    Bounded d =
        numbers.fine() != null
            ? new Bounded(
                KolmogorovSmirnov.fromBins(numbers.fineBaseline(), numbers.fineWindow()), 0)
            : KolmogorovSmirnov.of(p, q);
    // NannyML's own p-value is not part of its rule, and exact ones take n·m steps.
    double pValue =
        numbers.asNannyMl()
            ? Double.NaN
            : KolmogorovSmirnov.pValue(d.value(), p.total(), q.total());
    return new MethodValue(d.value(), pValue, d.bound(), 0);
  }

  static MethodValue wasserstein(TwoSamples two) {
    Numbers numbers = two.numbers();
    if (numbers.fine() != null) {
      // Outside the bins is outside the cut points: all grids share the baseline's range.
      double distance =
          Wasserstein.fromBins(
              numbers.fine().edges(),
              numbers.fineBaseline(),
              numbers.fineWindow(),
              numbers.window().sumBelow(),
              numbers.window().sumAbove());
      return within(distance, 0);
    }
    Bounded distance = Wasserstein.of(numbers.baseline().values(), numbers.window().values());
    return within(distance.value(), distance.bound());
  }

  /** In standard deviations of the baseline. */
  static MethodValue wassersteinNormed(TwoSamples two) {
    double deviation = two.numbers().baseline().moments().populationDeviation();
    MethodValue distance = wasserstein(two);
    return within(
        Wasserstein.normed(distance.value, deviation),
        Wasserstein.normed(distance.bound, deviation));
  }

  /** TFDV's divergence of each side's own buckets; NaN where a side has no finite value. */
  public static MethodValue aligned(int buckets, NumericSummary baseline, NumericSummary window) {
    ValueBins.Aligned masses = ValueBins.aligned(buckets, baseline, window);
    return masses == null
        ? within(Double.NaN, 0)
        : within(Distances.jensenShannonDivergence(masses.baseline(), masses.window()), 0);
  }

  /** How sure the value is, for the finding's reason; "" if it is exact. */
  public String certainty() {
    if (bound > 0) {
      return "; exact to within " + ShortNumber.of(bound);
    }
    return unsure > 0
        ? "; up to " + ShortNumber.of(unsure) + " of the rows may lie in the neighbouring bin"
        : "";
  }
}
