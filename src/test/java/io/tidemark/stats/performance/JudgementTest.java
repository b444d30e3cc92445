package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class JudgementTest {
  @Test
  void thresholdsAreThreeDeviationsAway() {
    Thresholds thresholds = Thresholds.of(Metric.F1, new double[] {.8, Double.NaN, .82});
    assertThat(thresholds.lower()).isCloseTo(.78, within(1e-12));
    assertThat(thresholds.upper()).isCloseTo(.84, within(1e-12));
    assertThat(thresholds.alarms(.77)).isTrue();
    assertThat(thresholds.alarms(.85)).isTrue();
    assertThat(thresholds.alarms(.8)).isFalse();
    assertThat(thresholds.alarms(thresholds.lower())).isFalse();
    assertThat(thresholds.alarms(Double.NaN)).isFalse();
  }

  @Test
  void thresholdsKeepTheMetricsRange() {
    assertThat(Thresholds.of(Metric.F1, new double[] {0, 1})).isEqualTo(new Thresholds(0, 1));
    assertThat(Thresholds.of(Metric.R2, new double[] {0, 1}).lower()).isEqualTo(-1);
    assertThat(Thresholds.of(Metric.BIAS, new double[] {-1, 1})).isEqualTo(new Thresholds(-3, 3));
    assertThat(Thresholds.of(Metric.MAE, new double[] {0, 2})).isEqualTo(new Thresholds(0, 4));
  }

  @Test
  void withoutWindowsNothingAlarms() {
    Thresholds none = Thresholds.of(Metric.F1, new double[] {Double.NaN});
    assertThat(none.lower()).isNaN();
    assertThat(none.alarms(0)).isFalse();
    assertThat(Thresholds.of(Metric.F1, new double[] {.5})).isEqualTo(new Thresholds(.5, .5));
  }

  @Test
  void aGapMustBeSignificantAndLarge() {
    assertThat(Gap.of(.8, .003, .9, .004))
        .isEqualTo(new Gap(.8 - .9, .02, true))
        .extracting(Gap::difference)
        .isEqualTo(.8 - .9);
    assertThat(Gap.of(.9, .03, .8, .04).threshold()).isCloseTo(.15, within(1e-15));
    assertThat(Gap.of(.9, .03, .8, .04).alarm()).isFalse();
    assertThat(Gap.of(.9, .0001, .89, .0001).alarm()).isFalse();
    assertThat(Gap.of(.98, .01, .8, .01).alarm()).isTrue();
  }

  @Test
  void aGapThatIsNotKnownIsNone() {
    assertThat(Gap.of(Double.NaN, .01, .8, .01).alarm()).isFalse();
    assertThat(Gap.of(.1, Double.NaN, .8, .01).alarm()).isFalse();
  }
}
