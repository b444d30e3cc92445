package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of a window while its labels are still coming, and once they are there. */
class LateLabelsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEC = LabelsTest.SPEC;

  @TempDir Path folder;

  @Test
  void scheduledRunsCatchUpWithLateLabels() throws Exception {
    String spec = SPEC.replace("horizon: P1D", "horizon: P5D").replace("PT12H", "P1D");
    Log days =
        Log.of(folder.resolve("days"), spec, 8_000, "--windows=40", "--drift=default,concept");
    Instant start =
        Instant.parse(
            JSON.readTree(days.folder.resolve("log/truth.json").toFile())
                .get("events")
                .get("from")
                .asText());
    Path scheduled = folder.resolve("scheduled");
    List<String> summaries = new ArrayList<>();
    for (int day = 0; day < 10; day++) {
      Instant from = start.plus(day, ChronoUnit.DAYS);
      Instant to = from.plus(1, ChronoUnit.DAYS);
      Cli.Result result =
          days.monitor(
              days.events(),
              scheduled,
              "--labels=" + days.labels(),
              "--from=" + from,
              "--to=" + to,
              "--as-of=" + to);
      assertThat(result.code()).as(result.err()).isZero();
      summaries.add(result.out());
    }
    assertThat(summaries).anyMatch(summary -> summary.contains("are of other windows"));
    Path whole = folder.resolve("whole");
    days.monitor(
        days.events(),
        whole,
        "--labels=" + days.labels(),
        "--from=" + start,
        "--to=" + start.plus(10, ChronoUnit.DAYS),
        "--as-of=" + start.plus(10, ChronoUnit.DAYS));
    String[] leftOut = {"snapshots", "unjoined-labels"};
    assertThat(Log.results(scheduled, leftOut)).isEqualTo(Log.results(whole, leftOut));
    assertThat(snapshots(scheduled)).isEqualTo(snapshots(whole)).hasSize(10);
    // Labels of up to five days before the end are still to come, and those there are ring.
    assertThat(Cli.performance(whole))
        .filteredOn(row -> row.get("source").asText().equals("realized"))
        .anyMatch(row -> row.get("alarm").asBoolean())
        .anyMatch(row -> row.get("label_coverage").asDouble() < .9)
        .anyMatch(row -> row.get("label_coverage").asDouble() > .9);
  }

  /** What a reader sees: what a manifest replaces tells how it came about, not what it is. */
  private static Map<String, JsonNode> snapshots(Path run) throws Exception {
    Map<String, JsonNode> manifests = new TreeMap<>();
    for (Path file : Cli.files(run.resolve("snapshots"))) {
      if (file.endsWith("manifest.json")) {
        ObjectNode manifest = (ObjectNode) JSON.readTree(file.toFile());
        manifest.remove("supersedes");
        for (JsonNode part : manifest.get("files")) {
          assertThat(file.resolveSibling(part.get("name").asText())).exists();
        }
        manifests.put(run.relativize(file).toString(), manifest);
      }
    }
    return manifests;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "binary | {score: p, label: guess, positive: \"1\"} | 1",
        "multiclass | {scores: {cat: pc, dog: pd, hen: ph}, label: guess} | hen",
        "regression | {value: p} | ]"
      })
  void joinedLabelsHaveADriftOfTheirOwn(String task, String prediction, String moved)
      throws Exception {
    String spec =
        SPEC.replace("task: binary", "task: " + task)
            .replace("{score: p, label: guess, positive: \"1\"}", prediction);
    Log drifted = Log.of(folder.resolve("drift-" + task), spec, 12_000, "--drift=prior");
    Path run = folder.resolve("drift-out-" + task);
    Cli.Result result = drifted.monitor(drifted.events(), run, "--labels=" + drifted.labels());
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> all = labelDrift(run);
    assertThat(all).hasSize(12);
    assertThat(all.subList(0, 6)).noneMatch(finding -> finding.get("alarm").asBoolean());
    for (JsonNode finding : all.subList(6, 12)) {
      assertThat(finding.get("alarm").asBoolean()).as(finding.toString()).isTrue();
      assertThat(finding.get("top_movers"))
          .anyMatch(mover -> mover.get("bin").asText().endsWith(moved));
    }
    // What came first need not be like the rest.
    Path early = folder.resolve("drift-early-" + task);
    String to = all.get(7).get("window_start").asText();
    drifted.monitor(drifted.events(), early, "--labels=" + drifted.labels(), "--as-of=" + to);
    assertThat(labelDrift(early).get(6).get("reason").asText()).startsWith("labels_incomplete: ");
    assertThat(Cli.findings(early))
        .filteredOn(finding -> finding.get("window_start").equals(all.get(6).get("window_start")))
        .filteredOn(finding -> finding.get("kind").asText().equals("concept_drift"))
        .filteredOn(finding -> !finding.get("subject").asText().equals("error"))
        .isNotEmpty()
        .allMatch(finding -> finding.get("reason").asText().startsWith("labels_incomplete: "));
    assertThat(labelDrift(early).get(11).get("reason").asText()).startsWith("no_labels: ");
  }

  /** Of all rows, window by window. */
  private static List<JsonNode> labelDrift(Path run) throws Exception {
    return Cli.findings(run).stream()
        .filter(finding -> finding.get("kind").asText().equals("label_drift"))
        .filter(finding -> finding.get("segment").asText().isEmpty())
        .sorted(Comparator.comparing(finding -> finding.get("window_start").asText()))
        .toList();
  }
}
