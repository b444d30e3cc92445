package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tally and values added one by one come to the same summary. */
class NumericTallyTest {
  private static final List<CutPoints> CUTS =
      List.of(
          new CutPoints(new double[0]),
          new CutPoints(new double[] {0}),
          new CutPoints(new double[] {-1, -.25, 0, 1e-300, .5, 2.5}),
          new CutPoints(new double[] {-1e300, 1, 1.0000000000000002, 1e300}));

  enum Values {
    NORMAL(Random::nextGaussian),
    SHIFTED(random -> 7 + random.nextGaussian() / 100),
    NEGATIVE(random -> -Math.exp(random.nextGaussian() * 10)),
    NEAR_ZERO(random -> random.nextGaussian() * Double.MIN_NORMAL),
    WHOLE(random -> random.nextInt(2000) - 1000),
    FEW(random -> random.nextInt(4) / 2.0 - .5),
    ANY(random -> Double.longBitsToDouble(random.nextLong())),
    HOLED(random -> random.nextInt(5) == 0 ? Double.NaN : random.nextGaussian()),
    INFINITE(random -> random.nextInt(9) == 0 ? 1 / 0.0 : -random.nextInt(9) / 0.0);

    private final ToDoubleFunction<Random> one;

    Values(ToDoubleFunction<Random> one) {
      this.one = one;
    }

    double[] some(int count, Random random) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> one.applyAsDouble(random));
      return values;
    }
  }

  private static NumericSummary oneByOne(double[] values, CutPoints cuts, int capacity) {
    NumericSummary summary = new NumericSummary(cuts, capacity);
    for (double x : values) {
      if (Double.isNaN(x)) {
        summary.addMissing();
      } else {
        summary.add(x);
      }
    }
    return summary;
  }

  @ParameterizedTest
  @EnumSource
  void sameAsOneByOne(Values kind) {
    Random random = new Random(5);
    for (CutPoints cuts : CUTS) {
      for (int capacity : new int[] {4, 60, 1000, 20_000}) {
        double[] values = kind.some(9000, random);
        NumericSummary tallied = new NumericSummary(cuts, capacity);
        NumericTally tally = new NumericTally(tallied, new NumericTally.Scratch());
        for (int from = 0; from < values.length; ) {
          int to = Math.min(values.length, from + 1 + random.nextInt(3000));
          tally.add(values, from, to);
          from = to;
          if (random.nextInt(6) == 0) {
            tally.flush();
          }
        }
        tally.flush();
        assertThat(tallied)
            .as("cuts %s, capacity %d", cuts, capacity)
            .isEqualTo(oneByOne(values, cuts, capacity));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void valuesThatMoveOn(Values kind) {
    Random random = new Random(6);
    double[] values = new double[12_000];
    System.arraycopy(Values.NORMAL.some(4000, random), 0, values, 0, 4000);
    System.arraycopy(kind.some(8000, random), 0, values, 4000, 8000);
    NumericSummary tallied = new NumericSummary(CUTS.get(2), 100);
    NumericTally tally = new NumericTally(tallied, new NumericTally.Scratch());
    tally.add(values, 0, values.length);
    tally.flush();
    tally.flush();
    assertThat(tallied).isEqualTo(oneByOne(values, CUTS.get(2), 100));
  }
}
