package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that no program should have written: a message or dead letters, and every row counted. */
class HostileInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: p, positive: 1}}
      features: {x: numeric, c: categorical, constant: numeric, gone: numeric}
      window: {size: P1D}
      """;

  @TempDir static Path shared;
  @TempDir Path folder;
  private static Path spec;
  private static Path baseline;
  private Path log;
  private Path output;

  @BeforeAll
  static void buildBaseline() throws Exception {
    spec = Files.writeString(shared.resolve("spec.yaml"), SPEC);
    baseline = shared.resolve("b.avro");
    Path reference = Files.writeString(shared.resolve("r.jsonl"), lines(600, 3));
    Cli.Result result =
        Cli.run(
            "baseline",
            "--spec=" + spec,
            "--events=" + reference,
            "--output=" + baseline,
            "--allow-empty-fields");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Cli.files(shared)).as("no leftovers").hasSize(3);
  }

  @BeforeEach
  void makeFolder() throws Exception {
    log = Files.createDirectory(folder.resolve("log"));
    output = folder.resolve("out");
  }

  private static String lines(int rows, int days) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      lines.append(
          "{\"i\":\"r%d\",\"t\":\"2024-01-0%dT10:00:00Z\",\"p\":%s,\"x\":%s,\"c\":\"%s\",\"constant\":1}%n"
              .formatted(i, 1 + i % days, i % 97 / 100.0, i % 89 - 44.0, "abc".charAt(i % 3)));
    }
    return lines.toString();
  }

  private static String csv(int rows) {
    StringBuilder lines = new StringBuilder("i,t,p,x,c,constant\n");
    for (int i = 0; i < rows; i++) {
      lines.append("c%d,2024-01-01,0.5,%d,a,1%n".formatted(i, i));
    }
    return lines.toString();
  }

  private static byte[] packed(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private void parquet(String name, String select) throws Exception {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      sql.execute("copy (" + select + ") to '" + log.resolve(name) + "' (format parquet)");
    }
  }

  private Cli.Result monitor(String... more) {
    String[] args = {
      "monitor", "--spec=" + spec, "--events=" + log, "--baseline=" + baseline, "--output=" + output
    };
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    Cli.Result result = Cli.run(all);
    assertThat(result.err()).doesNotContain("Exception", "\tat ", "at io.");
    return result;
  }

  private JsonNode rows() throws Exception {
    JsonNode run = JSON.readTree(Cli.files(output.resolve("runs")).get(0).toFile());
    assertThat(run.get("rows").get("balanced").asBoolean()).isTrue();
    return run.get("rows");
  }

  @Test
  void everyRowOfAHostileLogIsAccountedFor() throws Exception {
    String big = "x".repeat(10 << 20);
    Files.writeString(
        log.resolve("a.jsonl"),
        "\uFEFF"
            + lines(100, 3).replace("\n", "\r\n")
            + "{\"i\":\"big\",\"t\":0,\"p\":0.5,\"c\":\""
            + big
            + "\"}\n"
            + "[".repeat(50_000)
            + "\n"
            + "\0\0\u00fe\n\0{\0}\0\n\0\0\0{\n"
            + "\0".repeat(50)
            + "\n"
            + "{\"i\":\"twice\",\"t\":1704103200,\"p\":0.5,\"x\":\"no\",\"x\":3}\n"
            + "{\"i\":\"huge\",\"t\":1704103200,\"p\":0.5,\"x\":1e400}\n"
            + "{\"i\":\"long\",\"t\":1704103200,\"p\":0.5,\"x\":"
            + "9".repeat(400)
            + "}\n"
            + "{\"i\":\"late\",\"t\":\"9999-12-31T23:59:60Z\",\"p\":0.5}\n"
            + "{\"i\":\"early\",\"t\":\"0001-01-01\",\"p\":0.5}\n"
            + "{\"i\":\"later\",\"t\":\"292278994-08-17T07:12:55Z\",\"p\":0.5}\n"
            + "{\"i\":\"before\",\"t\":-9223372036854775808,\"p\":0.5}\n"
            + "{\"i\":\"nan\",\"t\":1704103200,\"p\":NaN}\n"
            + "{\"i\":\"inf\",\"t\":1704103200,\"p\":Infinity}\n"
            + "{\"i\":\"cut");
    Files.writeString(
        log.resolve("b.csv"),
        "\uFEFF"
            + csv(50).replace("i,t,p", "\"i\",t,p").replace("\n", "\r\n")
            + "q1,2024-01-01,.5,1\n"
            + "q2,2024-01-01,.5,1,a,1,1,1\n"
            + "q3,2024-01-01,.5,inf,a\0b,1\n"
            + "q4,2024-01-01,.5,\""
            + big
            + "\n"
            + "c1,2024-01-01,0.5,1,a,1");
    parquet(
        "c.parquet",
        "select 'p' || i as i, timestamp '2024-01-02' as t, i / 50 as p,"
            + " case i when 1 then 'nan'::double when 2 then 'inf'::double"
            + " when 3 then '-inf'::double else i end as x"
            + " from range(1, 51) t(i)");
    Cli.Result result = monitor("--from=2024-01-01", "--to=2024-01-10");
    assertThat(result.code()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("are unusable, more than events.max_bad allows");
    JsonNode rows = rows();
    // Bad lines: big, brackets, four of zeros, two times, NaN and the cut one; in CSV two that are
    // ragged and the big one.
    assertThat(rows.get("dead_lettered").asLong()).isEqualTo(10 + 3);
    assertThat(rows.get("out_of_range").asLong()).as("years 1 and 9999").isEqualTo(2);
    assertThat(rows.get("duplicate").asLong()).isEqualTo(1);
    assertThat(rows.get("profiled").asLong()).isEqualTo(100 + 4 + 50 + 1 + 50);
    assertThat(Cli.files(output.resolve("dead-letters"))).hasSize(2);
    for (JsonNode finding : Cli.findings(output)) {
      assertThat(finding.toString()).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void infinitiesStayOutOfTheMoments() throws Exception {
    Files.writeString(log.resolve("a.jsonl"), lines(300, 1));
    assertThat(monitor().code()).isZero();
    String before = moments();
    Files.writeString(
        log.resolve("b.csv"), csv(0) + "1,2024-01-01,.5,inf,a,1\n2,2024-01-01,.5,-inf,a,1\n");
    Files.writeString(
        log.resolve("c.jsonl"), "{\"i\":\"3\",\"t\":\"2024-01-01\",\"p\":0.5,\"x\":Infinity}\n");
    parquet("d.parquet", "select '4' i, date '2024-01-01' t, .5 p, 'inf'::double x, 1 constant");
    assertThat(monitor().code()).isZero();
    assertThat(moments()).isEqualTo(before);
    assertThat(query("sum(b.count) from (select unnest(bins) b from '%s' where field = 'x')"))
        .as("each is in a bin")
        .isEqualTo("304");
  }

  private String moments() throws Exception {
    return query("mean || ' ' || std || ' ' || min || ' ' || max from '%s' where field = 'x'");
  }

  private String query(String select) throws Exception {
    String files = output.resolve("statistics/*/*/*.parquet").toString();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement();
        ResultSet result = sql.executeQuery("select " + select.formatted(files))) {
      result.next();
      return result.getString(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "e.parquet | | not readable as Parquet: it is not a Parquet file (length is too low: 0)",
        "e.parquet | not Parquet at all | not readable as Parquet: it is text",
        "e.avro | | not readable as Avro",
        "e.avro | not Avro at all | not readable as Avro",
        "e.csv | | has no header line",
        "e.csv | i,t,p,p | has two columns named p",
        "e.csv | x | lacks i, t, p; it has x",
        "e.csv | Obj<1> | is Avro, not CSV",
        "e.jsonl | PAR1<1> | is Parquet, not JSON lines",
        "e.jsonl | PK<3><4> | is a zip archive, not JSON lines",
        "e.jsonl.gz | | cannot be read: it is empty",
        "e.jsonl.gz | {} | cannot be read: it is not in gzip format",
        "e.csv.gz | i,t,p | cannot be read: it is not in gzip format",
        "e.txt | x | its name does not say its format"
      })
  void refusesAFileThatCannotBeRead(String name, String content, String message) throws Exception {
    Files.writeString(log.resolve("a.jsonl"), lines(10, 1));
    String text = content == null ? "" : content;
    for (char control = 1; control < 5; control++) {
      text = text.replace("<" + (int) control + ">", "" + control);
    }
    Files.writeString(log.resolve(name), text);
    Cli.Result result = monitor();
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(name + ": " + message);
    assertThat(output).as("nothing is written").doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LocalRunner", "DirectRunner", "FlinkRunner"})
  void saysWhereAFileIsDamagedOnEveryRunner(String runner) throws Exception {
    Files.writeString(log.resolve("a.jsonl"), lines(300, 3));
    byte[] whole = packed(lines(3000, 3).getBytes(StandardCharsets.UTF_8));
    byte[] other = packed(lines(10, 1).getBytes(StandardCharsets.UTF_8));
    other[1] = 0;
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(whole);
    both.writeBytes(other);
    Files.write(log.resolve("b.jsonl.gz"), both.toByteArray());
    damaged(runner, "b.jsonl.gz: is damaged or cut off: it cannot be unpacked behind byte");
    Files.delete(log.resolve("b.jsonl.gz"));

    parquet(
        "c.parquet",
        "select 'p' || i as i, timestamp '2024-01-02' as t, random() as p from range(5000) t(i)");
    byte[] bytes = Files.readAllBytes(log.resolve("c.parquet"));
    Arrays.fill(bytes, 2000, 3000, (byte) 0x55);
    Files.write(log.resolve("c.parquet"), bytes);
    damaged(runner, "c.parquet: is damaged in row group 0, at or after row 0: column i");
  }

  private void damaged(String runner, String message) throws Exception {
    Cli.Result result = monitor("--runner=" + runner);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message);
    assertThat(Cli.files(output))
        .as("no half of a result")
        .containsExactly(output.resolve(".lock"));
  }

  @Test
  void aSmallFileMayUnpackToALineWithoutEnd() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 256; i++) {
        gzip.write(zeros);
      }
      gzip.write(("\n" + lines(100, 1)).getBytes(StandardCharsets.UTF_8));
    }
    Files.write(log.resolve("bomb.jsonl.gz"), out.toByteArray());
    assertThat(monitor().code()).isZero();
    assertThat(rows().get("dead_lettered").asLong()).isEqualTo(1);
    assertThat(rows().get("profiled").asLong()).isEqualTo(100);
    Path letter = Cli.files(output.resolve("dead-letters")).get(0);
    assertThat(Files.size(letter)).as("only the line's head is kept").isLessThan(20_000);
  }

  @Test
  void placesAndNamesOfEveryKind() throws Exception {
    Path strange = Files.createDirectories(log.resolve("größe [1]/{x} 'y\"/dt=2024-01-01"));
    Files.writeString(strange.resolve("a b$%20.jsonl"), lines(100, 1) + "bad\n");
    Files.writeString(log.resolve("_SUCCESS"), "");
    Files.writeString(log.resolve("a.jsonl.tmp"), "half");
    assertThat(monitor().code()).isZero();
    assertThat(rows().get("profiled").asLong()).isEqualTo(100);
    assertThat(rows().get("dead_lettered").asLong()).isEqualTo(1);
  }
}
