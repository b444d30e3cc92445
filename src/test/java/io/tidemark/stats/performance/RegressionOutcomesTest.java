package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tidemark.stats.MergeLaws;
import io.tidemark.stats.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RegressionOutcomesTest {
  private record Pair(double predicted, double actual) {}

  private static final MergeLaws<RegressionOutcomes, Pair> LAWS =
      new MergeLaws<>(
          RegressionOutcomes::new,
          (outcomes, pair) -> outcomes.add(pair.predicted(), pair.actual()),
          RegressionOutcomes::merge,
          RegressionOutcomes::write,
          RegressionOutcomes::read);

  @Provide
  Arbitrary<List<Pair>> pairs() {
    Arbitrary<Double> numbers =
        Arbitraries.oneOf(
            Arbitraries.doubles().between(-1000, 1000),
            Arbitraries.of(0.0, -0.0, 1e-300, 1e100, -1e160, 1e307));
    return Combinators.combine(numbers, numbers).as(Pair::new).list().ofMaxSize(40);
  }

  @Property(tries = 200)
  void isOrderFree(@ForAll("pairs") List<Pair> pairs, @ForAll long seed) {
    LAWS.hold(pairs, seed);
  }

  private static double value(Metric metric, RegressionOutcomes outcomes) {
    return RegressionMetrics.of(metric, outcomes).value();
  }

  @Test
  void metricsByHand() {
    RegressionOutcomes outcomes =
        LAWS.of(List.of(new Pair(3, 2), new Pair(4, 5), new Pair(8, 5), new Pair(1, 0)));
    assertThat(value(Metric.MAE, outcomes)).isEqualTo(6 / 4.0);
    assertThat(value(Metric.RMSE, outcomes)).isCloseTo(Math.sqrt(12 / 4.0), within(1e-15));
    assertThat(value(Metric.BIAS, outcomes)).isEqualTo(1);
    assertThat(value(Metric.MAPE, outcomes)).isCloseTo((.5 + .2 + .6) / 3, within(1e-15));
    assertThat(outcomes.zeroTruths()).isEqualTo(1);
    assertThat(value(Metric.R2, outcomes)).isCloseTo(1 - 12 / 18.0, within(1e-15));
    assertThat(RegressionSamplingErrors.of(Metric.MAE, outcomes).deviation())
        .isCloseTo(Math.sqrt(3 - 2.25), within(1e-15));
    assertThat(RegressionSamplingErrors.of(Metric.MAPE, outcomes).fraction()).isEqualTo(.75);
    assertThat(RegressionSamplingErrors.of(Metric.RMSE, outcomes).deviation())
        .isCloseTo(Math.sqrt(84 / 4.0 - 9) / (2 * Math.sqrt(3)), within(1e-14));
  }

  @Test
  void aLargeMeanCostsNoDigit() {
    RegressionOutcomes outcomes =
        LAWS.of(List.of(new Pair(1e9 + 2, 1e9 + 1), new Pair(1e9 + 3, 1e9 + 3)));
    assertThat(value(Metric.R2, outcomes)).isEqualTo(.5);
    assertThat(value(Metric.BIAS, outcomes)).isEqualTo(.5);
  }

  @Test
  void someAreNotDefined() {
    RegressionOutcomes none = new RegressionOutcomes();
    RegressionOutcomes zeros = LAWS.of(List.of(new Pair(1, 0), new Pair(2, 0)));
    for (Metric metric : Metric.REGRESSION) {
      assertThat(value(metric, none)).as(metric.id()).isNaN();
      assertThat(RegressionSamplingErrors.of(metric, none).at(10)).as(metric.id()).isNaN();
    }
    assertThat(value(Metric.MAPE, zeros)).isNaN();
    assertThat(value(Metric.R2, zeros)).isNaN();
    assertThat(RegressionSamplingErrors.of(Metric.MAPE, zeros).at(10)).isNaN();
    assertThat(RegressionSamplingErrors.of(Metric.R2, zeros).at(10)).isNaN();
    assertThat(value(Metric.MAE, zeros)).isEqualTo(1.5);
  }

  @Test
  void noErrorHasNoSpread() {
    RegressionOutcomes right = LAWS.of(List.of(new Pair(1, 1), new Pair(2, 2)));
    assertThat(value(Metric.R2, right)).isEqualTo(1);
    for (Metric metric : Metric.REGRESSION) {
      assertThat(RegressionSamplingErrors.of(metric, right).at(10)).as(metric.id()).isZero();
    }
  }

  @Test
  void errorsBeyondTheRangeOfDoubles() {
    RegressionOutcomes outcomes = new RegressionOutcomes();
    outcomes.add(-1e308, 1e308);
    for (int i = 0; i < 149; i++) {
      outcomes.add(i % 2, 1);
    }
    assertThat(outcomes.rows()).isEqualTo(150);
    assertThat(value(Metric.MAE, outcomes)).isCloseTo(1e308 / 75, withinPercentage(1e-12));
    assertThat(value(Metric.BIAS, outcomes)).isCloseTo(-1e308 / 75, withinPercentage(1e-12));
    assertThat(value(Metric.RMSE, outcomes))
        .isCloseTo(2 * (1e308 / Math.sqrt(150)), withinPercentage(1e-12));
    assertThat(value(Metric.MAPE, outcomes)).isBetween(.5, .52);
    assertThat(value(Metric.R2, outcomes)).isCloseTo(1 - 4 / (149 / 150.0), withinPercentage(1e-9));
    assertThat(RegressionSamplingErrors.of(Metric.MAE, outcomes).deviation()).isFinite();
    assertThat(RegressionSamplingErrors.of(Metric.RMSE, outcomes).deviation()).isNaN();
  }

  /** Their squares are 0 as doubles. */
  @Test
  void errorsWhoseSquaresVanish() {
    RegressionOutcomes outcomes = new RegressionOutcomes();
    outcomes.add(1e-200, 2e-200);
    outcomes.add(4e-200, 3e-200);
    assertThat(value(Metric.RMSE, outcomes)).isCloseTo(1e-200, withinPercentage(1e-12));
    assertThat(value(Metric.R2, outcomes)).isCloseTo(1 - 1 / .25, withinPercentage(1e-12));
  }

  @Test
  void rejectsWhatIsNotFinite() {
    RegressionOutcomes outcomes = new RegressionOutcomes();
    for (double wrong : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> outcomes.add(wrong, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> outcomes.add(1, wrong));
    }
    assertThat(outcomes.rows()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegressionMetrics.of(Metric.F1, outcomes));
  }

  @Test
  void windowsVaryAsTheErrorsSay() {
    Random random = new Random(5);
    List<Pair> reference = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double truth = 50 + 10 * random.nextGaussian();
      reference.add(new Pair(truth + 1 + 3 * random.nextGaussian(), truth));
    }
    RegressionOutcomes all = LAWS.of(reference);
    for (Metric metric : Metric.REGRESSION) {
      Moments values = new Moments();
      for (int i = 0; i < 300; i++) {
        List<Pair> window = new ArrayList<>();
        for (int j = 0; j < 1000; j++) {
          window.add(reference.get(random.nextInt(reference.size())));
        }
        values.add(value(metric, LAWS.of(window)));
      }
      double spread = Math.sqrt(values.variance());
      assertThat(RegressionSamplingErrors.of(metric, all).at(1000))
          .as(metric.id())
          .isCloseTo(spread, within(.15 * spread));
    }
  }
}
