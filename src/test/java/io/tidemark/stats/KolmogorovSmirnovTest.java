package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KolmogorovSmirnovTest {
  private static double exact(double[] p, double[] q) {
    double[] pv = Samples.distinct(p);
    double[] qv = Samples.distinct(q);
    return KolmogorovSmirnov.exact(
        pv, Samples.multiplicity(p, pv), qv, Samples.multiplicity(q, qv));
  }

  @Test
  void goldenStatistic() {
    double[] p = Samples.reference();
    double[] q = Samples.current();
    assertThat(exact(p, q)).isCloseTo(0.19916666666666666, within(1e-15));
    double[] edges = Samples.equalWidth(Samples.min(p), Samples.max(p), 10_000);
    assertThat(KolmogorovSmirnov.fromBins(Samples.histogram(p, edges), Samples.histogram(q, edges)))
        .isCloseTo(0.19916666666667815, within(1e-9));
  }

  @Test
  void goldenPValues() {
    assertThat(KolmogorovSmirnov.pValue(0.19916666666666666, 1200, 800))
        .isCloseTo(4.149434358666029e-17, within(1e-26));
    assertThat(KolmogorovSmirnov.asymptoticPValue(0.19916666666666666, 1200, 800))
        .isCloseTo(3.6585801150138614e-17, within(1e-26));
  }

  /** Figures of scipy 1.17 {@code ks_2samp(method="exact")}. */
  @ParameterizedTest
  @CsvSource({
    ".6, 5, 7, 0.16666666666666663",
    ".4, 30, 30, 0.015643390496754332",
    ".1, 100, 1000, 0.3065964937423929",
    ".2, 1000, 5000, 1.2351868144446524e-29",
    ".5, 12, 18, 0.04171431924292337",
    ".05, 1000, 1000, 0.16411447756429137",
    ".1, 3, 4, 1"
  })
  void exactTail(double d, long n, long m, double expected) {
    assertThat(KolmogorovSmirnov.exactPValue(d, n, m))
        .isCloseTo(expected, within(1e-10 * expected));
    assertThat(KolmogorovSmirnov.exactPValue(d, m, n))
        .isCloseTo(expected, within(1e-10 * expected));
  }

  /** Figures of scipy 1.17 {@code kstwo.sf}. */
  @ParameterizedTest
  @CsvSource({
    "0.19916666666666666, 480, 3.6585801150138614e-17",
    "0.05, 480, 0.17532877709085803",
    "0.02, 5000, 0.03613941395325637",
    "0.015, 5000, 0.20846142096186204",
    "0.03, 500, 0.7473166700457021",
    "0.1, 60, 0.5521961259289287",
    "0.15, 60, 0.12110534950589669",
    "0.2, 60, 0.014023403960275127",
    "0.3, 140, 1.1370251710737309e-11",
    "0.01, 100, 1.0",
    "0.009, 9000, 0.4569026113845366",
    "0.6, 20, 2.0483011649719853e-07",
    "0.008, 20000, 0.15371596723031855",
    "0.0003, 200000, 1.0",
    "0.002, 200000, 0.39995085369038097",
    "1, 20, 0"
  })
  void oneSampleTail(double d, long n, double expected) {
    assertThat(KolmogorovDistribution.survival(d, n)).isCloseTo(expected, within(1e-9 * expected));
  }

  @Test
  void largeSamplesTakeTheAsymptoticForm() {
    assertThat(KolmogorovSmirnov.pValue(.03, 1000, 20_000))
        .isEqualTo(KolmogorovSmirnov.asymptoticPValue(.03, 1000, 20_000));
    assertThat(KolmogorovSmirnov.pValue(Double.NaN, 10, 10)).isNaN();
    assertThat(KolmogorovSmirnov.pValue(.1, 0, 10)).isNaN();
    assertThat(KolmogorovSmirnov.asymptoticPValue(.1, 0, 10)).isNaN();
  }

  @Test
  void rowsOutsideTheRangeCount() {
    long[] p = {0, 5, 5, 0};
    assertThat(KolmogorovSmirnov.fromBins(p, new long[] {10, 0, 0, 0})).isEqualTo(.5);
    assertThat(KolmogorovSmirnov.fromBins(p, new long[] {0, 0, 0, 10})).isEqualTo(1);
    assertThat(KolmogorovSmirnov.fromBins(p, new long[] {0, 5, 5, 10})).isEqualTo(.5);
  }

  @Test
  void aConstantBaselineSeesBothSides() {
    long[] p = {0, 10, 0};
    assertThat(KolmogorovSmirnov.fromBins(p, new long[] {4, 6, 0})).isEqualTo(.4);
    assertThat(KolmogorovSmirnov.fromBins(p, new long[] {0, 6, 4})).isEqualTo(.4);
    assertThat(KolmogorovSmirnov.fromBins(p, p)).isZero();
  }

  @Test
  void anEmptySideIsNaN() {
    assertThat(KolmogorovSmirnov.fromBins(new long[4], new long[] {0, 1, 1, 0})).isNaN();
    assertThat(exact(new double[0], new double[] {1})).isNaN();
  }
}
