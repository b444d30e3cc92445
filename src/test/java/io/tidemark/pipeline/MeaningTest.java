package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that do not mean what the spec says: refused as a reference, said of a run. */
class MeaningTest {
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, label: p, positive: 1}}
      labels: {id: i, value: y, time: t, horizon: P1D}
      features: {x: numeric, fuel: numeric}
      window: {size: P1D}
      snapshot: off
      """;

  @TempDir Path folder;

  /** So many days of 50 rows; the label is what was predicted, but for every fifth row. */
  private Path log(String name, int days, double scale, String[] said, String[] came, String fuel)
      throws IOException {
    StringBuilder events = new StringBuilder();
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < 50 * days; i++) {
      String time = "2025-01-%02dT%02d:00:00Z".formatted(1 + i / 50, i % 24);
      int positive = i % 2;
      double score = scale * (positive == 1 ? .6 + .001 * (i % 50) : .4 - .001 * (i % 50));
      String row = "{\"i\":\"%s\",\"t\":\"%s\",\"x\":%d,\"fuel\":%s,\"s\":%s,\"p\":%s}%n";
      events.append(row.formatted("r" + i, time, i % 7, fuel, score, said[positive]));
      int truth = i % 5 == 0 ? 1 - positive : positive;
      labels.append(
          String.format(
              Locale.ROOT, "{\"i\":\"r%d\",\"t\":\"%s\",\"y\":%s}%n", i, time, came[truth]));
    }
    Files.writeString(folder.resolve(name + ".jsonl"), events);
    Files.writeString(folder.resolve(name + "-labels.jsonl"), labels);
    return folder.resolve(name + ".jsonl");
  }

  private Cli.Result run(String command, String name, String... more) throws IOException {
    Path spec = folder.resolve("spec.yaml");
    Files.writeString(spec, SPEC);
    List<String> args =
        new java.util.ArrayList<>(
            List.of(
                command,
                "--spec=" + spec,
                "--events=" + folder.resolve(name + ".jsonl"),
                "--labels=" + folder.resolve(name + "-labels.jsonl")));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  @Test
  void isRefusedOrSaid() throws Exception {
    String[] bits = {"0", "1"};
    String[] booleans = {"false", "true"};
    String[] words = {"\"no\"", "\"yes\""};
    String baseline = "--output=" + folder.resolve("b.avro");

    log("wrong", 4, 100, booleans, words, "\"gas\"");
    Cli.Result refused = run("baseline", "wrong", baseline);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("prediction.score: 100.0 % of the scores are outside 0 to 1")
        .contains("no label is a class that is predicted")
        .contains("Labels: 'no', 'yes'");

    log("dead", 4, 1, booleans, bits, "\"gas\"");
    Cli.Result dead = run("baseline", "dead", baseline);
    assertThat(dead.code()).isEqualTo(2);
    assertThat(dead.err())
        .contains(
            "fuel (numeric, column fuel): of 200 rows 0.0 % without a value, 100.0 % with one")
        .contains("that is no number: 'gas'")
        .contains("--allow-empty-fields");
    assertThat(folder.resolve("b.avro")).doesNotExist();
    Cli.Result allowed = run("baseline", "dead", baseline, "--allow-empty-fields");
    assertThat(allowed.code()).as(allowed.err()).isZero();
    assertThat(allowed.out()).contains("200 labels, 200 joined to 200 predictions");

    Path out = folder.resolve("out");
    Cli.Result monitored =
        run("monitor", "wrong", "--baseline=" + folder.resolve("b.avro"), "--output=" + out);
    assertThat(monitored.code()).as(monitored.err()).isZero();
    assertThat(monitored.out()).contains("Fields with hardly a usable value:").contains("'gas'");
    assertThat(Cli.findings(out))
        .filteredOn(finding -> finding.get("kind").asText().equals("schema"))
        .filteredOn(finding -> finding.get("alarm").asBoolean())
        .extracting(finding -> finding.get("subject").asText())
        .containsOnly("prediction.score", "label")
        .hasSize(8);
    for (JsonNode row : Cli.performance(out)) {
      if (row.get("metric").asText().equals("brier")) {
        assertThat(row.get("unscored_rows").asLong()).isEqualTo(row.get("rows").asLong());
        assertThat(row.get("unscored_reason").asText()).contains("without a score from 0 to 1");
      }
    }
    assertThat(Cli.findings(out))
        .filteredOn(finding -> finding.get("method").asText().equals("brier"))
        .isNotEmpty()
        .allMatch(finding -> finding.get("reason").asText().startsWith("few_scored: "));
  }
}
