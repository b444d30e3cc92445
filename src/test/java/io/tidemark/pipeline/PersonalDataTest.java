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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Personal data in free text is in nothing that shows rows, through the whole program. */
class PersonalDataTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPEC =
      """
      model: m
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"},
          label: truth}
      features: {x: numeric, contact: categorical}
      window: {size: P1D, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P2D, rows: 400, columns: [note, plain]MORE}
      """;

  @TempDir Path folder;

  private static String line(int day, int i) throws Exception {
    int truth = i % 2;
    double score = truth == 1 ? .8 + i % 19 / 100. : .2 - i % 19 / 100.;
    boolean flipped = i % 20 < 2; // of which a queue is made
    var line = JSON.createObjectNode();
    line.put("id", "d" + day + "-" + i);
    line.put("at", String.format(Locale.ROOT, "2024-01-%02dT%02d:%02d:00Z", day, i / 60, i % 60));
    line.put("p", score);
    line.put("guess", String.valueOf(truth));
    line.put("truth", String.valueOf(flipped ? 1 - truth : truth));
    line.put("x", i * .5);
    line.put("contact", i % 50 == 1 ? "+49 30 1234567" : i % 2 == 0 ? "post" : "none");
    line.put("note", i % 4 == 0 ? "from ann" + i + "@example.com" : "nothing said");
    line.put("plain", "order " + (1_000_000_000L + i));
    return line.toString();
  }

  private Path log(int first, int last) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int day = first; day <= last; day++) {
      for (int i = 0; i < 300; i++) {
        lines.add(line(day, i));
      }
    }
    return Files.write(folder.resolve("log-" + first + ".jsonl"), lines);
  }

  private Cli.Result monitor(String more, Path log, Path output, String... options)
      throws Exception {
    Path spec = Files.writeString(folder.resolve("spec.yaml"), SPEC.replace("MORE", more));
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + log,
                "--baseline=" + folder.resolve("baseline.avro"),
                "--output=" + output));
    args.addAll(Arrays.asList(options));
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private static String ask(String query) throws Exception {
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  /** Rows, and how many of them have a note, a contact and a plain text. */
  private static String counts(Path parquet) throws Exception {
    return ask(
        "select concat_ws(' ', count(note), count(contact), count(plain) = count(*)) from '"
            + parquet
            + "'");
  }

  private static JsonNode manifest(Path snapshot) throws Exception {
    return JSON.readTree(snapshot.resolve("manifest.json").toFile());
  }

  private static Path part(Path snapshot) throws Exception {
    return snapshot.resolve(manifest(snapshot).at("/files/0/name").asText());
  }

  @Test
  void itIsShownOnlyWhereTheSpecAllowsIt() throws Exception {
    Path spec = Files.writeString(folder.resolve("b.yaml"), SPEC.replace("MORE", ""));
    Path baseline = folder.resolve("baseline.avro");
    Cli.Result built =
        Cli.run("baseline", "--spec=" + spec, "--events=" + log(1, 8), "--output=" + baseline);
    assertThat(built.code()).as(built.err()).isZero();
    Path log = log(9, 10);
    Path output = folder.resolve("out");
    Cli.Result first = monitor("", log, output);
    assertThat(first.err())
        .contains("shows nothing of column contact: among its values is what looks like ")
        .contains(" phone numbers. Mask or exclude it")
        .contains("It is a feature: until then nothing can be trained on it\n")
        .contains("shows nothing of column note: among its values is what looks like ")
        .contains("review/ shows nothing of column note: among its values is what looks like ")
        .doesNotContain("column plain");
    Path model = output.resolve("snapshots/m");
    String period = Files.readString(model.resolve("LATEST")).strip();
    Path snapshot = model.resolve(period);
    Path part = part(snapshot);
    byte[] bytes = Files.readAllBytes(part);
    assertThat(counts(part)).isEqualTo("0 0 true");
    assertThat(manifest(snapshot).at("/personal/1/column").asText()).isEqualTo("note");
    assertThat(manifest(snapshot).at("/personal/1/rows").asLong())
        .isEqualTo(
            Long.parseLong(
                ask(
                    "select count(*) from '"
                        + part
                        + "' where "
                        + "split_part(row_id, '-', 2)::int % 4 = 0")));
    assertThat(Files.readString(snapshot.resolve("card.md"))).contains("- `note` shows nothing");

    Path review = output.resolve("review/model=m/period=" + period);
    List<Path> queues = Cli.files(review);
    assertThat(queues).hasSize(2);
    for (Path queue : queues) {
      assertThat(ask("select count(*) > 10 from '" + queue + "'")).isEqualTo("true");
      assertThat(ask("select count(note) from '" + queue + "'")).isEqualTo("0");
    }
    for (Path file : Cli.files(output.resolve("label-quality"))) {
      for (String line : Files.readAllLines(file)) {
        assertThat(JSON.readTree(line).path("blocked_columns").toString()).contains("\"note\"");
      }
    }
    Path sheet = folder.resolve("sheet.csv");
    Cli.Result exported = Cli.run("review", "--output=" + output, "--export=" + sheet);
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(Files.readString(sheet)).contains("note").doesNotContain("@");

    // A run over a part of the period that allows it replaces all of the snapshot.
    String allowed = ", allow_personal: [note, contact]";
    Cli.Result second = monitor(allowed, log, output, "--from=2024-01-10T00:00:00Z");
    assertThat(second.err()).doesNotContain("shows nothing");
    assertThat(counts(part(snapshot))).isEqualTo("400 400 true");
    assertThat(manifest(snapshot).path("personal")).isEmpty();
    assertThat(manifest(snapshot).path("supersedes").isTextual()).isTrue();
    assertThat(ask("select bool_or(note like '%@%') from '" + review + "/*.parquet'"))
        .isEqualTo("true");

    // And back again, to the byte.
    monitor("", log, output, "--from=2024-01-10T00:00:00Z");
    assertThat(part(snapshot)).hasBinaryContent(bytes);
    assertThat(part(snapshot)).isEqualTo(part);
  }
}
