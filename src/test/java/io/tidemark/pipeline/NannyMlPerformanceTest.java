package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NannyML's realised and estimated performance of the car-loan data, through the whole program. */
class NannyMlPerformanceTest {
  private static final List<String> METRICS =
      List.of("roc_auc", "f1", "accuracy", "precision", "recall", "specificity");

  private static final String SPEC =
      """
      model: car-loan
      task: binary
      events:
        time: timestamp
        prediction: {score: y_pred_proba, label: y_pred, positive: "1"}
        label: repaid
      features: {car_value: numeric, salary_range: categorical}
      window: {size: PT2615760S, origin: 2018-01-01T00:00:00Z}
      drift: {preset: nannyml}
      snapshot: off
      """;

  @TempDir static Path folder;
  private static final Map<String, JsonNode> FIGURES = new HashMap<>();
  private static final Map<String, JsonNode> FINDINGS = new HashMap<>();

  @BeforeAll
  static void runOnce() throws Exception {
    assumeTrue(Files.exists(table("cbpe")), "no third-party figures at " + table("cbpe"));
    Path spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    Path data = Cli.shared().resolve("data/car_loan");
    Path baseline = folder.resolve("baseline.avro");
    Cli.Result built =
        Cli.run(
            "baseline",
            "--spec=" + spec,
            "--events=" + data.resolve("reference.parquet"),
            "--output=" + baseline);
    assertThat(built.code()).as(built.err()).isZero();
    Path out = folder.resolve("out");
    Cli.Result monitored =
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + data + "/*.parquet",
            "--baseline=" + baseline,
            "--output=" + out);
    assertThat(monitored.code()).as(monitored.err()).isZero();
    for (JsonNode row : Cli.performance(out)) {
      FIGURES.put(key(row, row.get("source").asText(), row.get("metric").asText()), row);
    }
    for (JsonNode finding : Cli.findings(out)) {
      String source =
          switch (finding.get("kind").asText()) {
            case "performance" -> "realized";
            case "estimated_performance" -> "estimated";
            default -> finding.get("kind").asText();
          };
      String about =
          finding.get("kind").asText().equals("concept_drift")
              ? finding.get("subject").asText() + finding.get("method").asText()
              : finding.get("method").asText();
      FINDINGS.put(key(finding, source, about), finding);
    }
  }

  private static String key(JsonNode row, String source, String metric) {
    return row.get("window_start").asText().substring(0, 16) + source + metric;
  }

  private static Path table(String name) {
    return Cli.shared().resolve("oracles/nannyml_car_loan/" + name + "_chunk5000_wide.csv");
  }

  private static List<Map<String, String>> read(String name) throws IOException {
    List<String> lines = Files.readAllLines(table(name));
    String[] head = lines.get(0).split(",");
    List<Map<String, String>> chunks = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      Map<String, String> chunk = new HashMap<>();
      for (int i = 0; i < cells.length; i++) {
        chunk.put(head[i], cells[i]);
      }
      chunks.add(chunk);
    }
    assertThat(chunks).hasSize(20);
    return chunks;
  }

  private static String key(Map<String, String> chunk, String source, String metric) {
    return chunk.get("chunk_start_date").replace(' ', 'T').substring(0, 16) + source + metric;
  }

  @Test
  void realisedFiguresThresholdsAndAlarmsAgree() throws Exception {
    for (Map<String, String> chunk : read("realized_performance")) {
      for (String metric : METRICS) {
        JsonNode row = FIGURES.get(key(chunk, "realized", metric));
        equal(row, "value", chunk, metric + "_value", 1e-9);
        equal(row, "lower_threshold", chunk, metric + "_lower_threshold", 1e-9);
        equal(row, "upper_threshold", chunk, metric + "_upper_threshold", 1e-9);
        boolean alarm = chunk.get(metric + "_alert").equals("True");
        assertThat(row.get("alarm").asBoolean()).as(metric).isEqualTo(alarm);
        JsonNode finding = FINDINGS.get(key(chunk, "realized", metric));
        assertThat(finding.get("alarm").asBoolean()).as(metric).isEqualTo(alarm);
        equal(finding, "threshold", chunk, metric + "_upper_threshold", 1e-9);
        equal(finding, "lower_threshold", chunk, metric + "_lower_threshold", 1e-9);
        assertThat(row.get("rows").asLong()).isEqualTo(5000);
        assertThat(row.get("labelled_rows").asLong()).isEqualTo(5000);
        assertThat(row.get("revision").asLong()).isEqualTo(5000);
        assertThat(row.get("label_coverage").asDouble()).isEqualTo(1);
        if (!metric.equals("roc_auc")) { // ties are taken in another order there
          equal(row, "sampling_error", chunk, metric + "_sampling_error", 1e-9);
        }
      }
    }
  }

  @Test
  void estimatesAndTheirAlarmsAgree() throws Exception {
    for (Map<String, String> chunk : read("cbpe")) {
      for (String metric : METRICS) {
        JsonNode row = FIGURES.get(key(chunk, "estimated", metric));
        equal(row, "value", chunk, metric + "_value", 1e-3);
        equal(row, "lower_threshold", chunk, metric + "_lower_threshold", 1e-9);
        double value = Double.parseDouble(chunk.get(metric + "_value"));
        double lower = Double.parseDouble(chunk.get(metric + "_lower_threshold"));
        double upper = Double.parseDouble(chunk.get(metric + "_upper_threshold"));
        boolean grey = Math.abs(value - lower) < 1e-3 || Math.abs(value - upper) < 1e-3;
        if (!grey) {
          assertThat(row.get("alarm").asBoolean())
              .as(metric + chunk)
              .isEqualTo(chunk.get(metric + "_alert").equals("True"));
        }
      }
    }
  }

  @Test
  void everyRealisedChangeIsToldApartExactly() {
    int told = 0;
    for (JsonNode finding : FINDINGS.values()) {
      if (finding.get("kind").asText().equals("performance")) {
        double parts =
            finding.get("change_by_inputs").asDouble()
                + finding.get("change_by_relation").asDouble();
        assertThat(parts).isCloseTo(finding.get("change").asDouble(), within(1e-15));
        assertThat(finding.get("top_cells")).isNotEmpty();
        told++;
      }
    }
    assertThat(told).isEqualTo(20 * 10);
  }

  private static void equal(
      JsonNode row, String field, Map<String, String> chunk, String column, double off) {
    assertThat(row).as(column).isNotNull();
    assertThat(row.get(field).asDouble())
        .as(column + " of " + row)
        .isCloseTo(Double.parseDouble(chunk.get(column)), within(off));
  }
}
