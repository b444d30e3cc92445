package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on simulated logs, on the direct runner and on Flink. */
class MonitorTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Log log;
  private static Path output;
  private static Cli.Result first;

  @BeforeAll
  static void runOnce() throws Exception {
    log = Log.simulate(folder.resolve("jsonl"), "jsonl", 12_000);
    output = folder.resolve("out");
    first = log.monitor(log.events(), output);
    assertThat(first.code()).as(first.err()).isZero();
  }

  private static JsonNode truth() throws Exception {
    return JSON.readTree(log.folder.resolve("log/truth.json").toFile());
  }

  @Test
  void accountsForEveryRowAsPlanted() throws Exception {
    JsonNode run = JSON.readTree(Cli.files(output.resolve("runs")).get(0).toFile());
    JsonNode rows = run.get("rows");
    JsonNode expected = truth().get("expected_rows");
    for (String count :
        List.of("read", "profiled", "duplicate", "conflicting_duplicate", "dead_lettered")) {
      assertThat(rows.get(count).asLong()).as(count).isEqualTo(expected.get(count).asLong());
    }
    assertThat(rows.get("balanced").asBoolean()).isTrue();
  }

  @Test
  void saysWhatIsWrongWithEachBadRow() throws Exception {
    Map<String, Long> reasons = new HashMap<>();
    for (Path file : Cli.files(output.resolve("dead-letters"))) {
      for (String line : Files.readAllLines(file)) {
        reasons.merge(JSON.readTree(line).get("reason").asText(), 1L, Long::sum);
      }
    }
    Map<String, Long> expected = new HashMap<>();
    truth()
        .get("expected_dead_letters")
        .properties()
        .forEach(reason -> expected.put(reason.getKey(), reason.getValue().asLong()));
    assertThat(reasons).isEqualTo(expected);
  }

  @Test
  void ringsForWhatIsPlantedAndForNothingElse() throws Exception {
    Map<String, String> from = new HashMap<>();
    truth().get("planted").forEach(p -> from.put(p.get("field").asText(), p.get("from").asText()));
    List<String> silent = new ArrayList<>();
    for (JsonNode finding : Cli.findings(output)) {
      String subject = finding.get("subject").asText();
      String planted = from.get(subject);
      boolean after =
          planted != null && finding.get("window_start").asText().compareTo(planted) >= 0;
      if (finding.get("alarm").asBoolean()
          && finding.get("kind").asText().matches("data_drift|missing|unseen|volume")) {
        assertThat(after).as(finding.toString()).isTrue();
      }
      if (after
          && finding.get("kind").asText().equals("data_drift")
          && finding.get("segment").asText().isEmpty()
          && subject.matches("income|region")
          && !finding.get("alarm").asBoolean()) {
        silent.add(finding.toString());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void doesNotDependOnOrderFilesRunnerOrParallelism() throws Exception {
    TreeMap<String, String> expected = Log.results(output, "dead-letters");
    Path many = log.shuffled(7, 16);
    Path one = log.shuffled(11, 1);
    Map<String, String[]> runs = new TreeMap<>();
    runs.put("direct-1", new String[] {one.toString()});
    runs.put("direct-16", new String[] {many.toString()});
    runs.put("flink-4", new String[] {many.toString(), "--runner=FlinkRunner", "--parallelism=4"});
    for (Map.Entry<String, String[]> run : runs.entrySet()) {
      Path other = folder.resolve(run.getKey());
      String[] args = run.getValue();
      Cli.Result result =
          log.monitor(Path.of(args[0]), other, java.util.Arrays.copyOfRange(args, 1, args.length));
      assertThat(result.code()).as(run.getKey() + result.err()).isZero();
      assertThat(Log.results(other, "dead-letters")).as(run.getKey()).isEqualTo(expected);
    }
  }

  @Test
  void aSecondRunTouchesNothing() throws Exception {
    Path again = folder.resolve("again");
    for (Path file : Cli.files(output)) {
      Path copy = again.resolve(output.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Map<Path, FileTime> before = times(again);
    assertThat(log.monitor(log.events(), again).code()).isZero();
    assertThat(times(again)).isEqualTo(before);
  }

  private static Map<Path, FileTime> times(Path folder) throws Exception {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path file : Cli.files(folder)) {
      // A copied output is another one, so runs that write to it are others.
      if (!file.startsWith(folder.resolve("runs")) && !file.startsWith(folder.resolve("lineage"))) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void scheduledRunsOverPartsWriteWhatOneRunWrites() throws Exception {
    Path parts = folder.resolve("parts");
    String middle = "2024-01-05T12:00:00Z";
    assertThat(log.monitor(log.events(), parts, "--to=" + middle).code()).isZero();
    assertThat(log.monitor(log.events(), parts, "--from=" + middle).code()).isZero();
    // Columns are hidden and there is no key: labels of the period before the joint are not kept.
    String[] leftOut = {"label-issues", "label-quality", "review"};
    assertThat(Log.results(parts, leftOut)).isEqualTo(Log.results(output, leftOut));
  }

  @Test
  void refusesBoundsInsideAWindow() {
    Cli.Result result =
        log.monitor(log.events(), folder.resolve("no"), "--from=2024-01-05T13:00:00Z");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("the nearest bounds are 2024-01-05T12:00:00Z and 2024-01-05T18:00:00Z");
  }

  @Test
  void marksPartialWindows() throws Exception {
    Path partial = folder.resolve("partial");
    log.monitor(log.events(), partial, "--partial", "--from=2024-01-05T13:00:00Z");
    Map<String, Boolean> complete =
        Cli.findings(partial).stream()
            .collect(
                Collectors.toMap(
                    finding -> finding.get("window_start").asText(),
                    finding -> finding.get("complete").asBoolean(),
                    (a, b) -> a));
    assertThat(complete.get("2024-01-05T12:00:00Z")).isFalse();
    assertThat(complete.get("2024-01-05T18:00:00Z")).isTrue();
  }

  @Test
  void writesExpectedWindowsWithoutRows() throws Exception {
    Path empty = folder.resolve("empty");
    Cli.Result result =
        log.monitor(
            log.events(), empty, "--from=2025-01-01T00:00:00Z", "--to=2025-01-01T12:00:00Z");
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> volume =
        Cli.findings(empty).stream()
            .filter(finding -> finding.get("kind").asText().equals("volume"))
            .toList();
    assertThat(volume).hasSize(2);
    assertThat(volume).allMatch(finding -> finding.get("alarm").asBoolean());
    assertThat(Cli.findings(empty))
        .filteredOn(finding -> finding.get("kind").asText().equals("data_drift"))
        .isNotEmpty()
        .allMatch(finding -> finding.get("reason").asText().startsWith("no_rows"));
  }

  @Test
  void snapshotRowsAreInTheInputAndRightlyTyped() throws Exception {
    String rows = output.resolve("snapshots/loans/*/*.parquet").toString();
    String events = log.events().resolve("*.jsonl").toString();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      assertThat(
              one(
                  sql,
                  "select string_agg(column_name || ' ' || column_type, ', ') from (describe select"
                      + " id, \"at\", income, region, debt, label, label_time,"
                      + " reasons, weight, split from '"
                      + rows
                      + "')"))
          .isEqualTo(
              "id VARCHAR, at TIMESTAMP WITH TIME ZONE, income DOUBLE, region VARCHAR, debt DOUBLE,"
                  + " label VARCHAR, label_time TIMESTAMP WITH TIME ZONE, reasons VARCHAR[], weight DOUBLE, split VARCHAR");
      sql.execute(
          "create temp table log as select * from read_json('"
              + events
              + "', format='newline_delimited', ignore_errors=true,"
              + " columns={id: 'VARCHAR', truth: 'VARCHAR', income: 'DOUBLE'})");
      String foreign =
          "select count(*) from '"
              + rows
              + "' s anti join log on log.id = s.id and log.truth = s.label"
              + " and coalesce(log.income, -1) = coalesce(s.income, -1)";
      assertThat(one(sql, foreign)).isEqualTo("0");
      assertThat(one(sql, "select count(*) - count(distinct id) from '" + rows + "'"))
          .isEqualTo("0");
      assertThat(one(sql, "select count(*) from '" + rows + "' where email is not null"))
          .as("masked without a key")
          .isEqualTo("0");
      double weight = Double.parseDouble(one(sql, "select sum(weight) from '" + rows + "'"));
      double profiled = truth().get("expected_rows").get("profiled").asDouble();
      assertThat(weight).isBetween(.85 * profiled, 1.15 * profiled);
      assertThat(
              one(
                  sql,
                  "select max(n) from (select count(*) n from '"
                      + rows
                      + "' group by"
                      + " time_bucket(interval '12 hours', \"at\"))"))
          .isEqualTo("300");
    }
  }

  private static String one(Statement sql, String query) throws Exception {
    try (ResultSet result = sql.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  @Test
  void masksWithAKeyAndNeverShowsTheClearText() throws Exception {
    Path key = Files.writeString(folder.resolve("key"), "secret");
    Path masked = folder.resolve("masked");
    assertThat(log.monitor(log.events(), masked, "--mask-key=" + key).code()).isZero();
    for (Path file : Cli.files(masked)) {
      String bytes = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(bytes).as(file.toString()).doesNotContain("email of row");
    }
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      String rows = masked.resolve("snapshots/loans/*/*.parquet").toString();
      assertThat(one(sql, "select min(length(email)) from '" + rows + "'")).isEqualTo("64");
      assertThat(one(sql, "select min(note) from '" + rows + "'")).startsWith("note of row");
    }
  }

  @Test
  void parquetAndJsonLinesGiveTheSameFindings() throws Exception {
    Log parquet = Log.simulate(folder.resolve("parquet"), "parquet", 3000);
    Log lines = Log.simulate(folder.resolve("lines"), "jsonl", 3000);
    List<String> texts = new ArrayList<>();
    for (Log one : List.of(parquet, lines)) {
      Path reference = one.folder.resolve("log/reference");
      Path results = one.folder.resolve("out");
      assertThat(one.monitor(reference, results).code()).isZero();
      texts.add(Cli.findings(results).toString());
    }
    assertThat(texts.get(0)).isEqualTo(texts.get(1));
  }

  @Test
  void tellsANewcomerWhatHappened() {
    assertThat(first.out())
        .contains("loans: read 12,000 rows from 1 file in")
        .contains("What rang, most often first:")
        .contains("Findings:   " + output.resolve("findings"))
        .contains("Snapshots:  6, the latest " + output.resolve("snapshots/loans"));
  }

  @Test
  void aStrayDateBringsForthItsOwnWindowOnly() throws Exception {
    Path events = Files.createDirectories(folder.resolve("stray-events"));
    for (Path file : Cli.files(log.events())) {
      Files.copy(file, events.resolve(file.getFileName()));
    }
    Files.writeString(
        events.resolve("stray.jsonl"),
        """
        {"id": "a", "at": "0001-01-01T00:00:00Z", "p": 0.5, "guess": "1"}
        {"id": "b", "at": "9999-12-31T23:59:59Z", "p": 0.5, "guess": "1"}
        """);
    Path stray = folder.resolve("stray");
    assertThat(log.monitor(events, stray).code()).isZero();
    assertThat(Cli.files(stray.resolve("findings")))
        .filteredOn(file -> file.getFileName().toString().startsWith("part-"))
        .hasSize(12 + 2);
  }
}
