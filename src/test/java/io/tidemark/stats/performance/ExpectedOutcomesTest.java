package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.stats.MergeLaws;
import io.tidemark.stats.Oracles;
import io.tidemark.stats.performance.Rows.Row;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ExpectedOutcomesTest {
  private static final MergeLaws<ExpectedOutcomes, Row> LAWS =
      new MergeLaws<>(
          () -> new ExpectedOutcomes(16),
          (outcomes, row) -> outcomes.add(row.score(), row.predicted(), Math.sqrt(row.score())),
          ExpectedOutcomes::merge,
          ExpectedOutcomes::write,
          ExpectedOutcomes::read);

  @Provide
  Arbitrary<List<Row>> rows() {
    return Rows.any();
  }

  @Property(tries = 200)
  void isOrderFree(@ForAll("rows") List<Row> rows, @ForAll long seed) {
    LAWS.hold(rows, seed);
  }

  @Property(tries = 200)
  void certainLabelsGiveTheRealisedFigures(@ForAll("rows") List<Row> rows) {
    ExpectedOutcomes certain = new ExpectedOutcomes(1024);
    rows.forEach(row -> certain.add(row.score(), row.predicted(), row.actual() ? 1 : 0));
    for (Metric metric : Metric.BINARY) {
      Measured realised = BinaryMetrics.of(metric, Rows.outcomes(rows, 1024));
      assertThat(BinaryMetrics.of(metric, certain)).as(metric.id()).isEqualTo(realised);
    }
  }

  @Test
  void figuresByHand() throws Exception {
    JsonNode golden = Oracles.json("oracles/golden.json").get("cbpe");
    ExpectedOutcomes outcomes = new ExpectedOutcomes(16);
    for (JsonNode score : golden.get("p")) {
      double p = score.asDouble();
      outcomes.add(p, BinaryOutcomes.predicts(p), p);
    }
    for (String id : List.of("accuracy", "precision", "recall", "f1", "specificity", "roc_auc")) {
      assertThat(BinaryMetrics.of(Metric.of(id).orElseThrow(), outcomes).value())
          .as(id)
          .isCloseTo(golden.get(id).asDouble(), within(1e-9));
    }
  }

  @Test
  void aCalibratedScoreIsExpectedToBeCalibrated() {
    ExpectedOutcomes outcomes = new ExpectedOutcomes(16);
    outcomes.add(.25, false, .25);
    outcomes.add(.75, true, .75);
    assertThat(outcomes.confusion()).isEqualTo(new Confusion(.75, .25, .25, .75));
    assertThat(BinaryMetrics.of(Metric.ECE, outcomes).value()).isZero();
    assertThat(BinaryMetrics.of(Metric.BRIER, outcomes).value()).isEqualTo(.1875);
  }

  @Test
  void estimatesComeTrueWhereTheRelationStays() {
    Calibrator calibrator = Calibration.fit(Rows.outcomes(Rows.drawn(50_000, 1, 3, -1)).byScore());
    List<Row> window = Rows.drawn(50_000, 2, 3, -1);
    ExpectedOutcomes estimate = new ExpectedOutcomes(ScoreHistogram.CAPACITY);
    window.forEach(r -> estimate.add(r.score(), r.predicted(), calibrator.calibrate(r.score())));
    BinaryOutcomes realised = Rows.outcomes(window);
    for (Metric metric : Metric.BINARY) {
      SamplingError error = BinarySamplingErrors.of(metric, realised);
      assertThat(BinaryMetrics.of(metric, estimate).value())
          .as(metric.id())
          .isCloseTo(
              Rows.value(metric, realised), within(2 * SamplingError.BAND * error.at(50_000)));
    }
  }

  @Test
  void nothingIsDefinedWithoutRows() {
    for (Metric metric : Metric.BINARY) {
      assertThat(BinaryMetrics.of(metric, new ExpectedOutcomes(8)).value()).isNaN();
    }
  }

  @Test
  void rejectsWhatIsNoProbability() {
    ExpectedOutcomes outcomes = new ExpectedOutcomes(8);
    for (double wrong : new double[] {-.1, 1.1, Double.NaN}) {
      assertThatIllegalArgumentException().isThrownBy(() -> outcomes.add(.5, true, wrong));
      assertThatIllegalArgumentException().isThrownBy(() -> outcomes.add(wrong, true, .5));
    }
    assertThat(outcomes.rows()).isZero();
  }
}
