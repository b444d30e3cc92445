package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A field with more values than can be kept apart. */
class ManyCategoriesTest {
  private static final int ROWS = 12_000;
  private static final int VALUES = 6000;
  private static final String SPEC =
      """
      model: m
      task: regression
      events: {time: t, prediction: {value: y}}
      features: {c: categorical}
      window: {size: P1D}
      snapshot: off
      """;

  @TempDir Path folder;

  private Path log(String name) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      long draw = Hash128.of((name + i).getBytes(StandardCharsets.UTF_8)).high() >>> 1;
      lines.add(
          "{\"t\":\"2024-01-0%d\",\"y\":%d,\"c\":\"value %d\"}"
              .formatted(1 + i % 4, i % 10, draw % VALUES));
    }
    return Files.write(folder.resolve(name + ".jsonl"), lines);
  }

  private Cli.Result run(String command, Path events, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "--spec=" + folder.resolve("spec.yaml"),
                "--events=" + events,
                "--output=" + output));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  @Test
  void isSaidAndJudgedTheSameWhateverWindowComesFirst() throws Exception {
    Files.writeString(folder.resolve("spec.yaml"), SPEC);
    Path baseline = folder.resolve("b.avro");
    run("baseline", log("reference"), baseline);
    Path events = log("events");
    Path whole = folder.resolve("whole");
    run("monitor", events, whole, "--baseline=" + baseline, "--from=2024-01-01", "--to=2024-01-05");
    List<String> expected = new ArrayList<>();
    for (JsonNode finding : Cli.findings(whole)) {
      expected.add(finding.toString());
      if (finding.get("kind").asText().equals("data_drift")) {
        assertThat(finding.get("reason").asText())
            .matches(".*; [23],\\d\\d\\d values are told apart, all others count as one");
        assertThat(finding.get("alarm").asBoolean()).as(finding.toString()).isFalse();
      }
    }
    Path parts = folder.resolve("parts");
    for (int day = 4; day >= 1; day--) {
      run(
          "monitor",
          events,
          parts,
          "--baseline=" + baseline,
          "--from=2024-01-0" + day,
          "--to=2024-01-0" + (day + 1));
    }
    assertThat(Cli.findings(parts)).extracting(JsonNode::toString).isEqualTo(expected);
  }
}
