package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeFamilyTest {
  @Test
  void eachTestGetsItsOwnOfTheFamily() {
    double[] p = {.04, .001, .03};
    double[] adjusted = BenjaminiHochberg.adjust(p);
    double[] cuts = BenjaminiHochberg.cuts(p, .05);
    List<Integer> told = new ArrayList<>();
    JudgeFamily.of(
        List.of(0, 1, 2),
        test -> p[test],
        .05,
        (test, adjustedP, cut) -> {
          told.add(test);
          assertThat(adjustedP).isEqualTo(adjusted[test]);
          assertThat(cut).isEqualTo(cuts[test]);
        });
    assertThat(told).containsExactly(0, 1, 2);
  }

  @Test
  void anEmptyFamilyHasNothingToConclude() {
    JudgeFamily.<Integer>of(
        List.of(), test -> 0, .05, (test, p, cut) -> assertThat(test).as("nobody's").isNull());
  }
}
