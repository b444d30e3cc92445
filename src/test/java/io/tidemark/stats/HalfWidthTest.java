package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfWidthTest {
  /** Table I, method 3, of Newcombe, "Two-sided confidence intervals", 1998. */
  @ParameterizedTest
  @CsvSource({"81, 263, .2553, .3662", "15, 148, .0624, .1605", "0, 20, 0, .1611"})
  void ofShares(int some, int all, double lower, double upper) {
    assertThat(HalfWidth.ofShare((double) some / all, all))
        .isCloseTo((upper - lower) / 2, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({".5, .05", ".1, .05", "0, .05", "1, .01", ".03, .002", ".5, 1", ".9, .3"})
  void asManyAsBringAShareThere(double share, double bound) {
    long values = HalfWidth.valuesForShare(share, bound);
    assertThat(HalfWidth.ofShare(share, values)).isLessThanOrEqualTo(bound);
    if (values > 1) {
      assertThat(HalfWidth.ofShare(share, values - 1)).isGreaterThan(bound);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, .1", "12.5, .5", "1e-3, 1e-5"})
  void asManyAsBringAMeanThere(double deviation, double bound) {
    long values = HalfWidth.valuesForMean(deviation, bound);
    assertThat(HalfWidth.ofMean(deviation, values)).isLessThanOrEqualTo(bound);
    assertThat(HalfWidth.ofMean(deviation, values - 1)).isGreaterThan(bound);
    assertThat(HalfWidth.deviation(HalfWidth.ofMean(deviation, values), values))
        .isCloseTo(deviation, within(1e-12 * deviation));
  }

  @Test
  void boundsThatNothingMeets() {
    assertThat(HalfWidth.valuesForShare(.5, 1e-12)).isEqualTo(HalfWidth.MOST);
    assertThat(HalfWidth.valuesForMean(1, 1e-12)).isEqualTo(HalfWidth.MOST);
    assertThat(HalfWidth.valuesForMean(0, 1)).isEqualTo(1);
  }
}
