package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model versions, each judged against its own baseline or the common one, never pooled. */
class VersionsTest {
  private static final String SPEC =
      """
      model: versions
      task: regression
      events: {time: t, model_version: v, prediction: {value: y}}
      features: {x: numeric}
      window: {size: PT1H}
      snapshot: off
      """;

  @TempDir Path folder;

  private Path log(String name, String version, int hours, int from, double mean) throws Exception {
    Random random = new Random(name.hashCode());
    List<String> lines = new ArrayList<>();
    for (int hour = from; hour < from + hours; hour++) {
      for (int i = 0; i < 400; i++) {
        lines.add(
            "{\"t\":\"%s\",\"v\":\"%s\",\"x\":%s,\"y\":%s}"
                .formatted(
                    Instant.EPOCH.plusSeconds(hour * 3600L + i * 9),
                    version,
                    mean + random.nextGaussian(),
                    random.nextGaussian()));
      }
    }
    return Files.write(folder.resolve(name + ".jsonl"), lines);
  }

  private void baseline(Path events, String output, String... more) throws Exception {
    Files.createDirectories(folder.resolve("baselines"));
    List<String> args =
        new ArrayList<>(
            List.of(
                "baseline",
                "--spec=" + folder.resolve("spec.yaml"),
                "--events=" + events,
                "--output=" + folder.resolve("baselines").resolve(output)));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void eachVersionHasItsOwnBaseline() throws Exception {
    Files.writeString(folder.resolve("spec.yaml"), SPEC);
    baseline(log("reference-one", "one", 10, 0, 0), "common.avro");
    baseline(log("reference-two", "two", 10, 0, 5), "two.avro", "--model-version=two");
    Files.createDirectories(folder.resolve("events"));
    Files.move(log("one", "one", 3, 20, 0), folder.resolve("events/one.jsonl"));
    Files.move(log("two", "two", 3, 20, 5), folder.resolve("events/two.jsonl"));
    Files.move(log("three", "three", 2, 24, 5), folder.resolve("events/three.jsonl"));

    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + folder.resolve("spec.yaml"),
            "--events=" + folder.resolve("events"),
            "--baseline=" + folder.resolve("baselines"),
            "--output=" + folder.resolve("out"));
    assertThat(result.code()).as(result.err()).isZero();

    assertThat(drift("one")).hasSize(3).noneMatch(VersionsTest::alarm);
    assertThat(drift("two")).hasSize(3).noneMatch(VersionsTest::alarm);
    assertThat(drift("three"))
        .as("against the common one")
        .hasSize(2)
        .allMatch(VersionsTest::alarm);
    assertThat(drift("")).isEmpty();
  }

  @Test
  void horizonsKeepVersionsApart() throws Exception {
    Files.writeString(folder.resolve("spec.yaml"), SPEC.replace("PT1H", "PT1H, horizons: [PT4H]"));
    baseline(log("reference-one", "one", 10, 0, 0), "common.avro");
    Files.createDirectories(folder.resolve("events"));
    Files.move(log("one", "one", 3, 20, 0), folder.resolve("events/one.jsonl"));
    Files.move(log("two", "two", 4, 20, 5), folder.resolve("events/two.jsonl"));
    String split = "1970-01-01T22:00:00Z";
    String from = "--from=1970-01-01T20:00:00Z";
    String to = "--to=1970-01-02T00:00:00Z";
    monitor("whole", from, to);
    monitor("parts", from, "--to=" + split);
    monitor("parts", "--from=" + split, to);
    monitor("parts", "--from=1970-01-01T23:00:00Z", to);
    assertThat(Log.results(folder.resolve("parts")))
        .isEqualTo(Log.results(folder.resolve("whole")));
    assertThat(Cli.findings(folder.resolve("whole")))
        .filteredOn(finding -> finding.get("window_end").asText().equals("1970-01-02T00:00:00Z"))
        .filteredOn(finding -> finding.get("window_start").asText().equals("1970-01-01T20:00:00Z"))
        .filteredOn(finding -> finding.get("method").asText().equals("row_count"))
        .extracting(
            finding -> finding.get("model_version").asText(),
            finding -> finding.get("revision").asInt(),
            finding -> finding.get("complete").asBoolean())
        .containsExactly(tuple("one", 1200, false), tuple("two", 1600, true));
  }

  private void monitor(String output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + folder.resolve("spec.yaml"),
                "--events=" + folder.resolve("events"),
                "--baseline=" + folder.resolve("baselines"),
                "--output=" + folder.resolve(output)));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void aVersionWithoutAnyBaselineIsAFinding() throws Exception {
    Files.writeString(folder.resolve("spec.yaml"), SPEC);
    baseline(log("reference-two", "two", 10, 0, 5), "two.avro", "--model-version=two");
    Path events = log("one", "one", 1, 20, 0);
    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + folder.resolve("spec.yaml"),
            "--events=" + events,
            "--baseline=" + folder.resolve("baselines/two.avro"),
            "--output=" + folder.resolve("out"),
            "--fail-on-alarm");
    assertThat(result.code()).isEqualTo(3);
    assertThat(Cli.findings(folder.resolve("out")))
        .singleElement()
        .matches(finding -> finding.get("kind").asText().equals("schema"))
        .matches(
            finding ->
                finding.get("reason").asText().contains("no baseline for model version 'one'"));
  }

  private List<JsonNode> drift(String version) throws Exception {
    Predicate<JsonNode> wanted =
        finding ->
            finding.get("kind").asText().equals("data_drift")
                && finding.get("model_version").asText().equals(version);
    return Cli.findings(folder.resolve("out")).stream().filter(wanted).toList();
  }

  private static boolean alarm(JsonNode finding) {
    return finding.get("alarm").asBoolean();
  }
}
