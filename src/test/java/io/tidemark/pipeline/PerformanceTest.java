package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Performance and what its changes come from, through the whole program on simulated logs. */
class PerformanceTest {
  private static final String SPEC =
      """
      model: loans
      task: TASK
      events:
        format: jsonl
        id: id
        time: at
        prediction: PREDICTION
        label: truth
      features: {income: numeric, region: categorical, debt: numeric, product: categorical, tenure: numeric}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      SEGMENTS
      snapshot: off
      """;

  private static final String BINARY = "{score: p, label: guess, positive: \"1\"}";

  @TempDir Path folder;

  private Path spec(String task, String prediction, String segments) throws Exception {
    return Files.writeString(
        folder.resolve("spec.yaml"),
        SPEC.replace("TASK", task).replace("PREDICTION", prediction).replace("SEGMENTS", segments));
  }

  private Path run(Path spec, int rows, String... options) throws Exception {
    String[] simulate = new String[options.length + 5];
    simulate[0] = "simulate";
    simulate[1] = "--spec=" + spec;
    simulate[2] = "--output=" + folder.resolve("log");
    simulate[3] = "--rows=" + rows;
    simulate[4] = "--clean";
    System.arraycopy(options, 0, simulate, 5, options.length);
    done(simulate);
    done(
        "baseline",
        "--spec=" + spec,
        "--events=" + folder.resolve("log/reference"),
        "--output=" + folder.resolve("baseline.avro"));
    return monitor(spec, folder.resolve("log/events"), "out");
  }

  private Path monitor(Path spec, Path events, String output, String... more) {
    String[] args = new String[more.length + 5];
    args[0] = "monitor";
    args[1] = "--spec=" + spec;
    args[2] = "--events=" + events;
    args[3] = "--baseline=" + folder.resolve("baseline.avro");
    args[4] = "--output=" + folder.resolve(output);
    System.arraycopy(more, 0, args, 5, more.length);
    done(args);
    return folder.resolve(output);
  }

  private static void done(String... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.code()).as(result.err()).isZero();
  }

  /** Kinds that rang, but for the detectors: they watch the error rate, whatever moves it. */
  private static TreeSet<String> ringing(List<JsonNode> findings) {
    return findings.stream()
        .filter(finding -> finding.get("alarm").asBoolean())
        .filter(finding -> !finding.get("subject").asText().equals("error"))
        .map(finding -> finding.get("kind").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Means over the windows of the later half, where things are planted. */
  private record Change(double all, double inputs, double relation) {
    static Change of(List<JsonNode> findings) {
      List<JsonNode> accuracy =
          findings.stream()
              .filter(finding -> finding.get("kind").asText().equals("performance"))
              .filter(finding -> finding.get("method").asText().equals("accuracy"))
              .toList();
      List<JsonNode> planted = accuracy.subList(accuracy.size() / 2, accuracy.size());
      return new Change(
          mean(planted, "change"),
          mean(planted, "change_by_inputs"),
          mean(planted, "change_by_relation"));
    }

    private static double mean(List<JsonNode> findings, String column) {
      return findings.stream().mapToDouble(each -> each.get(column).asDouble()).average().orElse(0);
    }
  }

  @Test
  void movedInputsAreDataDrift() throws Exception {
    Path out = run(spec("binary", BINARY, ""), 60_000, "--drift=covariate", "--size=2", "--seed=1");
    List<JsonNode> findings = Cli.findings(out);
    assertThat(ringing(findings)).contains("data_drift").doesNotContain("concept_drift");
    Change change = Change.of(findings);
    assertThat(change.inputs() / change.all()).isBetween(.8, 1.2);
  }

  @Test
  void aChangedRelationIsConceptDrift() throws Exception {
    Path out = run(spec("binary", BINARY, ""), 24_000, "--drift=concept");
    List<JsonNode> findings = Cli.findings(out);
    assertThat(ringing(findings))
        .contains("concept_drift", "performance")
        .doesNotContain("data_drift", "estimated_performance");
    Change change = Change.of(findings);
    assertThat(change.relation() / change.all()).isBetween(.8, 1.2);
    assertThat(findings)
        .filteredOn(finding -> finding.get("kind").asText().equals("performance"))
        .filteredOn(finding -> finding.get("alarm").asBoolean())
        .allMatch(finding -> finding.get("reason").asText().endsWith("(concept drift)"));
  }

  /** Each alone and together, as {@code truth.json} says. */
  @Test
  void bothAtOnceAreBoth() throws Exception {
    Path out =
        run(
            spec("binary", BINARY, ""),
            60_000,
            "--drift=covariate,concept",
            "--size=covariate=2,concept=0.1");
    List<JsonNode> findings = Cli.findings(out);
    assertThat(ringing(findings)).contains("data_drift", "concept_drift", "performance");
    // The model is right in two rows of three: turning one label in ten makes .1 (2/3 - 1/3) more
    // errors. The shift alone takes some away, as movedInputsAreDataDrift has it.
    Change change = Change.of(findings);
    assertThat(change.relation()).isCloseTo(.1 / 3, within(.01));
    assertThat(change.inputs()).isBetween(-.04, -.01);
    assertThat(
            new ObjectMapper().readTree(folder.resolve("log/truth.json").toFile()).get("planted"))
        .extracting(planted -> planted.get("kind").asText() + " " + planted.get("size").asDouble())
        .contains("covariate_shift 2.0", "concept_drift 0.1");
  }

  @Test
  void modelsOfSeveralClasses() throws Exception {
    Path spec =
        spec(
            "multiclass",
            "{scores: {cat: p_cat, dog: p_dog, hen: p_hen}, label: guess}",
            "segments: [region]");
    Path out = run(spec, 6000, "--drift=concept", "--size=0.6");
    List<JsonNode> rows = Cli.performance(out);
    assertThat(metrics(rows, "realized"))
        .containsExactly("accuracy", "ece", "f1", "log_loss", "precision", "recall", "roc_auc");
    assertThat(metrics(rows, "estimated"))
        .containsExactly("accuracy", "f1", "precision", "recall", "roc_auc");
    assertThat(rows).anyMatch(row -> row.get("segment").asText().startsWith("region="));
    assertThat(ringing(Cli.findings(out))).contains("performance", "concept_drift");
    sameWhateverOrderAndRunner(spec, out);
  }

  @Test
  void predictedNumbers() throws Exception {
    Path spec = spec("regression", "{value: p}", "segments: [region]");
    Path out = run(spec, 6000, "--drift=none");
    List<JsonNode> rows = Cli.performance(out);
    assertThat(metrics(rows, "realized")).containsExactly("bias", "mae", "mape", "r2", "rmse");
    assertThat(metrics(rows, "estimated")).isEmpty();
    for (JsonNode finding : Cli.findings(out)) {
      if (finding.hasNonNull("change")) {
        assertThat(
                finding.get("change_by_inputs").asDouble()
                    + finding.get("change_by_relation").asDouble())
            .isCloseTo(finding.get("change").asDouble(), within(1e-9));
      }
    }
    sameWhateverOrderAndRunner(spec, out);
  }

  @Test
  void windowsWithoutLabelsHaveNoValue() throws Exception {
    Path spec = spec("binary", BINARY, "");
    run(spec, 6000, "--drift=none");
    Path bare = Files.createDirectories(folder.resolve("bare"));
    StringBuilder lines = new StringBuilder();
    for (Path file : Cli.files(folder.resolve("log/events"))) {
      for (String line : Files.readAllLines(file)) {
        lines.append(line.replaceFirst("\"truth\":\"?[01]\"?", "\"truth\":null")).append('\n');
      }
    }
    Files.writeString(bare.resolve("events.jsonl"), lines);
    List<JsonNode> rows = Cli.performance(monitor(spec, bare, "bare-out"));
    assertThat(rows).isNotEmpty();
    for (JsonNode row : rows) {
      boolean realised = row.get("source").asText().equals("realized");
      assertThat(row.get("value").isNull()).as(row.toString()).isEqualTo(realised);
      assertThat(row.get("labelled_rows").asLong()).isZero();
      assertThat(row.get("label_delay_p50_s").isNull()).isTrue();
      assertThat(row.get("alarm").asBoolean()).isFalse();
    }
  }

  private static TreeSet<String> metrics(List<JsonNode> rows, String source) {
    return rows.stream()
        .filter(row -> row.get("source").asText().equals(source))
        .map(row -> row.get("metric").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void sameWhateverOrderAndRunner(Path spec, Path out) throws Exception {
    Path shuffled = Files.createDirectories(folder.resolve("shuffled"));
    List<String> lines = new java.util.ArrayList<>();
    for (Path file : Cli.files(folder.resolve("log/events"))) {
      lines.addAll(Files.readAllLines(file));
    }
    java.util.Collections.shuffle(lines, new java.util.Random(5));
    Files.write(shuffled.resolve("a.jsonl"), lines.subList(0, lines.size() / 3));
    Files.write(shuffled.resolve("b.jsonl"), lines.subList(lines.size() / 3, lines.size()));
    TreeMap<String, String> expected = Log.results(out);
    assertThat(Log.results(monitor(spec, shuffled, "direct"))).isEqualTo(expected);
    assertThat(
            Log.results(
                monitor(spec, shuffled, "flink", "--runner=FlinkRunner", "--parallelism=2")))
        .isEqualTo(expected);
  }
}
