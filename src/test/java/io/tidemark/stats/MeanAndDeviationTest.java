package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeanAndDeviationTest {
  /** As NannyML does. */
  @Test
  void leavesOutWindowsWithoutAFigure() {
    MeanAndDeviation two = MeanAndDeviation.of(new double[] {1, Double.NaN, 3});
    assertThat(two.above()).isCloseTo(2 + 3 * 1, within(1e-12));
    assertThat(two.below()).isCloseTo(2 - 3 * 1, within(1e-12));
    assertThat(two.count()).isEqualTo(2);
    assertThat(MeanAndDeviation.of(new double[] {.2}).above()).isEqualTo(.2);
    assertThat(MeanAndDeviation.of(new double[] {Double.NaN}).above()).isNaN();
    assertThat(MeanAndDeviation.of(new double[0]).above()).isNaN();
    assertThat(MeanAndDeviation.of(new double[] {0, 1, 0, 1}).above()).isEqualTo(2);
  }

  @Test
  void aSampleDeviationNeedsTwo() {
    double[] values = {1, 3};
    assertThat(MeanAndDeviation.of(values).sampleDeviation()).isEqualTo(Math.sqrt(2));
    assertThat(MeanAndDeviation.of(new double[] {7}).sampleDeviation()).isNaN();
    Moments moments = new Moments();
    moments.add(1);
    moments.add(3);
    assertThat(MeanAndDeviation.of(moments)).isEqualTo(MeanAndDeviation.of(values));
    assertThat(MeanAndDeviation.of(values).withDeviation(2).above()).isEqualTo(8);
  }
}
