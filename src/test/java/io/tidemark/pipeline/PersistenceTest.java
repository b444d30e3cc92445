package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms that ask for k of the last n windows, in one run and over many scheduled ones. */
class PersistenceTest {
  private static final String RULE =
      """
      drift: {persistence: {windows: 2, of: 3}}
      snapshot: off\
      """;

  /** Of a few of the scheduled runs; the others are on the runner of those who name none. */
  private static final Map<Integer, String[]> RUNNERS =
      Map.of(
          3,
          new String[] {"--runner=FlinkRunner", "--parallelism=1"},
          6,
          new String[] {"--runner=DirectRunner"});

  @TempDir static Path folder;
  private static Log log;
  private static Path whole;
  private static List<String> bounds;

  @BeforeAll
  static void runOnce() throws Exception {
    log = Log.simulate(folder, "jsonl", 6_000, "--windows=10", "--clean", "--pattern=recurring");
    log.change("snapshot: .*", RULE);
    bounds = log.windowBounds();
    assertThat(bounds).hasSize(11);
    whole = folder.resolve("whole");
    run(log.events(), whole, 0, 10);
  }

  private static boolean rangAndCounted(JsonNode finding) {
    return finding.get("alarm").asBoolean()
        && finding.get("reason").asText().startsWith("in 2 of the last 3 windows; ");
  }

  private static boolean silenced(JsonNode finding) {
    return finding.get("exceeded").asBoolean()
        && !finding.get("alarm").asBoolean()
        && finding.get("reason").asText().startsWith("not persistent: in 1 of the last 3 windows");
  }

  @Test
  void saysWhatTheWindowSaysByItself() throws Exception {
    List<JsonNode> findings = Cli.findings(whole);
    assertThat(findings).allMatch(finding -> finding.get("exceeded").isBoolean());
    assertThat(findings)
        .noneMatch(f -> f.get("alarm").asBoolean() && !f.get("exceeded").asBoolean());
    assertThat(findings).anyMatch(PersistenceTest::silenced);
    assertThat(findings).anyMatch(PersistenceTest::rangAndCounted);
  }

  @Test
  void scheduledRunsWriteWhatOneRunWrites() throws Exception {
    Path parts = folder.resolve("parts");
    for (int i = 0; i < 10; i++) {
      scheduled(parts, i, RUNNERS.getOrDefault(i, new String[0]));
    }
    assertThat(Log.results(parts)).isEqualTo(Log.results(whole));
    TreeMap<String, String> before = Log.results(parts);
    for (int i : new int[] {9, 0, 5}) {
      scheduled(parts, i);
    }
    assertThat(Log.results(parts)).as("run again").isEqualTo(before);
  }

  /** Of so many windows, all of them whole. */
  private static void run(Path events, Path output, int from, int to, String... more) {
    List<String> options =
        new java.util.ArrayList<>(List.of("--from=" + bounds.get(from), "--to=" + bounds.get(to)));
    options.addAll(List.of(more));
    Cli.Result result = log.monitor(events, output, options.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static void scheduled(Path output, int window, String... more) {
    run(log.events(), output, window, window + 1, more);
  }

  @Test
  void runsOverFilesOfTheirOwnWriteWhatOneRunWrites() throws Exception {
    Path parts = folder.resolve("files");
    List<Path> files = log.byWindow(2);
    for (int i = 0; i < files.size(); i++) {
      run(files.get(i), parts, 2 * i, 2 * i + 2);
    }
    assertThat(Log.results(parts)).isEqualTo(Log.results(whole));
  }

  @Test
  void aStrayDateDoesNotHideTheWindowsBefore() throws Exception {
    Path parts = folder.resolve("stray");
    List<Path> files = log.byWindow(1);
    Path around = Files.createDirectories(folder.resolve("around"));
    for (int i = 5; i < 8; i++) {
      Files.copy(files.get(i).resolve("events.jsonl"), around.resolve(i + ".jsonl"));
    }
    Files.writeString(
        around.resolve("stray.jsonl"),
        "{\"id\": \"stray\", \"at\": \"0001-01-01T00:00:00Z\", \"p\": 0.5, \"guess\": \"1\"}\n");
    assertThat(log.monitor(files.get(4), parts).code()).isZero();
    assertThat(log.monitor(around, parts).code()).isZero();
    String window = "findings/model=loans/window=" + bounds.get(6).replaceAll("[-:]", "");
    // The detectors go by the whole history, which these parts do not have.
    Predicate<String> last = path -> path.startsWith(window) && !path.contains("/detectors-");
    // Those of drift, of performance and of slices.
    assertThat(only(Log.results(parts), last)).hasSize(3).isEqualTo(only(Log.results(whole), last));
  }

  private static Map<String, String> only(TreeMap<String, String> results, Predicate<String> path) {
    results.keySet().removeIf(path.negate());
    return results;
  }

  @Test
  void windowsThatNobodyRanDoNotCount() throws Exception {
    JsonNode ringing =
        Cli.findings(whole).stream()
            .filter(PersistenceTest::rangAndCounted)
            .findFirst()
            .orElseThrow();
    int window = bounds.indexOf(ringing.get("window_start").asText());
    Path alone = folder.resolve("alone");
    scheduled(alone, window);
    assertThat(Cli.findings(alone))
        .filteredOn(finding -> finding.get("id").equals(ringing.get("id")))
        .singleElement()
        .matches(PersistenceTest::silenced);
  }
}
