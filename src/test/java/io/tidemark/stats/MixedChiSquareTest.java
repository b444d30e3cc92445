package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixedChiSquareTest {
  private static final double[] SURE = {1};

  /** Two parts of the same variance go the long way and must give the χ² itself. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 19, 60, 999})
  void withoutAVarianceOfItsOwnItIsChiSquare(int df) {
    double[] variances = {1, 1};
    double[] weights = {.25, .75};
    for (double share : new double[] {.01, .5, 1, 1.5, 2, 3, 5}) {
      double x = df * share + (df > 100 ? 0 : 10 * (share - 1));
      double expected = x <= 0 ? 1 : ChiSquaredDistribution.of(df).survivalProbability(x);
      double p = MixedChiSquare.survival(x, df, variances, weights);
      assertThat(p).isCloseTo(expected, within(1e-5 * expected + 1e-14));
    }
  }

  @Test
  void aLargeVarianceDecidesTheTail() {
    // far out nothing but the one variable matters
    for (double x : new double[] {2000, 1e4, 1e5}) {
      double one = ChiSquaredDistribution.of(1).survivalProbability((x - 18) / 500);
      double p = MixedChiSquare.survival(x, 19, new double[] {500}, SURE);
      assertThat(p).isCloseTo(one, within(.02 * one));
    }
  }

  @Test
  void agreesWithDraws() {
    SplittableRandom random = new SplittableRandom(5);
    int draws = 200_000;
    double[] variances = {1, 4, 30};
    double[] weights = {.5, .3, .2};
    for (int df : new int[] {1, 2, 6, 20}) {
      int beyond = 0;
      double x = 2.5 * df + 8;
      for (int i = 0; i < draws; i++) {
        double u = random.nextDouble();
        double variance = u < .5 ? 1 : u < .8 ? 4 : 30;
        double sum = 0;
        for (int k = 0; k < df; k++) {
          double z = random.nextGaussian();
          sum += z * z * (k == 0 ? variance : 1);
        }
        beyond += sum > x ? 1 : 0;
      }
      double p = MixedChiSquare.survival(x, df, variances, weights);
      double error = Math.sqrt(p * (1 - p) / draws);
      assertThat((double) beyond / draws).isCloseTo(p, within(4 * error));
    }
  }

  @Test
  void fallsFromOneToNothing() {
    double before = 1;
    double[] variances = {1, 3};
    double[] weights = {.9, .1};
    for (double x = 0; x < 3000; x += 1.5) {
      double p = MixedChiSquare.survival(x, 12, variances, weights);
      assertThat(p).isBetween(0.0, before * (1 + 1e-6));
      before = p;
    }
    assertThat(before).isLessThan(1e-200);
    assertThat(MixedChiSquare.survival(1e300, 12, variances, weights)).isZero();
    assertThat(MixedChiSquare.survival(Double.POSITIVE_INFINITY, 12, variances, weights)).isZero();
  }
}
