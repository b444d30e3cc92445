package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.store.ContentHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What to train on next, and why, through the whole program. */
class CurationTest {
  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {income: numeric, region: categorical, product: categorical, debt: numeric,
          tenure: numeric}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      slices: off
      label_issues: off
      """;

  @TempDir Path folder;

  /** The answer to a query of one cell. */
  private static String ask(String query) throws Exception {
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static String parts(Path output) throws Exception {
    List<String> parts = new ArrayList<>();
    for (Path file : Cli.files(output.resolve("snapshots"))) {
      if (file.toString().endsWith(".parquet")) {
        parts.add("'" + file + "'");
      }
    }
    return "read_parquet([" + String.join(",", parts) + "])";
  }

  private Path run(String snapshot, String... simulate) throws Exception {
    Log log = Log.of(folder, SPEC + "snapshot: " + snapshot + "\n", 12_000, simulate);
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(log.events(), output);
    assertThat(result.code()).as(result.err()).isZero();
    return output;
  }

  @Test
  void eachReasonHasItsKindOfRows() throws Exception {
    Path output =
        run(
            "{period: P3D, rows: 1000, columns: [guess, truth, p],"
                + " quotas: {error: 0.2, uncertain: 0.2, new_category: 0.1}}");
    String rows = parts(output);
    String because = " from " + rows + " where list_contains(reasons, '%s')";
    assertThat(ask("select count(*)" + because.formatted("error") + " and guess = truth"))
        .isEqualTo("0");
    assertThat(ask("select max(abs(2 * p - 1)) < .5" + because.formatted("uncertain")))
        .isEqualTo("true");
    assertThat(
            ask(
                "select count(*)"
                    + because.formatted("new_category")
                    + " and 'never_seen_before' not in (region, product)"))
        .isEqualTo("0");
    for (String reason : List.of("base", "error", "uncertain", "new_category")) {
      assertThat(Long.parseLong(ask("select count(*)" + because.formatted(reason))))
          .as(reason)
          .isPositive();
    }
    assertThat(ask("select count(*)" + because.formatted("drifted"))).isEqualTo("0");
    // One period, as many rows as asked for; weighted they stand for all there were.
    assertThat(Long.parseLong(ask("select count(*) from " + rows))).isBetween(990L, 1000L);
    assertThat(Double.parseDouble(ask("select sum(weight) from " + rows)))
        .isBetween(9_000., 15_000.);
  }

  /** Rows that were logged twice, under another id and with a little noise. */
  @Test
  void rowsThatAreTheSameButForNoiseAreThereOnce() throws Exception {
    Log log = Log.of(folder, SPEC + "snapshot: {period: P3D, rows: 1000}\n", 12_000, "--clean");
    Path once = folder.resolve("once");
    assertThat(log.monitor(log.events(), once).code()).isZero();
    Path twice = Files.createDirectories(folder.resolve("twice"));
    ObjectMapper json = new ObjectMapper();
    for (Path file : Cli.files(log.events())) {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      for (String line : List.copyOf(lines)) {
        ObjectNode row = (ObjectNode) json.readTree(line);
        if (row.path("income").isNumber()) {
          row.put("id", "copy-" + row.get("id").asText());
          row.put("income", row.get("income").asDouble() * (1 + 1e-9));
          lines.add(row.toString());
        }
      }
      Files.write(twice.resolve(file.getFileName()), lines);
    }
    Path output = folder.resolve("out");
    Cli.Result result = log.monitor(twice, output);
    assertThat(result.code()).as(result.err()).isZero();
    String pairs =
        "select count(*) from (select replace(id, 'copy-', '') n from %s where income is not null"
            + " group by n having count(*) > 1)";
    assertThat(ask(pairs.formatted(parts(output)))).isEqualTo("0");
    JsonNode manifest = manifest(output);
    assertThat(manifest.get("near_duplicates").asInt())
        .isGreaterThan(10); // of rows that are in by chance with their copy
    assertThat(manifest(once).get("near_duplicates").asInt()).isZero();
    assertThat(manifest.get("rows").asInt()).isBetween(990, 1000);
    // All rows are twice there now, and the weights say so.
    String weights = "select sum(weight) from ";
    assertThat(Double.parseDouble(ask(weights + parts(output)))).isBetween(20_000., 27_000.);
    Path off = folder.resolve("off");
    Files.writeString(
        log.spec,
        Files.readString(log.spec).replace("rows: 1000", "rows: 1000, near_duplicates: off"));
    assertThat(log.monitor(twice, off).code()).isZero();
    assertThat(Integer.parseInt(ask(pairs.formatted(parts(off))))).isPositive();
  }

  private static JsonNode manifest(Path output) throws Exception {
    Path file =
        Cli.files(output.resolve("snapshots")).stream()
            .filter(each -> each.endsWith("manifest.json"))
            .findFirst()
            .orElseThrow();
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void aGroupIsInOneSplit() throws Exception {
    Path output = run("{period: P1D, rows: 2000, group: region}");
    String rows = parts(output);
    assertThat(
            ask(
                "select max(n) from (select count(distinct split) n from "
                    + rows
                    + " where region is not null group by region)"))
        .isEqualTo("1");
    assertThat(ask("select count(distinct split) > 1 from " + rows)).isEqualTo("true");
  }

  @Test
  void byTimeTheLastRowsAreToTestOn() throws Exception {
    Path output =
        run("{period: P3D, rows: 2000, split: {by: time, train: 0.7, validation: 0.1, test: 0.2}}");
    String rows = parts(output);
    String of = "select %s(\"at\") from " + rows + " where split = '%s'";
    String last = ask(of.formatted("max", "train"));
    assertThat(last).isLessThanOrEqualTo(ask(of.formatted("min", "validation")));
    assertThat(ask(of.formatted("max", "validation")))
        .isLessThanOrEqualTo(ask(of.formatted("min", "test")));
    assertThat(
            ask(
                "select abs(avg(case split when 'train' then 1 else 0 end) - .7) < .01 from "
                    + rows))
        .isEqualTo("true");
  }

  /** The card's line for DuckDB is run as it stands, in the snapshot's folder. */
  @Test
  void theCardSaysWhatIsInItAndHowToLoadIt() throws Exception {
    Path output = run("{period: P3D, rows: 500, columns: [p]}");
    Path model = output.resolve("snapshots/loans");
    Path folder = model.resolve(Files.readString(model.resolve("LATEST")).strip());
    String card = Files.readString(folder.resolve("card.md"));
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
    assertThat(card)
        .contains("# Training snapshot of loans")
        .contains("| base | " + manifest.at("/reasons/base").asLong() + " | rows of all kinds")
        .contains("| income | double | feature |")
        .contains("| label | string | label |")
        .contains("| p | double | prediction |")
        .contains("| row_id | string | id |")
        .contains("| weight | double | weight |")
        .contains("the truth stands in `label` alone: guess, truth. ")
        .doesNotContain("| guess |")
        .doesNotContain("| truth |");
    String query =
        card.substring(card.indexOf("SELECT"), card.indexOf(";", card.indexOf("SELECT")));
    String train = query.replace("['part-", "['" + folder + "/part-");
    assertThat(ask("select count(*) from (" + train + ")"))
        .isEqualTo(manifest.at("/splits/train").asText());
    JsonNode croissant = new ObjectMapper().readTree(folder.resolve("croissant.json").toFile());
    JsonNode part = croissant.at("/distribution/0");
    assertThat(part.path("sha256").asText())
        .isEqualTo(
            ContentHash.sha256(
                Files.readAllBytes(folder.resolve(part.path("contentUrl").asText()))));
    assertThat(croissant.at("/recordSet/1/field")).hasSameSizeAs(manifest.path("schema"));
    // Asked for other columns, a run over the same output gives the same rows with these.
    Path spec = this.folder.resolve("spec.yaml");
    Files.writeString(spec, Files.readString(spec).replace("columns: [p]", "columns: [truth]"));
    Cli.Result again =
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + this.folder.resolve("log/events"),
            "--baseline=" + this.folder.resolve("baseline.avro"),
            "--output=" + output);
    assertThat(again.code()).as(again.err()).isZero();
    JsonNode after = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
    assertThat(after.path("supersedes").isTextual()).isTrue();
    assertThat(after.path("left_out").toString()).isEqualTo("[\"guess\",\"p\"]");
    assertThat(after.path("splits")).isEqualTo(manifest.path("splits"));
    String columns =
        "select string_agg(column_name, ' ') from (describe select * from '"
            + folder.resolve(after.at("/files/0/name").asText())
            + "')";
    assertThat(ask(columns)).contains(" truth ").doesNotContain(" p ");
  }

  @Test
  void diffTellsWhatCameAndWentAndWhichLabelsChanged() throws Exception {
    Path output = run("{period: P3D, rows: 300}");
    Path before = folder.resolve("before");
    Path model = output.resolve("snapshots/loans");
    String period = Files.readString(model.resolve("LATEST")).strip();
    Files.createDirectories(before);
    for (Path file : Cli.files(model.resolve(period))) {
      Files.copy(file, before.resolve(file.getFileName()));
    }
    // The same log with each third row's truth turned round, and more rows asked for.
    Path log = folder.resolve("log/events");
    for (Path file : Cli.files(log)) {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      for (int i = 0; i < lines.size(); i += 3) {
        lines.set(
            i,
            lines.get(i).contains("\"truth\":\"1\"")
                ? lines.get(i).replace("\"truth\":\"1\"", "\"truth\":\"0\"")
                : lines.get(i).replace("\"truth\":\"0\"", "\"truth\":\"1\""));
      }
      Files.write(file, lines);
    }
    Path spec = folder.resolve("spec.yaml");
    Files.writeString(
        spec, Files.readString(spec).replace("rows: 300", "rows: 900, columns: [p, truth]"));
    Path other = folder.resolve("other");
    Cli.Result again =
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + log,
            "--baseline=" + folder.resolve("baseline.avro"),
            "--output=" + other);
    assertThat(again.code()).as(again.err()).isZero();
    Cli.Result diff =
        Cli.run("diff", before.toString(), other.resolve("snapshots/loans").toString());
    assertThat(diff.code()).as(diff.err()).isZero();
    assertThat(diff.out())
        .contains("A: loans from ")
        .contains("300 rows (" + before + ")")
        .contains("They are of different specs.\ncolumns only in B: p, truth\nonly in A: ")
        .containsPattern("only in B: \\d+ rows \\(\\d+ base")
        .containsPattern("label 0 -> 1: \\d+")
        .containsPattern("label 1 -> 0: \\d+")
        .containsPattern("split train: \\d+\\.\\d % -> ")
        .doesNotContain("  split ");
    Cli.Result same = Cli.run("diff", before.toString(), before.toString());
    assertThat(same.out()).contains("only in A: 0 rows\n").contains("in both: 300 ids\n");
    Cli.Result none = Cli.run("diff", before.toString(), folder.toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("holds no snapshot");
  }

  @Test
  void saysWhatIsWrongWithQuotas() throws Exception {
    TreeMap<String, String> wrong = new TreeMap<>();
    wrong.put("{quotas: {base: 0.9, error: 0.2}}", "quotas: must sum to 1 at most, not 1.1");
    wrong.put("{quotas: {augmented: 1}}", "augmented: must be from 0 to 0.9, not 1");
    wrong.put("{quotas: {lucky: 0.2}}", "lucky");
    wrong.put("{split: {by: size, train: 1}}", "by: ");
    TreeSet<String> unsaid = new TreeSet<>();
    for (var each : wrong.entrySet()) {
      Path spec = folder.resolve("s.yaml");
      Files.writeString(spec, SPEC + "snapshot: " + each.getKey() + "\n");
      Cli.Result result = Cli.run("validate", "--spec=" + spec);
      if (result.code() != 2 || !result.err().contains(each.getValue())) {
        unsaid.add(each.getKey() + ": " + result.err());
      }
    }
    assertThat(unsaid).isEmpty();
  }
}
