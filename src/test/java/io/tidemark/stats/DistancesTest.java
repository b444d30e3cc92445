package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The figures are the projects' own formulas on two generated samples, computed elsewhere. */
class DistancesTest {
  private static final Offset<Double> CLOSE = within(1e-9);
  private static final long[] CATEGORIES = {639, 338, 174, 49, 0};
  private static final long[] CATEGORIES_NOW = {347, 271, 110, 0, 72};

  private static final List<ToDoubleBiFunction<long[], long[]>> BOUNDED =
      List.of(
          Distances::jensenShannon,
          Distances::jensenShannonDivergence,
          Distances::hellinger,
          Distances::lInfinity,
          Distances::totalVariation);
  private static final List<ToDoubleBiFunction<long[], long[]>> ALL =
      List.of(
          Distances::jensenShannon,
          Distances::jensenShannonLn,
          Distances::jensenShannonDivergence,
          Distances::hellinger,
          Distances::lInfinity,
          Distances::totalVariation,
          Distances::psi,
          Distances::psiSoda);

  @Test
  void samplesAreTheGoldenOnes() {
    assertThat(Samples.reference())
        .startsWith(0.34514002222567797, -0.3176449937745929, 0.02571797091513872);
    assertThat(DoubleStream.of(Samples.current()).sum()).isCloseTo(251.20840391218667, CLOSE);
  }

  @Test
  void evidentlyOverSturgesBinsOfBothSides() {
    double[] edges = combined((int) Math.ceil(Samples.log2(2000) + 1));
    assertThat(edges).hasSize(13);
    long[] p = Samples.histogram(Samples.reference(), edges);
    long[] q = Samples.histogram(Samples.current(), edges);
    assertThat(Distances.psi(inner(p), inner(q))).isCloseTo(0.28306018664663524, CLOSE);
    assertThat(Distances.jensenShannonLn(p, q)).isCloseTo(0.1808347352451409, CLOSE);
    assertThat(Distances.hellinger(p, q)).isCloseTo(0.18561460673439695, CLOSE);
  }

  @Test
  void evidentlyOverCategories() {
    assertThat(Distances.psi(CATEGORIES, CATEGORIES_NOW)).isCloseTo(0.8876149372672162, CLOSE);
    assertThat(Distances.jensenShannonLn(CATEGORIES, CATEGORIES_NOW))
        .isCloseTo(0.22189075483090986, CLOSE);
    assertThat(Distances.totalVariation(CATEGORIES, CATEGORIES_NOW))
        .isCloseTo(0.1470833333333333, CLOSE);
    assertThat(Distances.hellinger(CATEGORIES, CATEGORIES_NOW)).isCloseTo(0.263271613795901, CLOSE);
  }

  @Test
  void nannyMl() {
    double[] edges = Samples.doane(Samples.reference());
    assertThat(edges).hasSize(13);
    long[] p = Samples.outsideLast(Samples.histogram(Samples.reference(), edges));
    long[] q = Samples.outsideLast(Samples.histogram(Samples.current(), edges));
    assertThat(q[12] / 800.0).isCloseTo(0.014999999999999902, CLOSE);
    assertThat(Distances.jensenShannon(p, q)).isCloseTo(0.22565333127805381, CLOSE);
    assertThat(Distances.hellinger(p, q)).isCloseTo(0.197665075868606, CLOSE);
    assertThat(Distances.lInfinity(CATEGORIES, CATEGORIES_NOW))
        .isCloseTo(0.09874999999999995, CLOSE);
    assertThat(Distances.jensenShannon(CATEGORIES, CATEGORIES_NOW))
        .isCloseTo(0.26651795792994615, CLOSE);
  }

  @Test
  void tfdvSpreadsEachSidesTenBucketsOverTheUnionOfEdges() {
    double[] p = Samples.equalWidth(min(Samples.reference()), max(Samples.reference()), 10);
    double[] q = Samples.equalWidth(min(Samples.current()), max(Samples.current()), 10);
    double[] union = DoubleStream.concat(Arrays.stream(p), Arrays.stream(q)).toArray();
    union = Samples.distinct(union);
    assertThat(
            Distances.jensenShannonDivergence(
                spread(Samples.histogram(Samples.reference(), p), p, union),
                spread(Samples.histogram(Samples.current(), q), q, union)))
        .isCloseTo(0.05667521767889841, CLOSE);
    assertThat(Distances.jensenShannonDivergence(CATEGORIES, CATEGORIES_NOW))
        .isCloseTo(0.07103182189914849, CLOSE);
  }

  @Test
  void sodaOverTenBinsOfBothSides() {
    double[] edges = combined(10);
    assertThat(
            Distances.psiSoda(
                inner(Samples.histogram(Samples.reference(), edges)),
                inner(Samples.histogram(Samples.current(), edges))))
        .isCloseTo(0.30236510574032416, CLOSE);
  }

  @Test
  void sageMakerAndDeequ() {
    assertThat(Distances.lInfinityRobust(0.19916666666666666, 1200, 800))
        .isCloseTo(0.11700828304089174, CLOSE);
    assertThat(
            Distances.lInfinityRobust(Distances.lInfinity(CATEGORIES, CATEGORIES_NOW), 1200, 800))
        .isCloseTo(0.01659161637422503, CLOSE);
    assertThat(Distances.lInfinityRobust(.01, 1200, 800)).isZero();
    assertThat(Distances.lInfinityRobust(.01, 0, 800)).isNaN();
  }

  @Test
  void psiFillsBySideWithAMillionthOfAVerySmallShare() {
    long[] p = {999_999, 1, 0};
    long[] q = {500_000, 0, 500_000};
    double fillP = 1e-12;
    double expected =
        (.999999 - .5) * Math.log(.999999 / .5)
            + (1e-6 - 1e-4) * Math.log(1e-6 / 1e-4)
            + (fillP - .5) * Math.log(fillP / .5);
    assertThat(Distances.psi(p, q)).isCloseTo(expected, CLOSE);
  }

  @Test
  void smallDistancesKeepTheirDigits() {
    long[] p = {500_000_000, 500_000_000};
    long[] q = {500_001_000, 499_999_000};
    // second order: delta² / (2 ln 2) bits for shares .5 + delta/2
    assertThat(Distances.jensenShannonDivergence(p, q))
        .isCloseTo(1e-6 * 1e-6 / (2 * Math.log(2)), within(1e-21));
  }

  @Test
  void anEmptySideIsNaN() {
    for (var distance : ALL) {
      assertThat(distance.applyAsDouble(new long[2], new long[] {1, 2})).isNaN();
      assertThat(distance.applyAsDouble(new long[] {1, 2}, new long[2])).isNaN();
      assertThat(distance.applyAsDouble(new long[0], new long[0])).isNaN();
    }
  }

  @Test
  void countsThatDoNotFitAreRefused() {
    for (var distance : ALL) {
      assertThatThrownBy(() -> distance.applyAsDouble(new long[] {1}, new long[] {1, 2}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> distance.applyAsDouble(new long[] {1, 1}, new long[] {2, -1}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property(tries = 200)
  void boundsSymmetryAndScale(@ForAll @Size(6) long[] p, @ForAll @Size(6) long[] q) {
    long[] a = counts(p, 0);
    long[] b = counts(q, 5);
    for (var distance : BOUNDED) {
      assertThat(distance.applyAsDouble(a, b)).isBetween(0.0, 1.0);
      assertThat(distance.applyAsDouble(a, a)).isZero();
      assertThat(distance.applyAsDouble(b, a))
          .isCloseTo(distance.applyAsDouble(a, b), within(1e-12));
      assertThat(distance.applyAsDouble(a, Arrays.stream(b).map(x -> 3 * x).toArray()))
          .isCloseTo(distance.applyAsDouble(a, b), within(1e-12));
    }
    double hellinger = Distances.hellinger(a, b);
    assertThat(Distances.totalVariation(a, b))
        .isBetween(hellinger * hellinger - 1e-12, Math.sqrt(2) * hellinger + 1e-12);
  }

  @Test
  void disjointSidesAreAtTheEndOfTheScale() {
    for (var distance : BOUNDED) {
      assertThat(distance.applyAsDouble(new long[] {3, 0}, new long[] {0, 7})).isEqualTo(1);
    }
  }

  private static long[] counts(long[] any, int filled) {
    long[] counts = Arrays.stream(any).map(x -> Math.floorMod(x, 1000L)).toArray();
    counts[filled]++;
    return counts;
  }

  private static double[] combined(int bins) {
    double[] all =
        DoubleStream.concat(Arrays.stream(Samples.reference()), Arrays.stream(Samples.current()))
            .toArray();
    return Samples.equalWidth(min(all), max(all), bins);
  }

  private static long[] inner(long[] counts) {
    return Arrays.copyOfRange(counts, 1, counts.length - 1);
  }

  private static double min(double[] values) {
    return Samples.min(values);
  }

  private static double max(double[] values) {
    return Samples.max(values);
  }

  private static double[] spread(long[] counts, double[] edges, double[] union) {
    double[] masses = new double[union.length - 1];
    for (int bin = 0; bin < edges.length - 1; bin++) {
      for (int i = 0; i < masses.length; i++) {
        double overlap = Math.min(union[i + 1], edges[bin + 1]) - Math.max(union[i], edges[bin]);
        if (overlap > 0) {
          masses[i] += counts[bin + 1] * overlap / (edges[bin + 1] - edges[bin]);
        }
      }
    }
    return masses;
  }
}
