package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BenjaminiHochbergTest {
  /** The worked example of Benjamini and Hochberg (1995), table 1: four of fifteen at .05. */
  private static final double[] PAPER = {
    .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528,
    .7590, 1
  };

  @Test
  void paperExample() {
    double[] adjusted = BenjaminiHochberg.adjust(PAPER);
    assertThat(adjusted[0]).isCloseTo(.0015, within(1e-12));
    assertThat(adjusted[3]).isCloseTo(.035625, within(1e-12));
    for (int i = 0; i < PAPER.length; i++) {
      assertThat(adjusted[i] <= .05).isEqualTo(i < 4);
    }
    assertThat(adjusted).isSorted();
    assertThat(adjusted[14]).isEqualTo(1);
  }

  @Test
  void aLaterTestPullsEarlierOnesAlong() {
    assertThat(BenjaminiHochberg.adjust(new double[] {.04, .03, .05}))
        .containsExactly(new double[] {.05, .05, .05}, within(1e-12));
  }

  @Test
  void untestedOnesAreNoMembers() {
    assertThat(BenjaminiHochberg.adjust(new double[] {Double.NaN, .02, Double.NaN, .01}))
        .containsExactly(new double[] {Double.NaN, .02, Double.NaN, .02}, within(1e-12));
    assertThat(BenjaminiHochberg.adjust(new double[] {Double.NaN})).containsOnly(Double.NaN);
    assertThat(BenjaminiHochberg.adjust(new double[0])).isEmpty();
    assertThat(BenjaminiHochberg.cuts(new double[] {Double.NaN, .5}, .1))
        .containsExactly(Double.NaN, .1);
  }

  /** Those not given count as 1: each value is at least what it would be with them at hand. */
  @Test
  void someTestsOfALargerFamily() {
    assertThat(BenjaminiHochberg.adjust(new double[] {.001, .01, .04}, 20))
        .containsExactly(new double[] {.02, .1, 4 * .2 / 3}, within(1e-12));
    double[] all = {.001, .01, .04, .02, 1, .3};
    assertThat(BenjaminiHochberg.adjust(new double[] {.001, .01, .04}, 6)[2])
        .isGreaterThan(BenjaminiHochberg.adjust(all)[2]);
    assertThat(BenjaminiHochberg.adjust(all, 3)).isEqualTo(BenjaminiHochberg.adjust(all));
  }

  @Test
  void cutsSayWhenATestWouldHaveBeenFound() {
    SplittableRandom random = new SplittableRandom(5);
    for (int run = 0; run < 200; run++) {
      double[] p = random.doubles(8).map(u -> u * u * u).toArray();
      double[] cuts = BenjaminiHochberg.cuts(p, .05);
      for (int i = 0; i < p.length; i++) {
        double[] moved = p.clone();
        moved[i] = cuts[i] * (1 - 1e-9);
        assertThat(BenjaminiHochberg.adjust(moved)[i]).isLessThanOrEqualTo(.05);
        moved[i] = cuts[i] * (1 + 1e-9);
        assertThat(BenjaminiHochberg.adjust(moved)[i]).isGreaterThan(.05);
      }
    }
  }
}
