package io.tidemark.stats.slices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SliceFiguresTest {
  private static final Conjunction SLICE = Conjunction.of(new Predicate(0, 1));

  private static CodedRows rows(ErrorKind kind, double[] rest, double... slice) {
    CodedRows.Builder rows = CodedRows.builder(kind, 2);
    for (double error : rest) {
      rows.add(error, 0);
    }
    for (double error : slice) {
      rows.add(error, 1);
    }
    return rows.build();
  }

  private static double[] mistakes(int size, int wrong) {
    double[] errors = new double[size];
    Arrays.fill(errors, 0, wrong, 1);
    return errors;
  }

  /** The lady tasting tea (Fisher 1935), and Wilson's interval of 3 in 4. */
  @Test
  void ofMistakes() {
    SliceFigures figures =
        SliceFigures.of(rows(ErrorKind.MISTAKE, mistakes(4, 1), mistakes(4, 3)), SLICE);
    assertThat(figures.size()).isEqualTo(4);
    assertThat(figures.sum()).isEqualTo(3);
    assertThat(figures.mean()).isEqualTo(.75);
    assertThat(figures.lift()).isEqualTo(1.5);
    assertThat(figures.p()).isEqualTo(17 / 70.0, within(1e-12));
    assertThat(figures.lower()).isEqualTo(.3006418, within(1e-6));
    assertThat(figures.upper()).isEqualTo(.9544127, within(1e-6));
  }

  @Test
  void endsOfWilsonsInterval() {
    SliceFigures none =
        SliceFigures.of(rows(ErrorKind.MISTAKE, mistakes(9, 3), mistakes(10, 0)), SLICE);
    assertThat(none.lower()).isZero();
    assertThat(none.upper()).isEqualTo(.2775328, within(1e-6));
    SliceFigures all =
        SliceFigures.of(rows(ErrorKind.MISTAKE, mistakes(9, 3), mistakes(10, 10)), SLICE);
    assertThat(all.lower()).isEqualTo(.7224672, within(1e-6));
    assertThat(all.upper()).isEqualTo(1);
  }

  @Test
  void fishersTailIsExact() {
    for (int[] one :
        new int[][] {
          {60, 20, 15, 9}, {60, 20, 15, 2}, {60, 20, 15, 5}, {60, 55, 32, 32}, {1000, 30, 40, 12},
          {1000, 500, 400, 260}, {50, 7, 49, 6}, {50, 7, 49, 7}, {50, 50, 9, 9}, {50, 0, 9, 0}
        }) {
      double exact = tail(one[0], one[1], one[2], one[3]);
      assertThat(HypergeometricTail.of(one[0], one[1], one[2], one[3]))
          .as("%d rows, %d wrong, %d drawn, %d found", one[0], one[1], one[2], one[3])
          .isEqualTo(exact, within(1e-11 * exact));
    }
  }

  private static double tail(int rows, int wrong, int drawn, int found) {
    BigInteger ways = BigInteger.ZERO;
    for (int x = found; x <= Math.min(wrong, drawn); x++) {
      ways = ways.add(choose(wrong, x).multiply(choose(rows - wrong, drawn - x)));
    }
    return new BigDecimal(ways)
        .divide(new BigDecimal(choose(rows, drawn)), MathContext.DECIMAL64)
        .doubleValue();
  }

  private static BigInteger choose(int from, int count) {
    BigInteger ways = BigInteger.valueOf(count > from ? 0 : 1);
    for (int i = 0; i < count; i++) {
      ways = ways.multiply(BigInteger.valueOf(from - i)).divide(BigInteger.valueOf(i + 1));
    }
    return ways;
  }

  /** By hand, and p by SciPy's t distribution. */
  @Test
  void ofLosses() {
    SliceFigures figures =
        SliceFigures.of(rows(ErrorKind.LOSS, new double[] {1, 2, 3, 4, 5}, 2, 4, 6, 8, 10), SLICE);
    assertThat(figures.size()).isEqualTo(5);
    assertThat(figures.sum()).isEqualTo(30);
    assertThat(figures.lift()).isEqualTo(6 / 4.5);
    assertThat(figures.lower()).isEqualTo(6 - 1.959963984540054 * Math.sqrt(2), within(1e-12));
    assertThat(figures.upper()).isEqualTo(6 + 1.959963984540054 * Math.sqrt(2), within(1e-12));
    // variances 10 and 2.5, the latter raised to the 8.0556 of all: t = 3 / sqrt(18.0556 / 5)
    assertThat(figures.p()).isEqualTo(0.07674674228291099, within(1e-9));
  }

  /** Without spread of its own it might be by chance: Welch's test alone would say p = 0. */
  @Test
  void equalLossesAreNoProof() {
    double[] rest = new double[100];
    Arrays.fill(rest, 5, 100, 1);
    double[] slice = new double[10];
    Arrays.fill(slice, 1);
    assertThat(SliceFigures.of(rows(ErrorKind.LOSS, rest, slice), SLICE).p()).isGreaterThan(.1);
  }

  @Test
  void ofNoRowsOrAll() {
    for (ErrorKind kind : ErrorKind.values()) {
      SliceFigures none = SliceFigures.of(rows(kind, new double[] {0, 1}), SLICE);
      assertThat(none.size()).isZero();
      assertThat(new double[] {none.mean(), none.lift(), none.lower(), none.upper(), none.p()})
          .containsOnly(Double.NaN);
      SliceFigures all = SliceFigures.of(rows(kind, new double[0], 0, 1), SLICE);
      assertThat(all.lift()).isEqualTo(1);
      assertThat(all.p()).isNaN();
      SliceFigures right = SliceFigures.of(rows(kind, new double[] {0, 0}, 0, 0), SLICE);
      assertThat(right.lift()).isNaN();
      assertThat(right.p()).isEqualTo(1);
    }
  }

  @Test
  void hugeAndTinyLosses() {
    for (int scale : new int[] {-1000, -600, 0, 600, 1000}) {
      double unit = Math.scalb(1d, scale);
      SliceFigures figures =
          SliceFigures.of(
              rows(ErrorKind.LOSS, new double[] {unit, 2 * unit, 3 * unit}, 4 * unit, 6 * unit),
              SLICE);
      assertThat(figures.lift()).isEqualTo(5 / 3.2, within(1e-12));
      assertThat(figures.p()).isEqualTo(0.10723026669442207, within(1e-9));
    }
  }
}
