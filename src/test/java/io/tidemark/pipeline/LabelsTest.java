package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels from a source of their own, joined by the whole program. */
class LabelsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String SPEC =
      Log.SPEC.replace("  label: truth\n", "").replace("FORMAT", "jsonl")
          + "labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}\n";
  private static final String WITH_OWN =
      Log.SPEC.replace("FORMAT", "jsonl")
          + "labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}\n";

  @TempDir static Path folder;
  private static Log log;
  private static Path output;
  private static Cli.Result first;

  @BeforeAll
  static void runOnce() throws Exception {
    log = Log.of(folder.resolve("log"), SPEC, 12_000);
    output = folder.resolve("out");
    first = log.monitor(log.events(), output, "--labels=" + log.labels());
    assertThat(first.code()).as(first.err()).isZero();
  }

  private static JsonNode truth(Log of) throws Exception {
    return JSON.readTree(of.folder.resolve("log/truth.json").toFile());
  }

  private static JsonNode record(Path run) throws Exception {
    return JSON.readTree(Cli.files(run.resolve("runs")).get(0).toFile());
  }

  private static List<JsonNode> lines(Path run, String table) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (Path file : Cli.files(run.resolve(table))) {
      for (String line : Files.readAllLines(file)) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  private static void assertAsPlanted(Log of, Path run) throws Exception {
    JsonNode record = record(run);
    for (String part : List.of("label_classes", "predictions")) {
      JsonNode found = record.get(part.replace("label_classes", "labels"));
      truth(of)
          .get("expected_" + part)
          .properties()
          .forEach(
              count ->
                  assertThat(found.get(count.getKey()).asLong())
                      .as(part + " " + count.getKey())
                      .isEqualTo(count.getValue().asLong()));
      assertThat(found.get("balanced").asBoolean()).isTrue();
    }
    assertThat(record.get("predictions").get("predictions"))
        .isEqualTo(record.get("rows").get("profiled"));
  }

  @Test
  void accountsForEveryLabelAndPredictionAsPlanted() throws Exception {
    assertAsPlanted(log, output);
    assertThat(truth(log).get("expected_label_classes").get("conflicting").asLong()).isPositive();
    assertThat(first.out()).contains("conflicting").contains("Labels that label nothing: ");
  }

  @Test
  void listsWhatLabelsNothingAndWhatHasNoLabel() throws Exception {
    Map<String, Long> classes = new HashMap<>();
    for (JsonNode line : lines(output, "unjoined-labels")) {
      classes.merge(line.get("class").asText(), 1L, Long::sum);
      assertThat(line.get("class").asText().equals("orphan"))
          .isEqualTo(line.get("id").asText().startsWith("orphan-"));
      List<String> source = Files.readAllLines(Path.of(line.get("file").asText()));
      String bytes = String.join("\n", source).substring(line.get("position").asInt());
      assertThat(bytes.lines().findFirst().orElse("")).contains(line.get("id").asText());
    }
    JsonNode expected = truth(log).get("expected_label_classes");
    for (String name : List.of("duplicate", "conflicting", "orphan", "too_late")) {
      assertThat(classes.get(name)).as(name).isEqualTo(expected.get(name).asLong());
    }
    long unlabelled = 0;
    for (JsonNode window : lines(output, "label-coverage")) {
      unlabelled += window.get("unlabelled").asLong();
      assertThat(window.get("unlabelled_ids")).hasSize(window.get("unlabelled").asInt());
    }
    assertThat(unlabelled)
        .isEqualTo(truth(log).get("expected_predictions").get("unlabelled").asLong());
    Map<String, Long> reasons = new HashMap<>();
    lines(output, "dead-letters")
        .forEach(line -> reasons.merge(line.get("reason").asText(), 1L, Long::sum));
    assertThat(reasons.get("label_missing")).isEqualTo(expected.get("dead_lettered").asLong());
  }

  @Test
  void doesNotDependOnOrderFilesOrRunner() throws Exception {
    String[] leftOut = {"dead-letters", "unjoined-labels"};
    TreeMap<String, String> expected = Log.results(output, leftOut);
    Path events = log.shuffled(7, 9);
    String labels = "--labels=" + log.shuffled(log.labels(), 5, 7);
    Path direct = folder.resolve("direct");
    assertThat(log.monitor(events, direct, labels).code()).isZero();
    assertThat(Log.results(direct, leftOut)).isEqualTo(expected);
    Path flink = folder.resolve("flink");
    Cli.Result result =
        log.monitor(events, flink, labels, "--runner=FlinkRunner", "--parallelism=2");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Log.results(flink)).isEqualTo(Log.results(direct));
  }

  @Test
  void snapshotsHoldTheJoinedLabelsAndNoDisputedRow() throws Exception {
    String rows = output.resolve("snapshots/loans/*/*.parquet").toString();
    String labels = log.labels().resolve("*.jsonl").toString();
    String source =
        " from read_json('"
            + labels
            + "', format='newline_delimited', columns={id: 'VARCHAR', \"is\": 'VARCHAR', known:"
            + " 'TIMESTAMPTZ'})";
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute(
          "create temp table firsts as select id, arg_min(\"is\", known) as said, min(known) as at,"
              + " count(distinct \"is\") > 1 as disputed"
              + source
              + " where \"is\" is not null group by id");
      String joined = " from '" + rows + "' s left join firsts f on f.id = s.id ";
      assertThat(number(sql, "select count(*)" + joined)).isGreaterThan(1000);
      assertThat(
              number(
                  sql,
                  "select count(*)"
                      + joined
                      + "where s.label is not null"
                      + " and (s.label <> f.said or s.label_time <> f.at)"))
          .isZero();
      assertThat(
              number(
                  sql,
                  "select count(*)"
                      + joined
                      + "where (s.label is null) <> (s.split = 'unlabelled')"))
          .isZero();
      assertThat(number(sql, "select count(*)" + joined + "where f.disputed")).isZero();
      assertThat(
              number(
                  sql,
                  "select count(*)"
                      + joined
                      + "where s.label is null and f.at <= s.\"at\" + interval 1 day"))
          .isZero();
    }
    long disputed = 0;
    for (Path file : Cli.files(output.resolve("snapshots"))) {
      if (file.endsWith("manifest.json")) {
        disputed += JSON.readTree(file.toFile()).get("disputed").asLong();
      }
    }
    assertThat(disputed).isEqualTo(truth(log).get("expected_predictions").get("disputed").asLong());
  }

  private static long number(Statement sql, String query) throws Exception {
    try (ResultSet result = sql.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void leavesOutLabelsAfterAsOfAndKnowsThoseOfOtherPredictions() throws Exception {
    Path part = folder.resolve("part");
    Cli.Result result =
        log.monitor(
            log.events(),
            part,
            "--labels=" + log.labels(),
            "--as-of=2024-01-05T00:00:00Z",
            "--to=2024-01-04T18:00:00Z");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode labels = record(part).get("labels");
    assertThat(labels.get("after_as_of").asLong()).isPositive();
    assertThat(labels.get("out_of_range").asLong()).isPositive();
    assertThat(labels.get("balanced").asBoolean()).isTrue();
    Path repeated = folder.resolve("repeated");
    for (int i = 0; i < 2; i++) {
      log.monitor(
          log.events(),
          repeated,
          "--labels=" + log.labels(),
          "--as-of=2024-01-05T00:00:00Z",
          "--to=2024-01-04T18:00:00Z");
    }
    assertThat(Log.results(repeated)).isEqualTo(Log.results(part));
  }

  @Test
  void labelsOfTheLogItselfComeFirst() throws Exception {
    Log own = Log.of(folder.resolve("own"), WITH_OWN, 4000);
    Path run = folder.resolve("own-out");
    Cli.Result result = own.monitor(own.events(), run, "--labels=" + own.labels());
    assertThat(result.code()).as(result.err()).isZero();
    assertAsPlanted(own, run);
  }

  @ParameterizedTest
  @CsvSource({"csv, parquet", "parquet, avro", "avro, csv"})
  void readsLabelsOfEveryFormat(String events, String labels) throws Exception {
    String spec =
        SPEC.replace("format: jsonl\n", "format: " + events + "\n")
            .replace("applicant.debt", "debt")
            .replace("labels: {format: jsonl", "labels: {format: " + labels);
    Log mixed = Log.of(folder.resolve(events), spec, 3000);
    Path run = folder.resolve("out-" + events);
    Cli.Result result = mixed.monitor(mixed.events(), run, "--labels=" + mixed.labels());
    assertThat(result.code()).as(result.err()).isZero();
    assertAsPlanted(mixed, run);
  }

  @Test
  void joinsNumbersToo() throws Exception {
    String spec =
        """
        model: loans
        task: regression
        events: {format: parquet, id: id, time: at, prediction: {value: y}}
        features: {income: numeric, region: categorical}
        window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
        labels: {id: id, value: is, time: known, horizon: P1D}
        snapshot: {period: PT12H, rows: 300}
        """;
    Log numbers = Log.of(folder.resolve("numbers"), spec, 3000);
    Path run = folder.resolve("numbers-out");
    Cli.Result result = numbers.monitor(numbers.events(), run, "--labels=" + numbers.labels());
    assertThat(result.code()).as(result.err()).isZero();
    assertAsPlanted(numbers, run);
  }

  @Test
  void showsHiddenIdsAndLabelsNowhere() throws Exception {
    Log hidden = Log.of(folder.resolve("hidden"), SPEC, 3000);
    hidden.change("mask: \\[email\\]", "mask: [email, id, is]");
    Path key = Files.writeString(folder.resolve("key"), "secret");
    Path run = folder.resolve("hidden-out");
    Cli.Result result =
        hidden.monitor(hidden.events(), run, "--labels=" + hidden.labels(), "--mask-key=" + key);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(lines(run, "unjoined-labels")).isNotEmpty();
    for (JsonNode line : lines(run, "unjoined-labels")) {
      assertThat(line.get("id").asText()).hasSize(64);
      assertThat(line.get("value").asText()).hasSize(64);
    }
    for (JsonNode window : lines(run, "label-coverage")) {
      window.get("unlabelled_ids").forEach(id -> assertThat(id.asText()).hasSize(64));
    }
    for (JsonNode letter : lines(run, "dead-letters")) {
      assertThat(letter.toString()).doesNotContain("e-0000");
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Path no = folder.resolve("no");
    Cli.Result kafka = log.monitor(log.events(), no, "--labels=kafka://host:1/labels");
    assertThat(kafka.code()).isEqualTo(2);
    assertThat(kafka.err())
        .contains("--labels=kafka://host:1/labels: only monitor's --events follow a topic");
    Cli.Result gone = log.monitor(log.events(), no, "--labels=" + folder.resolve("gone"));
    assertThat(gone.code()).isEqualTo(2);
    assertThat(gone.err()).contains("no such file");
    Cli.Result time =
        log.monitor(log.events(), no, "--labels=" + log.labels(), "--as-of=yesterday");
    assertThat(time.code()).isEqualTo(2);
    assertThat(time.err()).contains("--as-of=yesterday: is no time");
    Log without = Log.of(folder.resolve("without"), SPEC, 1000);
    Cli.Result none = without.monitor(without.events(), folder.resolve("none"));
    assertThat(none.code()).as(none.err()).isZero();
    assertThat(none.err()).contains("labels: without --labels none are joined");
    without.change("(?s)labels: .*", "");
    Cli.Result section = without.monitor(without.events(), no, "--labels=" + log.labels());
    assertThat(section.code()).isEqualTo(2);
    assertThat(section.err()).contains("does not say how labels are read");
    assertThat(no).doesNotExist();
  }

  @Test
  void theBaselineTakesLabels() throws Exception {
    Cli.Result result =
        Cli.run(
            "baseline",
            "--spec=" + log.spec,
            "--events=" + log.events(),
            "--labels=" + log.labels(),
            "--output=" + folder.resolve("labelled.avro"));
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode expected = truth(log).get("expected_label_classes");
    assertThat(result.out())
        .contains(
            String.format(java.util.Locale.ROOT, "%,d labels", expected.get("read").asLong()));
  }
}
