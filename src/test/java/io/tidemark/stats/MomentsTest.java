package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static final MergeLaws<Moments, Double> LAWS =
      new MergeLaws<>(Moments::new, Moments::add, Moments::merge, Moments::write, Moments::read);

  @Provide
  Arbitrary<List<Double>> values() {
    return Streams.withInfinities().list().ofMaxSize(40);
  }

  @Property(tries = 300)
  void isOrderFree(@ForAll("values") List<Double> values, @ForAll long seed) {
    LAWS.hold(values, seed);
  }

  @Test
  void aLargeMeanCostsNoDigitOfTheVariance() {
    for (double mean : new double[] {0, 1e9, 1e15, -0x1p52}) {
      Moments moments = LAWS.of(List.of(mean + 1, mean + 2, mean + 3));
      assertThat(moments.variance()).isEqualTo(1.0);
      assertThat(moments.populationVariance()).isEqualTo(2.0 / 3);
      assertThat(moments.mean()).isEqualTo(mean + 2);
    }
  }

  @Test
  void aConstantHasNoVariance() {
    Moments moments = new Moments();
    for (int i = 0; i < 1000; i++) {
      moments.add(0.1);
    }
    assertThat(moments.variance()).isZero();
    assertThat(moments.mean()).isEqualTo(0.1);
    assertThat(moments.sum()).isEqualTo(100.0);
  }

  @Test
  void figuresOfAKnownStream() { // by numpy: mean, var(ddof=1), std
    Moments moments = new Moments();
    for (double value : Streams.sumsOfFour(42, 1200)) {
      moments.add(value);
    }
    Offset<Double> rounding = Offset.offset(1e-14);
    assertThat(moments.mean()).isCloseTo(0.016860326367119947, rounding);
    assertThat(moments.variance()).isCloseTo(0.3203578466188866, rounding);
    assertThat(Math.sqrt(moments.populationVariance())).isCloseTo(0.5657657481208138, rounding);
    assertThat(moments.min()).isEqualTo(-1.6539433924481273);
    assertThat(moments.max()).isEqualTo(1.69542255718261);
    assertThat(moments.count()).isEqualTo(1200);
  }

  @Test
  void infinitiesAreCountedApart() {
    Moments moments = LAWS.of(List.of(1.0, 1 / 0.0, 3.0, -1 / 0.0, 1 / 0.0));
    assertThat(moments.count()).isEqualTo(2);
    assertThat(moments.positiveInfinities()).isEqualTo(2);
    assertThat(moments.negativeInfinities()).isEqualTo(1);
    assertThat(moments.mean()).isEqualTo(2.0);
    assertThat(moments.variance()).isEqualTo(2.0);
    assertThat(moments.max()).isEqualTo(3.0);
  }

  @Test
  void whatIsUndefinedIsNaN() {
    Moments none = LAWS.of(List.of(Double.POSITIVE_INFINITY));
    assertThat(none.mean()).isNaN();
    assertThat(none.min()).isNaN();
    assertThat(none.max()).isNaN();
    assertThat(none.populationVariance()).isNaN();
    assertThat(none.sum()).isZero();
    Moments one = LAWS.of(List.of(7.0));
    assertThat(one.variance()).isNaN();
    assertThat(one.populationVariance()).isZero();
  }

  @Test
  void variancesBeyondTheRangeOfDoublesAreInfinite() {
    assertThat(LAWS.of(List.of(1e300, -1e300)).variance()).isInfinite();
    assertThat(LAWS.of(List.of(Double.MAX_VALUE, Double.MAX_VALUE)).mean())
        .isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void negativeZeroIsZero() {
    Moments moments = LAWS.of(List.of(-0.0));
    assertThat(Double.doubleToRawLongBits(moments.min())).isZero();
    assertThat(Double.doubleToRawLongBits(moments.max())).isZero();
    assertThat(moments).isEqualTo(LAWS.of(List.of(0.0)));
  }

  @Test
  void rejectsNaN() {
    Moments moments = new Moments();
    assertThatIllegalArgumentException().isThrownBy(() -> moments.add(Double.NaN));
    assertThat(moments).isEqualTo(new Moments());
  }

  /** Deviations that doubles hold though their squares are beyond the range, or below it. */
  @Test
  void deviationsOfAnyMagnitude() {
    for (int exponent : new int[] {-1074, -1000, -700, -537, -400, 0, 400, 511, 700, 1019}) {
      Moments moments = new Moments();
      for (int i = 1; i <= 4; i++) {
        moments.add(Math.scalb((double) i, exponent));
      }
      double expected = Math.scalb(Math.sqrt(1.25), exponent);
      assertThat(moments.populationDeviation()).isEqualTo(expected);
      assertThat(moments.deviation()).isEqualTo(Math.scalb(Math.sqrt(5 / 3.0), exponent));
      assertThat(moments.rootMeanSquare()).isEqualTo(Math.scalb(Math.sqrt(7.5), exponent));
    }
  }

  @Test
  void aSentinelAtTheEndOfTheRangeLeavesADeviation() {
    Moments moments = new Moments();
    moments.add(Double.MAX_VALUE);
    for (int i = 0; i < 99; i++) {
      moments.add(i % 10);
    }
    assertThat(moments.deviation()).isCloseTo(Double.MAX_VALUE / 10, withinPercentage(1e-12));
    assertThat(moments.mean()).isEqualTo(Double.MAX_VALUE / 100);
  }

  @Test
  void constantsDoNotVary() {
    Moments moments = new Moments();
    moments.add(1e-200, 5);
    assertThat(moments.deviation()).isZero();
    assertThat(new Moments().deviation()).isNaN();
    assertThat(new Moments().rootMeanSquare()).isNaN();
  }

  @Test
  void differencesBeyondTheRangeAreExact() {
    Moments moments = new Moments();
    moments.addDifference(1e308, -1e308);
    moments.addDifference(3, 1);
    assertThat(moments.count()).isEqualTo(2);
    assertThat(moments.mean()).isEqualTo(1e308);
    assertThat(moments.rootMeanSquare()).isEqualTo(Math.sqrt(2) * 1e308);
    Moments opposite = new Moments();
    opposite.addDifference(-1e308, 1e308);
    moments.merge(opposite);
    assertThat(moments.sum()).isEqualTo(2);
  }

  @Test
  void ratiosOfSquaresThatAreBeyondTheRange() {
    Moments errors = new Moments();
    errors.add(1e200, 3);
    Moments truths = new Moments();
    truths.add(2e200);
    truths.add(-2e200);
    assertThat(errors.meanSquareOver(truths)).isEqualTo(.25);
    Moments constant = new Moments();
    constant.add(1e200, 2);
    assertThat(errors.meanSquareOver(constant)).isNaN();
  }
}
