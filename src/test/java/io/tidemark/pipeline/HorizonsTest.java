package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.WindowSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Longer windows, merged from the run's own and those that earlier runs left. */
class HorizonsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a few of the scheduled runs; the others are on the runner of those who name none. */
  private static final Map<Integer, String[]> RUNNERS =
      Map.of(
          4,
          new String[] {"--runner=FlinkRunner", "--parallelism=1"},
          7,
          new String[] {"--runner=DirectRunner"});

  @TempDir static Path folder;
  private static Log log;
  private static Path plain;
  private static Path whole;
  private static Cli.Result result;
  private static List<String> bounds;

  @BeforeAll
  static void runOnce() throws Exception {
    log = Log.simulate(folder, "jsonl", 6_000, "--windows=10", "--clean");
    // Detectors go by the history there is when a part is run; windows do not.
    log.change("snapshot: .*", "performance: {detectors: []}\nsnapshot: off");
    bounds = log.windowBounds();
    assertThat(bounds).hasSize(11);
    plain = folder.resolve("plain");
    run(log.events(), plain, 0, 10);
    log.change("size: PT6H,", "size: PT6H, horizons: [PT12H, P1D, P1M],");
    whole = folder.resolve("whole");
    result = run(log.events(), whole, 0, 10);
  }

  /** Of so many windows, all of them whole. */
  private static Cli.Result run(Path events, Path output, int from, int to, String... more) {
    List<String> options =
        new ArrayList<>(List.of("--from=" + bounds.get(from), "--to=" + bounds.get(to)));
    options.addAll(List.of(more));
    Cli.Result run = log.monitor(events, output, options.toArray(new String[0]));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static void scheduled(Path output, int window, String... more) {
    run(log.events(), output, window, window + 1, more);
  }

  private static TreeMap<String, String> only(Path output, String pattern) throws Exception {
    TreeMap<String, String> results = Log.results(output);
    results.keySet().removeIf(path -> !path.matches(pattern));
    return results;
  }

  private static List<JsonNode> findings(Path output, String size) throws Exception {
    List<JsonNode> findings = new ArrayList<>();
    for (Path file : Cli.files(output.resolve("findings/model=loans/horizon=" + size))) {
      for (String line : Files.readAllLines(file)) {
        findings.add(JSON.readTree(line));
      }
    }
    return findings;
  }

  private static Map<String, Boolean> complete(Path output, String size) throws Exception {
    return findings(output, size).stream()
        .collect(
            Collectors.toMap(
                finding -> finding.get("window_start").asText(),
                finding -> finding.get("complete").asBoolean(),
                (a, b) -> {
                  assertThat(a).isEqualTo(b);
                  return a;
                },
                TreeMap::new));
  }

  @Test
  void leavesTheWindowsThemselvesAsTheyAre() throws Exception {
    assertThat(
            only(
                whole,
                "(slices|label-issues|label-quality|review)/.*|(findings|statistics|performance|label-coverage)/model=loans/window=.*"))
        .isEqualTo(Log.results(plain));
  }

  @Test
  void hasAFolderOfEachHorizon() throws Exception {
    assertThat(only(whole, "findings/model=loans/horizon=PT12H/window=\\w+/part-\\w+.jsonl"))
        .hasSize(5);
    assertThat(only(whole, "findings/model=loans/horizon=P1D/.*")).hasSize(3);
    assertThat(only(whole, "findings/model=loans/horizon=P1M/window=20240101T000000Z/.*"))
        .hasSize(1);
    assertThat(only(whole, "statistics/model=loans/horizon=P1D/window=\\w+/part-\\w+.parquet"))
        .hasSize(3);
    assertThat(only(whole, "profiles/model=loans/window=\\w+/part-\\w+.avro")).hasSize(10);
  }

  @Test
  void addsUpToTheWindows() throws Exception {
    String statistics = whole.resolve("statistics/model=loans").toString();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      String sums =
          "select segment, field, sum(rows) as rows, sum(missing) as missing,"
              + " round(sum(mean * (rows - missing)) / sum(rows - missing), 9) as mean"
              + " from '%s' group by all";
      String horizon = sums.formatted(statistics + "/horizon=P1D/*/*.parquet");
      String windows = sums.formatted(statistics + "/window=*/*.parquet");
      try (ResultSet different =
          sql.executeQuery(
              "select count(*) from (("
                  + horizon
                  + ") except ("
                  + windows
                  + ")) union all select count(*) from ("
                  + horizon
                  + ")")) {
        different.next();
        assertThat(different.getLong(1)).isZero();
        different.next();
        assertThat(different.getLong(1)).isPositive();
      }
    }
  }

  @Test
  void isCompleteOnlyWithAllOfItsWindows() throws Exception {
    assertThat(complete(whole, "P1D"))
        .isEqualTo(
            Map.of(
                "2024-01-03T00:00:00Z",
                false,
                "2024-01-04T00:00:00Z",
                true,
                "2024-01-05T00:00:00Z",
                true));
    assertThat(complete(whole, "P1M")).containsOnly(Map.entry("2024-01-01T00:00:00Z", false));
  }

  @Test
  void mergesTheWindowsOfTheBaselineToo() {
    WindowSpec day =
        WindowSpec.fixed(Duration.ofDays(1), Instant.parse("2024-01-01T00:00:00Z"), Duration.ZERO);
    Baselines baselines = Baselines.read(log.baseline.toString(), "loans");
    List<Baseline.ReferenceWindow> windows = baselines.all().get(0).windows();
    List<Baseline.ReferenceWindow> days = baselines.over(day).all().get(0).windows();
    assertThat(windows).hasSize(10);
    assertThat(days).extracting(Baseline.ReferenceWindow::full).containsExactly(false, true, false);
    for (int i = 0; i < days.size(); i++) {
      int first = 4 * i;
      long rows =
          windows.subList(first, Math.min(10, first + 4)).stream()
              .mapToLong(window -> window.profile().rows())
              .sum();
      assertThat(days.get(i).profile().rows()).isEqualTo(rows);
      assertThat(days.get(i).start()).isEqualTo(windows.get(first).start());
    }
  }

  @Test
  void scheduledRunsWriteWhatOneRunWrites() throws Exception {
    Path parts = folder.resolve("parts");
    for (int i = 0; i < 10; i++) {
      scheduled(parts, i, RUNNERS.getOrDefault(i, new String[0]));
      if (i == 2) {
        assertThat(complete(parts, "P1D")).containsEntry("2024-01-04T00:00:00Z", false);
      }
    }
    assertThat(Log.results(parts)).isEqualTo(Log.results(whole));
    for (int i : new int[] {9, 0, 5}) {
      scheduled(parts, i);
    }
    assertThat(Log.results(parts)).as("run again").isEqualTo(Log.results(whole));
  }

  @Test
  void theOrderOfScheduledRunsDoesNotMatter() throws Exception {
    Path parts = folder.resolve("backwards");
    List<Path> files = log.byWindow(3);
    for (int i = files.size() - 1; i >= 0; i--) {
      run(files.get(i), parts, 3 * i, Math.min(10, 3 * i + 3));
    }
    assertThat(Log.results(parts)).isEqualTo(Log.results(whole));
  }

  @Test
  void runnersAgree() throws Exception {
    Path flink = folder.resolve("flink");
    run(log.shuffled(3, 9), flink, 0, 10, "--runner=FlinkRunner", "--parallelism=2");
    assertThat(Log.results(flink)).isEqualTo(Log.results(whole));
  }

  @Test
  void passesOverStoredWindowsThatDoNotFit() throws Exception {
    Path parts = folder.resolve("misfits");
    scheduled(parts, 2);
    scheduled(parts, 3);
    scheduled(parts, 4);
    Path baseline = folder.resolve("baseline.avro");
    byte[] before = Files.readAllBytes(baseline);
    List<Path> stored = Cli.files(parts.resolve("profiles"));
    assertThat(stored).hasSize(3);
    byte[] flipped = Files.readAllBytes(stored.get(1));
    flipped[flipped.length / 2] ^= 1;
    Files.write(stored.get(1), flipped);
    assertThat(run(log.events(), parts, 5, 6).err())
        .contains("warning: " + stored.get(1) + " is damaged and was passed over")
        .contains("run the monitor over that window again");
    assertThat(rows(parts)).as("without the damaged one").isEqualTo(rowsOf(2, 4, 5));
    try {
      Cli.Result built =
          Cli.run(
              "baseline", "--spec=" + log.spec, "--events=" + log.events(), "--output=" + baseline);
      assertThat(built.code()).as(built.err()).isZero();
      scheduled(parts, 3);
    } finally {
      Files.write(baseline, before);
    }
    assertThat(rows(parts)).as("the others have another baseline").isEqualTo(rowsOf(3));
    assertThat(complete(parts, "P1D")).containsEntry("2024-01-04T00:00:00Z", false);
  }

  /** Rows of the day that the windows 2 to 5 make up. */
  private static long rows(Path output) throws Exception {
    return findings(output, "P1D").stream()
        .filter(finding -> finding.get("method").asText().equals("row_count"))
        .filter(finding -> finding.get("window_start").asText().equals(bounds.get(2)))
        .mapToLong(finding -> finding.get("revision").asLong())
        .sum();
  }

  private static long rowsOf(int... windows) throws Exception {
    long rows = 0;
    for (JsonNode finding : Cli.findings(plain)) {
      for (int window : windows) {
        boolean wanted =
            finding.get("method").asText().equals("row_count")
                && finding.get("window_start").asText().equals(bounds.get(window));
        rows += wanted ? finding.get("revision").asLong() : 0;
      }
    }
    return rows;
  }

  @Test
  void tellsAndCountsTheAlarmsOfHorizons() throws Exception {
    JsonNode run = JSON.readTree(Cli.files(whole.resolve("runs")).get(0).toFile());
    JsonNode day = run.get("horizons").get("P1D");
    List<JsonNode> findings = findings(whole, "P1D");
    long alarms = findings.stream().filter(finding -> finding.get("alarm").asBoolean()).count();
    assertThat(alarms).isPositive();
    assertThat(day.get("windows").asInt()).isEqualTo(3);
    assertThat(day.get("comparisons").asInt()).isEqualTo(findings.size());
    assertThat(day.get("alarms").asLong()).isEqualTo(alarms);
    assertThat(result.out())
        .contains("  3 windows over P1D from 2024-01-03T00:00:00Z to 2024-01-06T00:00:00Z")
        .contains("What rang over P1D, most often first:");
  }

  @Test
  void keepsMaskedValuesSealed() throws Exception {
    Path own = folder.resolve("masked");
    Log masked = Log.simulate(own, "jsonl", 1_200, "--windows=4", "--clean");
    masked.change("size: PT6H,", "size: PT6H, horizons: [PT12H],");
    masked.change("snapshot: .*", "snapshot: {mask: [product]}");
    Path events = Files.createDirectories(own.resolve("events"));
    List<Path> files = masked.byWindow(1);
    for (int i = 0; i < 2; i++) {
      String text = Files.readString(files.get(i).resolve("events.jsonl"));
      String unseen = text.replaceFirst("\"product\":\"[^\"]*\"", "\"product\":\"secret gadget\"");
      assertThat(unseen).contains("secret gadget");
      Files.writeString(events.resolve(i + ".jsonl"), unseen);
    }
    Path key = Files.writeString(own.resolve("key"), "key");
    Path once = own.resolve("once");
    Path twice = own.resolve("twice");
    String withKey = "--mask-key=" + key;
    String from = "--from=" + masked.windowBounds().get(0);
    String between = masked.windowBounds().get(1);
    String to = "--to=" + masked.windowBounds().get(2);
    assertThat(masked.monitor(events, once, withKey, from, to).code()).isZero();
    assertThat(
            masked
                .monitor(events.resolve("0.jsonl"), twice, withKey, from, "--to=" + between)
                .code())
        .isZero();
    assertThat(
            masked
                .monitor(events.resolve("1.jsonl"), twice, withKey, "--from=" + between, to)
                .code())
        .isZero();
    assertThat(Log.results(twice, "snapshots")).isEqualTo(Log.results(once, "snapshots"));
    assertThat(only(once, "profiles/.*")).hasSize(2);
    for (Path file : Cli.files(once)) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .as(file.toString())
          .doesNotContain("secret gadget");
    }
    Path keyless = own.resolve("keyless");
    Cli.Result run = masked.monitor(events, keyless);
    assertThat(run.err()).contains("without --mask-key windows are not kept for later runs");
    assertThat(only(keyless, "profiles/.*")).isEmpty();
    assertThat(only(keyless, "findings/.*/horizon=PT12H/.*")).isNotEmpty();
  }
}
