package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.performance.Rows.Row;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Provide
  Arbitrary<List<Row>> rows() {
    return Rows.any();
  }

  /** The share of pairs in which the positive scores higher, pair by pair. */
  private static double pairs(List<Row> rows) {
    double won = 0;
    double all = 0;
    for (Row positive : rows) {
      for (Row negative : rows) {
        if (positive.actual() && !negative.actual()) {
          int order = Double.compare(positive.score(), negative.score());
          won += order > 0 ? 1 : order == 0 ? .5 : 0;
          all++;
        }
      }
    }
    return won / all;
  }

  @Property(tries = 500)
  void aucIsTheShareOfPairsInOrder(@ForAll("rows") List<Row> rows) {
    double expected = pairs(rows);
    double auc = Rows.value(Metric.ROC_AUC, Rows.outcomes(rows));
    if (Double.isNaN(expected)) {
      assertThat(auc).isNaN();
    } else {
      assertThat(auc).isCloseTo(expected, within(1e-15)).isBetween(0.0, 1.0);
    }
  }

  @Property(tries = 200)
  void swappingLabelsAndScoresChangesNoAuc(@ForAll("rows") List<Row> rows) {
    List<Row> swapped =
        rows.stream().map(r -> new Row(1 - r.score(), !r.predicted(), !r.actual())).toList();
    List<Row> exact =
        swapped.stream().map(r -> new Row(1 - r.score(), !r.predicted(), !r.actual())).toList();
    BinaryOutcomes here = Rows.outcomes(exact);
    BinaryOutcomes there = Rows.outcomes(swapped);
    assertSame(here, Metric.ROC_AUC, there, Metric.ROC_AUC);
    assertSame(here, Metric.ACCURACY, there, Metric.ACCURACY);
    assertSame(here, Metric.SPECIFICITY, there, Metric.RECALL);
  }

  private static void assertSame(BinaryOutcomes a, Metric of, BinaryOutcomes b, Metric as) {
    Double expected = Rows.value(of, a); // boxed, so that NaN is NaN
    assertThat(Rows.value(as, b)).isEqualTo(expected);
  }

  @Property(tries = 300)
  void averagePrecisionStepsFromScoreToScore(@ForAll("rows") List<Row> rows) {
    long positives = rows.stream().filter(Row::actual).count();
    double expected = 0;
    double recall = 0;
    List<Double> cuts =
        rows.stream().map(Row::score).distinct().sorted(Comparator.reverseOrder()).toList();
    for (double cut : cuts) {
      List<Row> chosen = rows.stream().filter(r -> r.score() >= cut).toList();
      double found = chosen.stream().filter(Row::actual).count();
      expected += (found / positives - recall) * found / chosen.size();
      recall = found / positives;
    }
    double value = Rows.value(Metric.AVERAGE_PRECISION, Rows.outcomes(rows));
    if (positives == 0) {
      assertThat(value).isNaN();
    } else {
      assertThat(value).isCloseTo(expected, within(1e-14));
    }
  }

  @Property(tries = 300)
  void pooledScoresStayWithinTheirBounds(@ForAll("rows") List<Row> rows) {
    BinaryOutcomes exact = Rows.outcomes(rows);
    BinaryOutcomes pooled = Rows.outcomes(rows, 8);
    for (Metric metric : Metric.BINARY) {
      Measured a = BinaryMetrics.of(metric, exact);
      Measured b = BinaryMetrics.of(metric, pooled);
      assertThat(a.bound()).isZero();
      if (Double.isNaN(a.value())) {
        assertThat(b.value()).isNaN();
      } else {
        assertThat(b.value()).as(metric.id()).isCloseTo(a.value(), within(b.bound() + 1e-12));
      }
    }
  }

  @Test
  void manyScoresCostLittle() {
    List<Row> rows = Rows.drawn(200_000, 3, 1, -1);
    BinaryOutcomes pooled = Rows.outcomes(rows, 4096);
    BinaryOutcomes exact = Rows.outcomes(rows, 1 << 18);
    for (Metric metric : Metric.BINARY) {
      Measured a = BinaryMetrics.of(metric, exact);
      Measured b = BinaryMetrics.of(metric, pooled);
      assertThat(b.value()).as(metric.id()).isCloseTo(a.value(), within(1e-4));
    }
    assertThat(BinaryMetrics.of(Metric.ROC_AUC, pooled).bound()).isBetween(1e-6, 1e-3);
    assertThat(BinaryMetrics.of(Metric.AVERAGE_PRECISION, pooled).bound()).isLessThan(.01);
  }
}
