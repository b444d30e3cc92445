package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were made or collected on request, through the whole program. */
class AugmentedTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {income: numeric, debt: numeric, region: categorical, product: categorical}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P1D, rows: 300, columns: [household], group: household}
      """;

  @TempDir Path folder;

  private static String ask(String query) throws Exception {
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static String parts(Path output, String period) throws Exception {
    List<String> parts = new ArrayList<>();
    for (Path file : Cli.files(output.resolve("snapshots/loans/" + period))) {
      if (file.toString().endsWith(".parquet")) {
        parts.add("'" + file + "'");
      }
    }
    return "read_parquet([" + String.join(",", parts) + "])";
  }

  private static JsonNode manifest(Path output, String period) throws Exception {
    Path latest = output.resolve("snapshots/loans/" + period);
    return JSON.readTree(latest.resolve("manifest.json").toFile());
  }

  private static List<ObjectNode> rows(Path events) throws Exception {
    List<ObjectNode> rows = new ArrayList<>();
    for (Path file : Cli.files(events)) {
      for (String line : Files.readAllLines(file)) {
        rows.add((ObjectNode) JSON.readTree(line));
      }
    }
    return rows;
  }

  private static List<String> days(List<ObjectNode> rows) {
    return rows.stream()
        .map(row -> row.get("at").asText().substring(0, 10))
        .distinct()
        .sorted()
        .toList();
  }

  private static Path write(Path folder, String name, List<ObjectNode> rows) throws Exception {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name), rows.stream().map(ObjectNode::toString).toList());
    return folder;
  }

  /** A row that is like one of the log, but for its id, income and what the model never saw. */
  private static ObjectNode made(ObjectNode row, int number, String household) {
    ObjectNode made = row.deepCopy();
    made.remove(List.of("p", "guess"));
    made.put("id", "made-" + number);
    made.put("income", 1000.5 + number);
    made.put("truth", "1");
    made.put("request_id", "request-" + number % 3);
    if (household == null) {
      made.remove("household");
    } else {
      made.put("household", household);
    }
    return made;
  }

  private Log log(String spec) throws Exception {
    Log log = Log.of(folder, spec, 12_000, "--windows=12", "--drift=default", "--clean");
    for (Path file : Cli.files(log.events())) {
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        ObjectNode row = (ObjectNode) JSON.readTree(line);
        String id = row.get("id").asText();
        row.put("household", "h" + id.substring(Math.max(0, id.length() - 3)));
        lines.add(row.toString());
      }
      Files.write(file, lines);
    }
    return log;
  }

  @Test
  void goToTrainAndNowhereElse() throws Exception {
    Log log = log(SPEC);
    List<ObjectNode> logged = rows(log.events());
    List<String> days = days(logged);
    assertThat(days).hasSizeGreaterThan(2);
    String period = days.get(1).replace("-", "") + "T000000Z";
    List<ObjectNode> secondDay =
        logged.stream().filter(row -> row.get("at").asText().startsWith(days.get(1))).toList();
    List<ObjectNode> made = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      made.add(made(secondDay.get(i), i, i % 2 == 0 ? null : "h" + (100 + i)));
    }
    for (int i = 400; i < 440; i++) { // the log's own ids
      made.add(made(secondDay.get(i), i, null).put("id", secondDay.get(i).get("id").asText()));
    }
    made.add(made(secondDay.get(0), 440, null).put("at", "2024-03-01T00:00:00Z"));
    Path augmented = write(folder.resolve("augmented"), "a.jsonl", made.subList(0, 200));
    ObjectNode unlabelled = made(secondDay.get(1), 500, null);
    unlabelled.remove("truth");
    List<ObjectNode> rest = new ArrayList<>(made.subList(200, made.size()));
    rest.add(unlabelled);
    rest.add(made(secondDay.get(1), 501, null).put("at", "someday"));
    write(augmented, "b.jsonl", rest);

    Path alone = folder.resolve("alone");
    assertThat(log.monitor(log.events(), alone).code()).isZero();
    Path output = folder.resolve("out");
    String option = "--augmented=" + augmented;
    Cli.Result result = log.monitor(log.events(), output, option);
    assertThat(result.code()).as(result.out() + result.err()).isZero();

    // Nothing but snapshots and what tells of unusable rows is another.
    String[] others = {"snapshots", "dead-letters"};
    TreeMap<String, String> before = Log.results(alone, others);
    assertThat(before.keySet().stream().map(path -> path.split("/")[0]).distinct())
        .contains("statistics", "findings", "performance", "slices", "label-issues", "acquisition");
    before.keySet().removeIf(path -> path.startsWith("acquisition"));
    TreeMap<String, String> after = Log.results(output, others);
    after.keySet().removeIf(path -> path.startsWith("acquisition"));
    assertThat(after).isEqualTo(before);

    String rows = parts(output, period);
    JsonNode manifest = manifest(output, period);
    JsonNode told = manifest.get("augmented");
    long taken = told.get("taken").asLong();
    assertThat(manifest.get("rows").asLong()).isEqualTo(300);
    assertThat(told.get("rows").asLong()).isEqualTo(440);
    assertThat(told.get("copies").asLong()).isPositive();
    assertThat(told.get("other_split").asLong()).isBetween(15L, 75L); // a fifth of 200 groups
    assertThat(
            taken
                + told.get("copies").asLong()
                + told.get("other_split").asLong()
                + told.get("not_needed").asLong())
        .isEqualTo(440);
    assertThat(ask("select count(*) from " + rows + " where origin = 'augmented'"))
        .isEqualTo("" + taken);
    assertThat(
            ask(
                "select count(*) from "
                    + rows
                    + " where origin = 'augmented' and split = 'train' and weight = 1 and"
                    + " reasons = ['augmented'] and request_id = 'request-' ||"
                    + " (substr(id, 6)::int % 3) and id like 'made-%'"))
        .isEqualTo("" + taken);
    // As many as there may be, and no more.
    long trained = Long.parseLong(ask("select count(*) from " + rows + " where split = 'train'"));
    assertThat(taken).isLessThanOrEqualTo((long) (.2 * trained)).isGreaterThan(trained / 5 - 3);
    assertThat(ask("select count(*) from " + rows + " where origin = 'log' and request_id is null"))
        .isEqualTo("" + (300 - taken));
    // No household is in two splits.
    assertThat(
            ask(
                "select count(*) from (select household from "
                    + rows
                    + " where household is not null group by household having count(distinct"
                    + " split) > 1)"))
        .isEqualTo("0");
    assertThat(Files.readString(output.resolve("snapshots/loans/" + period + "/card.md")))
        .contains(taken + " of 440 are here, in the split `train` only");
    assertThat(result.out())
        .contains("Augmented: read 443 rows; ")
        .contains(" 1 of periods without a snapshot of this run, 2 dead letters.")
        .contains("1 row label_missing, the first at ")
        .contains("1 row time_unreadable, the first at ");

    // The same rows in another order, and again, are the same snapshots.
    Path again = folder.resolve("again");
    Path shuffled = log.shuffled(augmented, 7, 3);
    assertThat(log.monitor(log.events(), again, "--augmented=" + shuffled).code()).isZero();
    assertThat(Log.results(again, "dead-letters")).isEqualTo(Log.results(output, "dead-letters"));
    TreeMap<String, String> first = Log.results(output);
    assertThat(log.monitor(log.events(), output, option).code()).isZero();
    assertThat(Log.results(output)).isEqualTo(first);

    // A run that was not given them leaves the snapshot as it is.
    Cli.Result without = log.monitor(log.events(), output);
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err())
        .contains("stays as it is: " + taken + " rows of it came from --augmented");
    assertThat(manifest(output, period)).isEqualTo(manifest);

    // A run a day, each given all of them, is one run.
    Path daily = folder.resolve("daily");
    for (String day : days) {
      Cli.Result run =
          log.monitor(
              log.events(),
              daily,
              option,
              "--from=" + day + "T00:00:00Z",
              "--to=" + LocalDate.parse(day).plusDays(1) + "T00:00:00Z");
      assertThat(run.code()).as(run.err()).isZero();
    }
    assertThat(snapshots(daily)).isEqualTo(snapshots(again));
  }

  private static TreeMap<String, String> snapshots(Path output) throws Exception {
    TreeMap<String, String> snapshots = Log.results(output);
    snapshots.keySet().removeIf(path -> !path.startsWith("snapshots"));
    assertThat(snapshots).isNotEmpty();
    return snapshots;
  }

  /** Where labels are joined the rows have theirs in a column of that name. */
  @Test
  void areLabelledWhereLabelsAreJoined() throws Exception {
    String spec =
        SPEC.replace(",\n    label: truth}", "}")
                .replace("columns: [household], group: household", "quotas: {augmented: 0.5}")
            + "labels: {format: jsonl, id: ref, value: truth, time: when, horizon: P1D}\n";
    Log log = log(spec);
    List<ObjectNode> made = new ArrayList<>();
    List<ObjectNode> logged = rows(log.events());
    String period = days(logged).get(0).replace("-", "") + "T000000Z";
    for (ObjectNode row : logged.subList(0, 500)) {
      ObjectNode own = made(row, made.size(), null).put("label", made.size() % 2 == 0 ? "1" : "0");
      own.remove("truth");
      made.add(own);
    }
    Path augmented = write(folder.resolve("augmented"), "a.jsonl", made);
    Path output = folder.resolve("out");
    Cli.Result result =
        log.monitor(log.events(), output, "--labels=" + log.labels(), "--augmented=" + augmented);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(Cli.files(output.resolve("snapshots/loans")).toString()).contains(period);
    String rows = parts(output, period);
    assertThat(
            ask(
                "select count(*) from "
                    + rows
                    + " where origin = 'augmented' and label = (1 - substr(id, 6)::int %"
                    + " 2)::varchar and label_time = \"at\""))
        .isEqualTo("" + manifest(output, period).at("/augmented/taken").asLong());
    long trained = Long.parseLong(ask("select count(*) from " + rows + " where split = 'train'"));
    assertThat(manifest(output, period).at("/augmented/taken").asLong())
        .isBetween(trained / 2 - 2, trained / 2);
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Log log = log(SPEC);
    Path output = folder.resolve("out");
    Path unlabelled = folder.resolve("unlabelled");
    List<ObjectNode> rows = new ArrayList<>();
    for (ObjectNode row : rows(log.events()).subList(0, 10)) {
      ObjectNode own = made(row, rows.size(), null);
      own.remove("truth");
      rows.add(own);
    }
    write(unlabelled, "a.jsonl", rows);
    Cli.Result result = log.monitor(log.events(), output, "--augmented=" + unlabelled);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("10 of 10 augmented rows of model loans are unusable, more than events.max_bad")
        .contains("10 rows label_missing");

    Cli.Result none = log.monitor(log.events(), output, "--augmented=" + folder.resolve("none"));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("none: no such file");
    Cli.Result topic =
        log.monitor(log.events(), output, "--augmented=kafka://localhost:1/rows?until=latest");
    assertThat(topic.code()).isEqualTo(2);
    assertThat(topic.err()).contains("takes files");
    log.change("snapshot: .*\n", "snapshot: off\n");
    Cli.Result off = log.monitor(log.events(), output, "--augmented=" + unlabelled);
    assertThat(off.code()).isEqualTo(2);
    assertThat(off.err()).contains("snapshot: off, so nothing would take the rows");
  }
}
