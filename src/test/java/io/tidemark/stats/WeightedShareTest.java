package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WeightedShareTest {
  private static WeightedShare of(int inside, int outside, double weight) {
    WeightedShare share = new WeightedShare();
    for (int i = 0; i < inside + outside; i++) {
      share.add(weight, i < inside);
    }
    return share;
  }

  /** Of 10 of 40: the roots p of (p - .25)^2 = z^2 p (1 - p) / 40. */
  @Test
  void equalWeightsAreWilsons() {
    for (double weight : new double[] {1, 7.5}) {
      WeightedShare share = of(10, 30, weight);
      assertThat(share.share()).isEqualTo(.25);
      assertThat(share.total()).isEqualTo(40 * weight);
      assertThat(share.effectiveRows()).isCloseTo(40, within(1e-9));
      assertThat(share.lower()).isCloseTo(0.14187118639096308, within(1e-9));
      assertThat(share.upper()).isCloseTo(0.40193961420768026, within(1e-9));
    }
  }

  @Test
  void unequalWeightsTellLess() {
    WeightedShare share = of(10, 30, 1);
    share.add(40, true);
    share.add(0, false);
    assertThat(share.rows()).isEqualTo(41);
    assertThat(share.share()).isEqualTo(50 / 80.);
    assertThat(share.effectiveRows()).isCloseTo(80. * 80 / (40 + 1600), within(1e-9));
    assertThat(share.upper() - share.lower()).isGreaterThan(.5);
  }

  @Test
  void theEndsAreReached() {
    assertThat(of(0, 5, 2).lower()).isZero();
    assertThat(of(0, 5, 2).upper()).isBetween(.3, .6);
    assertThat(of(5, 0, 2).upper()).isEqualTo(1);
    assertThat(of(0, 0, 1).share()).isNaN();
    assertThat(of(0, 0, 1).effectiveRows()).isZero();
    assertThat(of(0, 0, 1).lower()).isZero();
    assertThat(of(0, 0, 1).upper()).isEqualTo(1);
  }
}
