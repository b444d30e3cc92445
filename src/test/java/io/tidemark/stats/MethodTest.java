package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a method says of itself is what its figure needs. */
class MethodTest {
  private static final TwoSamples.Counted COUNTS =
      new TwoSamples.Counted(new long[] {60, 40}, new long[] {30, 70});

  private static TwoSamples two(TwoSamples.Numbers numbers) {
    return new TwoSamples(COUNTS, COUNTS, cell -> false, null, numbers);
  }

  private static NumericSummary summary(CutPoints cuts, int shift) {
    NumericSummary summary = new NumericSummary(cuts, 100);
    for (int i = 0; i < 100; i++) {
      summary.add(i % 10 + shift);
    }
    return summary;
  }

  /** Values are held only where a method asks for them. */
  @ParameterizedTest
  @EnumSource
  void comparesCountsUnlessItNeedsValues(Method method) {
    if (!method.needsValues() || method.suits(false)) {
      assertThat(method.compare(two(null)).value()).isBetween(0.0, Double.MAX_VALUE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void comparesNumbersIfTheySuitIt(Method method) {
    if (method.suits(true)) {
      CutPoints cuts = new CutPoints(new double[] {0, 5, 10});
      TwoSamples.Numbers numbers =
          new TwoSamples.Numbers(summary(cuts, 0), summary(cuts, 3), false, null);
      assertThat(method.compare(two(numbers)).value()).isGreaterThan(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void suitsSomeField(Method method) {
    assertThat(method.suits(true) || method.suits(false)).isTrue();
    assertThat(Method.of(method.id())).contains(method);
    assertThat(Method.ids()).contains(method.id());
  }
}
