package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.MergeLaws;
import io.tidemark.stats.performance.Rows.Row;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BinaryOutcomesTest {
  private static final MergeLaws<BinaryOutcomes, Row> LAWS =
      new MergeLaws<>(
          () -> new BinaryOutcomes(16),
          (outcomes, row) -> outcomes.add(row.score(), row.predicted(), row.actual()),
          BinaryOutcomes::merge,
          BinaryOutcomes::write,
          BinaryOutcomes::read);

  @Provide
  Arbitrary<List<Row>> rows() {
    return Rows.any();
  }

  @Property(tries = 200)
  void isOrderFree(@ForAll("rows") List<Row> rows, @ForAll long seed) {
    LAWS.hold(rows, seed);
  }

  @Property(tries = 300)
  void metricsKeepTheirRanges(@ForAll("rows") List<Row> rows) {
    BinaryOutcomes outcomes = Rows.outcomes(rows);
    for (Metric metric : Metric.BINARY) {
      double value = Rows.value(metric, outcomes);
      if (!Double.isNaN(value)) {
        assertThat(value).as(metric.id()).isBetween(metric.lower(), metric.upper());
      }
    }
  }

  /** Four true positives, two false ones, one missed, three true negatives. */
  private static final List<Row> TEN =
      List.of(
          new Row(.9, true, true),
          new Row(.9, true, true),
          new Row(.8, true, true),
          new Row(.7, true, false),
          new Row(.6, true, true),
          new Row(.6, true, false),
          new Row(.4, false, true),
          new Row(.3, false, false),
          new Row(.2, false, false),
          new Row(.1, false, false));

  @Test
  void metricsByHand() {
    BinaryOutcomes ten = Rows.outcomes(TEN);
    assertThat(ten.confusion()).isEqualTo(new Confusion(4, 2, 1, 3));
    assertThat(ten.rows()).isEqualTo(10);
    assertThat(Rows.value(Metric.ACCURACY, ten)).isEqualTo(.7);
    assertThat(Rows.value(Metric.PRECISION, ten)).isEqualTo(4 / 6.0);
    assertThat(Rows.value(Metric.RECALL, ten)).isEqualTo(.8);
    assertThat(Rows.value(Metric.SPECIFICITY, ten)).isEqualTo(.6);
    assertThat(Rows.value(Metric.F1, ten)).isEqualTo(8 / 11.0);
    // Of 25 pairs: .9, .9 and .8 win 5 each, .6 wins 3 and ties 1, .4 wins 3.
    assertThat(Rows.value(Metric.ROC_AUC, ten)).isEqualTo((15 + 3.5 + 3) / 25);
    assertThat(Rows.value(Metric.AVERAGE_PRECISION, ten))
        .isCloseTo(.4 + .2 + .2 * 4 / 6 + .2 * 5 / 7, within(1e-15));
    double squares = .01 + .01 + .04 + .49 + .16 + .36 + .36 + .09 + .04 + .01;
    assertThat(Rows.value(Metric.BRIER, ten)).isCloseTo(squares / 10, within(1e-15));
    double logs = .9 * .9 * .8 * .3 * .6 * .4 * .4 * .7 * .8 * .9;
    assertThat(Rows.value(Metric.LOG_LOSS, ten)).isCloseTo(-Math.log(logs) / 10, within(1e-14));
  }

  @Test
  void calibrationErrorByHand() {
    // Five bins of two; the tied .6 are in one bin, the tied .9 too.
    double bins =
        Math.abs(.15 - 0)
            + Math.abs(.35 - .5)
            + Math.abs(.6 - .5)
            + Math.abs(.75 - .5)
            + Math.abs(.9 - 1);
    Reliability reliability = Reliability.of(Rows.outcomes(TEN).byScore());
    assertThat(reliability.ece()).isCloseTo(bins / 5, within(1e-15));
    assertThat(reliability.bins()).hasSize(5);
    assertThat(reliability.bins().get(2)).isEqualTo(new Reliability.Bin(2, .6, .5));
    assertThat(reliability.bound()).isZero();
  }

  @Test
  void tiedRowsAcrossAnEdgeGiveEachSideItsShare() {
    BinaryOutcomes outcomes = new BinaryOutcomes(8);
    for (int i = 0; i < 100; i++) {
      outcomes.add(.25, false, i % 4 == 0);
    }
    Reliability reliability = Reliability.of(outcomes.byScore());
    assertThat(reliability.bins())
        .hasSize(10)
        .allMatch(bin -> bin.equals(new Reliability.Bin(10, .25, .25)));
    assertThat(reliability.ece()).isZero();
  }

  @Test
  void nothingIsDefinedWithoutRows() {
    BinaryOutcomes none = new BinaryOutcomes(8);
    for (Metric metric : Metric.BINARY) {
      assertThat(Rows.value(metric, none)).as(metric.id()).isNaN();
    }
    assertThat(Reliability.of(none.byScore()).bins()).isEmpty();
  }

  @Test
  void oneClassLeavesSomeUndefined() {
    BinaryOutcomes negatives =
        Rows.outcomes(List.of(new Row(.2, false, false), new Row(.3, false, false)));
    for (Metric metric : List.of(Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.ROC_AUC)) {
      assertThat(Rows.value(metric, negatives)).as(metric.id()).isNaN();
    }
    assertThat(Rows.value(Metric.AVERAGE_PRECISION, negatives)).isNaN();
    assertThat(Rows.value(Metric.ACCURACY, negatives)).isEqualTo(1);
    assertThat(Rows.value(Metric.SPECIFICITY, negatives)).isEqualTo(1);
    assertThat(Rows.value(Metric.ECE, negatives)).isEqualTo(.25);
  }

  @Test
  void certaintyThatIsWrongCostsAFiniteLoss() {
    BinaryOutcomes wrong = Rows.outcomes(List.of(new Row(1, true, false)));
    assertThat(Rows.value(Metric.LOG_LOSS, wrong)).isCloseTo(52 * Math.log(2), within(1e-12));
  }

  @Test
  void aRowWithoutAScoreCountsInTheMatrixOnly() {
    BinaryOutcomes outcomes = new BinaryOutcomes(8);
    outcomes.add(Double.NaN, true, true);
    assertThat(outcomes.confusion()).isEqualTo(new Confusion(1, 0, 0, 0));
    assertThat(outcomes.byScore().rows()).isZero();
    assertThat(Rows.value(Metric.BRIER, outcomes)).isNaN();
    assertThatIllegalArgumentException().isThrownBy(() -> outcomes.add(2, true, true));
    assertThat(outcomes.rows()).isEqualTo(1);
  }

  @Test
  void halfIsPositive() {
    assertThat(BinaryOutcomes.predicts(.5)).isTrue();
    assertThat(BinaryOutcomes.predicts(Math.nextDown(.5))).isFalse();
  }

  @Test
  void namesAreThoseOfTheMethods() {
    assertThat(Metric.of("roc_auc")).contains(Metric.ROC_AUC);
    assertThat(Metric.of("gini")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinaryMetrics.of(Metric.MAE, new BinaryOutcomes(8)))
        .withMessage("mae is no metric of a binary model");
  }
}
