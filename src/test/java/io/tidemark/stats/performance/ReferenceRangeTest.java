package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceRangeTest {
  private static double[] repeated(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void windowsThatAreAlikeExpectMoreOfTheSame() {
    ReferenceRange range = ReferenceRange.of(repeated(20, .8), repeated(20, .01), .008);
    assertThat(range.mean()).isBetween(.799, .801);
    assertThat(range.below(.74, .01)).isLessThan(1e-4);
    assertThat(range.lower(.01, .01)).isBetween(.74, .79);
  }

  /** However alike some hours are, others may differ by about the scale. */
  @Test
  void partOfASeasonIsNeverTakenForTheWhole() {
    ReferenceRange part = ReferenceRange.ofPart(repeated(20, .8), repeated(20, .01), .04);
    assertThat(part.below(.74, .01)).isBetween(.01, .2);
    assertThat(part.below(.5, .01)).isLessThan(1e-3);
    ReferenceRange whole = ReferenceRange.of(repeated(20, .8), repeated(20, .01), .04);
    assertThat(whole.below(.74, .01)).isLessThan(.001);
  }

  @Test
  void partOfASeasonMayStillShowMore() {
    double[] apart = {.6, .7, .8, .9, .65, .85, .75, .95};
    ReferenceRange part = ReferenceRange.ofPart(apart, repeated(8, .01), .02);
    ReferenceRange alike = ReferenceRange.ofPart(repeated(8, .775), repeated(8, .01), .02);
    assertThat(part.below(.6, .01)).isGreaterThan(100 * alike.below(.6, .01));
    assertThat(ReferenceRange.ofPart(new double[0], new double[0], .1)).isNull();
  }

  /** Near or far in the tail, with one window or many, whatever varies most. */
  @Test
  void boundsAreWhereTheProbabilityIs() {
    double[] one = {.8};
    double[] many = {.8, .82, .79, .81, .805};
    for (double scale : new double[] {1e-4, .01, 1}) {
      for (double error : new double[] {0, .001, .1}) {
        for (double p : new double[] {.4, .05, .001, 1e-9}) {
          for (double[] values : List.of(one, many)) {
            double[] errors = new double[values.length];
            Arrays.fill(errors, .002);
            ReferenceRange range = ReferenceRange.of(values, errors, scale);
            double below = range.below(range.lower(p, error), error);
            double above = range.above(range.upper(p, error), error);
            assertThat(below).isCloseTo(p, withinPercentage(1e-6)).isLessThanOrEqualTo(p);
            assertThat(above).isCloseTo(p, withinPercentage(1e-6)).isLessThanOrEqualTo(p);
          }
        }
      }
    }
  }
}
