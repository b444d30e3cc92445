package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.Moments;
import io.tidemark.stats.performance.Rows.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplingErrorTest {
  @Test
  void sharesByHand() {
    Confusion c = new Confusion(40, 10, 20, 30);
    check(BinarySamplingErrors.accuracy(c), Math.sqrt(.7 * .3), 1);
    check(BinarySamplingErrors.precision(c), Math.sqrt(.8 * .2), .5);
    check(BinarySamplingErrors.recall(c), Math.sqrt(2 / 9.0), .6);
    check(BinarySamplingErrors.specificity(c), Math.sqrt(.75 * .25), .4);
    double r = 40 / 70.0;
    check(BinarySamplingErrors.f1(c), 70 / 55.0 * Math.sqrt(r * (1 - r)), .7);
  }

  private static void check(SamplingError error, double deviation, double fraction) {
    assertThat(error.deviation()).isCloseTo(deviation, within(1e-15));
    assertThat(error.fraction()).isCloseTo(fraction, within(1e-15));
    assertThat(error.at(400)).isCloseTo(deviation / 20 / Math.sqrt(fraction), within(1e-15));
  }

  @Test
  void placementValuesByHand() {
    // The positives, the fewer, have 1 and 3 of 3 negatives below them.
    List<Row> rows =
        List.of(
            new Row(.1, false, false),
            new Row(.2, false, true),
            new Row(.3, false, false),
            new Row(.4, false, false),
            new Row(.5, true, true));
    check(BinarySamplingErrors.of(Metric.ROC_AUC, Rows.outcomes(rows)), 1 / 3.0, .4);
    List<Row> swapped =
        rows.stream().map(r -> new Row(1 - r.score(), r.predicted(), !r.actual())).toList();
    check(BinarySamplingErrors.of(Metric.ROC_AUC, Rows.outcomes(swapped)), 1 / 3.0, .4);
  }

  @Test
  void tiesAreInRandomOrder() {
    Moments mean = new Moments();
    List<Row> rows = Rows.drawn(2000, 4, 2, 1);
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      List<Row> parted =
          rows.stream()
              .map(r -> new Row((r.score() + .5 + random.nextDouble() * .01) / 2, true, r.actual()))
              .toList();
      double deviation = BinarySamplingErrors.rocAuc(Rows.outcomes(parted).byScore()).deviation();
      mean.add(deviation * deviation);
    }
    double deviation = BinarySamplingErrors.rocAuc(Rows.outcomes(rows).byScore()).deviation();
    assertThat(deviation * deviation).isCloseTo(mean.mean(), within(1e-3 * mean.mean()));
  }

  /** Draws windows from the reference and holds their spread against what was said beforehand. */
  @Test
  void windowsVaryAsTheErrorsSay() {
    List<Row> reference = Rows.drawn(20_000, 9, 2, 2);
    BinaryOutcomes outcomes = Rows.outcomes(reference);
    Random random = new Random(11);
    List<BinaryOutcomes> windows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      List<Row> window = new ArrayList<>();
      for (int j = 0; j < 1000; j++) {
        window.add(reference.get(random.nextInt(reference.size())));
      }
      windows.add(Rows.outcomes(window));
    }
    for (Metric metric : Metric.BINARY) {
      Moments values = new Moments();
      windows.forEach(window -> values.add(Rows.value(metric, window)));
      double spread = Math.sqrt(values.variance());
      double said = BinarySamplingErrors.of(metric, outcomes).at(1000);
      // NannyML's are no more than near for these two: the correction makes F1's too wide, and
      // the fewer class's placement values are not all that AUC varies by.
      double slack = metric == Metric.F1 ? .8 : metric == Metric.ROC_AUC ? .4 : .15;
      assertThat(said).as(metric.id()).isCloseTo(spread, within(slack * spread));
    }
  }

  @Test
  void theBootstrapDependsOnTheRowsAlone() {
    List<Row> rows = new ArrayList<>(Rows.drawn(3000, 5, 2, 3));
    SamplingError first = BinarySamplingErrors.of(Metric.AVERAGE_PRECISION, Rows.outcomes(rows));
    Collections.shuffle(rows, new Random(1));
    assertThat(BinarySamplingErrors.of(Metric.AVERAGE_PRECISION, Rows.outcomes(rows)))
        .isEqualTo(first);
    assertThat(first.deviation()).isPositive();
    assertThat(first.fraction()).isEqualTo(1);
  }

  @Test
  void isUnknownWhereTheMetricIs() {
    for (Metric metric : Metric.BINARY) {
      SamplingError error = BinarySamplingErrors.of(metric, new BinaryOutcomes(8));
      assertThat(error.at(100)).as(metric.id()).isNaN();
    }
    List<Row> negatives = List.of(new Row(.2, false, false), new Row(.3, false, false));
    BinaryOutcomes outcomes = Rows.outcomes(negatives);
    for (Metric metric : List.of(Metric.RECALL, Metric.PRECISION, Metric.F1, Metric.ROC_AUC)) {
      assertThat(BinarySamplingErrors.of(metric, outcomes).at(100)).as(metric.id()).isNaN();
    }
    assertThat(BinarySamplingErrors.of(Metric.ACCURACY, outcomes).at(100)).isZero();
    assertThat(new SamplingError(.5, 1).at(0)).isNaN();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BinarySamplingErrors.of(Metric.MAE, outcomes));
  }

  @Test
  void survivesWriting() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new SamplingError(.3, .25).write(new DataOutputStream(bytes));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(SamplingError.read(in)).isEqualTo(new SamplingError(.3, .25));
  }
}
