package io.tidemark.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.event.InferenceEvent;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows have the numbers a, b, c, the category k and the label. */
class NearDuplicatesTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "spec.yaml",
          """
          model: m
          task: binary
          events: {time: t, id: i, label: y, prediction: {score: s, positive: "1"}}
          features: {a: numeric, b: numeric, c: numeric, k: categorical}
          window: {size: P1D}
          """);

  private static SnapshotRow row(int id, double a, double b, double c, String k, String label) {
    InferenceEvent event =
        new InferenceEvent(
            "r" + id,
            id,
            "",
            new double[] {a, b, c, .5},
            new String[] {k, label},
            null,
            new String[0]);
    return new SnapshotRow(event.id(), event, List.of("base"), 2, null, null);
  }

  private static List<SnapshotRow> different(int rows) {
    Random random = new Random(1);
    List<SnapshotRow> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(
          row(
              i,
              random.nextGaussian(),
              random.nextGaussian(),
              random.nextGaussian(),
              "k" + random.nextInt(3),
              String.valueOf(random.nextInt(2))));
    }
    return all;
  }

  private static List<SnapshotRow> without(List<SnapshotRow> rows, double tolerance) {
    List<SnapshotRow> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingLong(row -> row.event().timeMicros()));
    return new NearDuplicates(SPEC, tolerance, rows.stream().map(SnapshotRow::event).toList())
        .without(sorted);
  }

  private static List<String> names(List<SnapshotRow> rows) {
    return rows.stream().map(SnapshotRow::name).toList();
  }

  /** The same but for noise, with another id. */
  private static SnapshotRow noisy(SnapshotRow row, int id, double noise, String category) {
    double[] numbers = row.event().numbers();
    String label = row.event().categories()[1];
    return row(id, numbers[0] + noise, numbers[1] - noise, numbers[2], category, label);
  }

  @Test
  void theFirstStandsForThoseThatAreLikeIt() {
    List<SnapshotRow> rows = different(2000);
    SnapshotRow first = rows.get(7);
    String category = first.event().categories()[0];
    rows.add(noisy(first, 3000, 1e-5, "  " + category.toUpperCase(java.util.Locale.ROOT) + " "));
    rows.add(
        new SnapshotRow(
            "r3001",
            noisy(first, 3001, -1e-5, category).event(),
            List.of("drifted", "error"),
            5,
            null,
            null));
    List<SnapshotRow> left = without(rows, .001);
    assertThat(left).extracting(SnapshotRow::name).doesNotContain("r3000", "r3001").hasSize(2000);
    SnapshotRow stands = left.get(7);
    assertThat(stands.name()).isEqualTo("r7");
    assertThat(stands.weight()).isEqualTo(9);
    assertThat(stands.reasons()).containsExactly("base", "drifted", "error");
    double weights = left.stream().mapToDouble(SnapshotRow::weight).sum();
    assertThat(weights)
        .isCloseTo(rows.stream().mapToDouble(SnapshotRow::weight).sum(), within(1e-9));
  }

  @Test
  void whatDiffersByMoreThanNoiseStays() {
    List<SnapshotRow> rows = different(2000);
    SnapshotRow first = rows.get(7);
    String category = first.event().categories()[0];
    double[] numbers = first.event().numbers();
    String label = first.event().categories()[1];
    String other = label.equals("1") ? "0" : "1";
    rows.add(noisy(first, 3000, .01, category)); // some seven tolerances
    rows.add(noisy(first, 3001, 0, category.equals("k1") ? "k2" : "k1"));
    rows.add(row(3002, numbers[0], numbers[1], numbers[2], category, other));
    rows.add(row(3003, numbers[0], numbers[1], Double.NaN, category, label));
    rows.add(row(3004, numbers[0], numbers[1], numbers[2], category, null));
    assertThat(names(without(rows, .001))).hasSize(2005);
    assertThat(names(without(rows, .01))).doesNotContain("r3000").hasSize(2004);
  }

  @Test
  void equalNumbersAreAlikeWithoutTolerance() {
    List<SnapshotRow> rows = different(2000);
    rows.add(noisy(rows.get(7), 3000, 0, rows.get(7).event().categories()[0]));
    rows.add(noisy(rows.get(8), 3001, 1e-9, rows.get(8).event().categories()[0]));
    assertThat(without(rows, 0))
        .extracting(SnapshotRow::name)
        .doesNotContain("r3000")
        .hasSize(2001);
  }

  @Test
  void zeroHasOneSign() {
    List<SnapshotRow> rows = different(2000);
    rows.add(row(3000, 0.0, 1.25, 2.5, "k1", "1"));
    rows.add(row(3001, -0.0, 1.25, 2.5, "k1", "1"));
    assertThat(names(without(rows, 0))).contains("r3000").doesNotContain("r3001");
    rows.set(2000, row(3000, -0.0, 1.25, 2.5, "k1", "1"));
    rows.set(2001, row(3001, 0.0, 1.25, 2.5, "k1", "1"));
    assertThat(names(without(rows, 0))).contains("r3000").doesNotContain("r3001");
  }

  /** Few values come again by chance: nobody can say that such rows are one thing seen twice. */
  @Test
  void rowsOfFewValuesStay() {
    Random random = new Random(2);
    List<SnapshotRow> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(row(i, random.nextInt(5), random.nextInt(5), 0, "k" + random.nextInt(3), "1"));
    }
    assertThat(without(rows, .001)).hasSize(2000);
  }

  /** Rows with a rare combination of values are told apart where others of the log are not. */
  @Test
  void chanceIsJudgedByRow() {
    Random random = new Random(3);
    List<SnapshotRow> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      boolean nothing = i % 2 == 0;
      rows.add(
          row(
              i,
              nothing ? 0 : random.nextGaussian(),
              nothing ? 0 : random.nextGaussian(),
              nothing ? 0 : random.nextGaussian(),
              "k",
              "1"));
    }
    rows.add(noisy(rows.get(1), 3000, 0, "k"));
    assertThat(without(rows, .001))
        .extracting(SnapshotRow::name)
        .doesNotContain("r3000")
        .hasSize(2000);
  }

  @Test
  void missingAndInfiniteNumbersAreValuesToo() {
    List<SnapshotRow> rows = different(2000);
    rows.add(row(3000, Double.NaN, 1.25, 2.5, "k1", "1"));
    rows.add(row(3001, Double.NaN, 1.25, 2.5, "k1", "1"));
    rows.add(row(3002, Double.POSITIVE_INFINITY, 1.25, 2.5, "k1", "1"));
    rows.add(row(3003, Double.NEGATIVE_INFINITY, 1.25, 2.5, "k1", "1"));
    rows.add(row(3004, Double.NEGATIVE_INFINITY, 1.25, 2.5, "k1", "1"));
    assertThat(without(rows, .001))
        .extracting(SnapshotRow::name)
        .contains("r3000", "r3002", "r3003")
        .doesNotContain("r3001", "r3004");
  }

  @Test
  void doesNotDependOnTheOrderOfCandidates() {
    List<SnapshotRow> rows = different(500);
    for (int i = 0; i < 100; i++) {
      rows.add(noisy(rows.get(i), 1000 + i, 1e-5 * (i % 3), rows.get(i).event().categories()[0]));
    }
    List<SnapshotRow> one = without(rows, .001);
    Collections.shuffle(rows, new Random(4));
    assertThat(without(rows, .001)).isEqualTo(one).hasSize(500);
  }

  @Test
  void nothingIsLeftOutOfNothing() {
    assertThat(without(List.of(), .001)).isEmpty();
  }

  @Test
  void textsAreComparedWithoutCaseAndSpacing() {
    assertThat(NearDuplicates.plain(" New\u00a0 York\t\uff21 ")).isEqualTo("new york a");
  }
}
