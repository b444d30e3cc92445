package io.tidemark.stats.labelissues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.stats.Oracles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** cleanlab's own figures for 50,000 rows of two classes, whose scores have two decimals. */
class CleanlabTest {
  private static JsonNode summary;
  private static List<String[]> lines;
  private static List<String> columns;
  private static LabelledRows rows;

  @BeforeAll
  static void read() throws IOException {
    summary = Oracles.json("oracles/cleanlab/car_loan_summary.json");
    lines = new ArrayList<>();
    rows = new LabelledRows(2);
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(Oracles.file("oracles/cleanlab/car_loan_issues.csv.gz"))),
                StandardCharsets.UTF_8))) {
      columns = Arrays.asList(text.readLine().split(","));
      text.lines().map(line -> line.split(",")).forEach(lines::add);
    }
    for (String[] line : lines) {
      rows.add((int) number(line, "given_label"), number(line, "p0"), number(line, "p1"));
    }
    assertThat(rows.rows()).hasSize(summary.get("rows").asInt());
  }

  private static double number(String[] line, String column) {
    return Double.parseDouble(line[columns.indexOf(column)]);
  }

  @Test
  void thresholdsAndJoint() {
    ConfidentThresholds thresholds = rows.selfConfidence().thresholds();
    ConfidentJoint joint = ConfidentJoint.of(rows.counts());
    for (int given = 0; given < 2; given++) {
      double threshold = summary.at("/thresholds/" + given).asDouble();
      // NumPy's mean of 25,000 values has errors of its own.
      assertThat(thresholds.value(given)).isCloseTo(threshold, within(1e-15));
      for (int actual = 0; actual < 2; actual++) {
        assertThat(joint.count(given, actual))
            .isEqualTo(summary.at("/confident_joint/" + given + "/" + actual).asLong());
      }
    }
  }

  @Test
  void scores() {
    for (int i = 0; i < lines.size(); i++) {
      LabelledRows.Row row = rows.rows().get(i);
      assertThat(LabelQuality.SELF_CONFIDENCE.of(row.given(), row.scores()))
          .isEqualTo(number(lines.get(i), "self_confidence"));
      assertThat(LabelQuality.NORMALIZED_MARGIN.of(row.given(), row.scores()))
          .isCloseTo(number(lines.get(i), "normalized_margin"), within(1e-15));
    }
  }

  /**
   * The same rows, but for those that share scores with the last one taken: of them cleanlab takes
   * what its unstable sort leaves in front, so only their number is to be the same.
   */
  @ParameterizedTest
  @EnumSource
  void issues(LabelFilter filter) {
    Set<String> issues = rows.issues(filter);
    assertThat(issues).hasSize(summary.get("issue_" + filter.id()).asInt());
    Map<String, long[]> differing = new TreeMap<>();
    for (int i = 0; i < lines.size(); i++) {
      LabelledRows.Row row = rows.rows().get(i);
      boolean theirs = number(lines.get(i), "issue_" + filter.id()) == 1;
      boolean ours = issues.contains(row.name());
      String tied = row.given() + " " + row.scores()[0];
      long[] of = differing.computeIfAbsent(tied, none -> new long[3]);
      of[0] += ours ? 1 : 0;
      of[1] += theirs ? 1 : 0;
      of[2] += ours == theirs ? 0 : 1;
    }
    differing.values().removeIf(of -> of[2] == 0);
    boolean byQuality = filter.ordersAllBy() != null;
    long sum = 0;
    for (long[] of : differing.values()) {
      assertThat(byQuality || of[0] == of[1]).isTrue();
      sum += of[0] - of[1];
    }
    assertThat(sum).isZero();
    boolean ordered = byQuality || filter.byClass() || filter.byNoiseRate();
    // Where all rows compete in one list, both labels' rows at .13 tie.
    assertThat(differing.keySet())
        .isSubsetOf(
            byQuality
                ? Set.of("0 0.13", "1 0.87")
                : ordered ? Set.of("0 0.19", "1 0.77") : Set.of());
  }
}
