package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log made of a known stream of outcomes: alarms name the row, however the log is read. */
class DetectorsTest {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final int MINUTES_A_WINDOW = 200;
  private static final String SPEC =
      """
      model: stream
      task: binary
      events:
        id: id
        time: at
        prediction: {score: p, label: guess, positive: "1"}
        label: truth
      features: {x: numeric}
      window: {size: PT200M, origin: 2024-01-01T00:00:00Z}
      performance: {detectors: [page_hinkley, ddm, adwin, hddm_a]}
      snapshot: off
      """;

  @TempDir static Path folder;
  private static Path spec;
  private static Path baseline;
  private static List<String> lines;
  private static Path log;

  /** 1000 outcomes with a fifth of errors, then 1000 with a half. */
  @BeforeAll
  static void writeLog() throws Exception {
    spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    lines = new ArrayList<>();
    long state = 2024;
    for (int i = 0; i < 2000; i++) {
      state = (1103515245 * state + 12345) % (1L << 31);
      boolean error = state / (double) (1L << 31) < (i < 1000 ? .2 : .5);
      lines.add(
          "{\"id\":\"row-%04d\",\"at\":\"%s\",\"p\":0.7,\"guess\":1,\"truth\":%d,\"x\":%d}"
              .formatted(i, START.plusSeconds(60L * i), error ? 0 : 1, i % 7));
    }
    log = write("log", lines, 1);
    baseline = folder.resolve("baseline.avro");
    Cli.Result built =
        Cli.run("baseline", "--spec=" + spec, "--events=" + log, "--output=" + baseline);
    assertThat(built.code()).as(built.err()).isZero();
  }

  private static Path write(String name, List<String> rows, int files) throws Exception {
    Path to = Files.createDirectories(folder.resolve(name));
    for (int i = 0; i < files; i++) {
      Files.write(
          to.resolve("f" + i + ".jsonl"),
          rows.subList(rows.size() * i / files, rows.size() * (i + 1) / files));
    }
    return to;
  }

  private static void monitor(Path events, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + events,
                "--baseline=" + baseline,
                "--output=" + output));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static String alarms(Path output) throws Exception {
    TreeMap<String, List<Long>> alarms = new TreeMap<>();
    for (JsonNode finding : Cli.findings(output)) {
      JsonNode at = finding.get("at");
      if (!at.isNull()) {
        long index = at.get("index").asLong();
        assertThat(finding.get("kind").asText()).isEqualTo("concept_drift");
        assertThat(at.get("id").asText()).isEqualTo("row-%04d".formatted(index));
        assertThat(at.get("time").asText()).isEqualTo(START.plusSeconds(60 * index).toString());
        assertThat(Instant.parse(finding.get("window_start").asText()))
            .isEqualTo(START.plusSeconds(60 * (index - index % MINUTES_A_WINDOW)));
        alarms.computeIfAbsent(finding.get("method").asText(), m -> new ArrayList<>()).add(index);
      }
    }
    alarms.values().forEach(Collections::sort);
    return alarms.toString();
  }

  private static final String EXPECTED =
      "{adwin=[1119], ddm=[1107, 1261], hddm_a=[1046], page_hinkley=[1191]}";

  @Test
  void ringsAtTheRowWhateverTheOrderAndRunner() throws Exception {
    Path one = folder.resolve("one");
    monitor(log, one);
    assertThat(alarms(one)).isEqualTo(EXPECTED);
    List<String> shuffled = new ArrayList<>(lines);
    Collections.shuffle(shuffled, new Random(3));
    Path many = folder.resolve("many");
    monitor(write("shuffled", shuffled, 5), many);
    assertThat(Log.results(many)).isEqualTo(Log.results(one));
    Path flink = folder.resolve("flink");
    monitor(log, flink, "--runner=FlinkRunner", "--parallelism=2");
    assertThat(Log.results(flink)).isEqualTo(Log.results(one));
  }

  @Test
  void tenScheduledRunsRingAsOne() throws Exception {
    Path one = folder.resolve("whole");
    Instant end = START.plusSeconds(60L * MINUTES_A_WINDOW * 10);
    monitor(log, one, "--from=" + START, "--to=" + end);
    Path parts = folder.resolve("parts");
    for (int run : new int[] {0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9}) {
      Instant from = START.plusSeconds(60L * MINUTES_A_WINDOW * run);
      monitor(log, parts, "--from=" + from, "--to=" + from.plusSeconds(60L * MINUTES_A_WINDOW));
    }
    assertThat(alarms(parts)).isEqualTo(EXPECTED);
    assertThat(Log.results(parts)).isEqualTo(Log.results(one));
  }

  /** It goes on from where the run over everything stood at its beginning. */
  @Test
  void runningAPartAgainAfterARunWithoutBoundsChangesNothing() throws Exception {
    Path one = folder.resolve("one-again");
    monitor(log, one);
    var before = Log.results(one);
    for (int part : new int[] {7, 3}) {
      Instant from = START.plusSeconds(60L * MINUTES_A_WINDOW * part);
      monitor(log, one, "--from=" + from, "--to=" + from.plusSeconds(120L * MINUTES_A_WINDOW));
      assertThat(Log.results(one)).isEqualTo(before);
    }
    assertThat(alarms(one)).isEqualTo(EXPECTED);
  }

  @Test
  void everyWindowSaysWhereEachDetectorStands() throws Exception {
    Path out = folder.resolve("all");
    monitor(log, out);
    List<JsonNode> quiet = new ArrayList<>();
    for (JsonNode finding : Cli.findings(out)) {
      if (finding.get("subject").asText().equals("error") && finding.get("at").isNull()) {
        quiet.add(finding);
      }
    }
    assertThat(quiet).hasSize(10 * 4 - 5); // the five windows and detectors that rang
    assertThat(quiet).noneMatch(finding -> finding.get("alarm").asBoolean());
    assertThat(quiet.get(0).get("reason").asText()).startsWith("no rise: ");
    assertThat(quiet.get(0).get("n_window").asLong()).isEqualTo(MINUTES_A_WINDOW);
  }
}
