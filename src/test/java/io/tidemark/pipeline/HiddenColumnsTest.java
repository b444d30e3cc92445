package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a spec hides is nowhere: every hidden value holds the mark, whatever its role, and the mark
 * is looked for in all that runs write and say.
 */
class HiddenColumnsTest {
  private static final String MARK = "zqxzq";
  private static final String NUMBER = "73519.25";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAY = 200;

  private static final String SPEC =
      """
      model: m
      task: binary
      events:
        id: pid
        time: t
        prediction: {score: s, label: guess, positive: zqxzqyes}
        label: truth
        max_bad: 0.5
      features:
        region: {type: categorical, path: r}
        amount: {type: numeric, path: a}
        word: {type: categorical, path: w}
        text: {type: numeric, path: b}
      labels: {id: lid, value: outcome, time: given, source: who, horizon: P2D}
      window: {size: P1D, horizons: [P2D]}
      segments: [region]
      performance: {detectors: [ddm, hddm_a]}
      snapshot: {period: P2D, rows: 50, columns: [note], HIDDEN}
      """;
  private static final String MASKED =
      "mask: [lid, outcome, who, r, amount, w, text, note, guess, s]";
  private static final String EXCLUDED =
      "mask: [pid, region], exclude: [truth, who, a, word, b, note, guess, s]";

  private static final List<String> EVENTS =
      List.of("pid", "t", "s", "guess", "truth", "r", "a", "w", "b", "note");
  private static final List<String> LABELS = List.of("lid", "outcome", "given", "who");

  @TempDir static Path shared;
  @TempDir Path folder;
  private static Path baseline;

  @BeforeAll
  static void buildBaseline() throws Exception {
    baseline = shared.resolve("b.avro");
    Path spec = Files.writeString(shared.resolve("s.yaml"), SPEC.replace("HIDDEN", MASKED));
    Path reference = shared.resolve("r.jsonl");
    Files.write(reference, lines(EVENTS, events(1, 8, 0)));
    Path labels = Files.write(shared.resolve("l.jsonl"), lines(LABELS, labels(1, 8)));
    String[] build = {
      "baseline",
      "--spec=" + spec,
      "--events=" + reference,
      "--labels=" + labels,
      "--output=" + baseline
    };
    Cli.Result refused = Cli.run(build);
    assertThat(refused.code()).as(refused.err()).isEqualTo(2);
    clean(refused.err());
    String[] all = Arrays.copyOf(build, build.length + 1);
    all[build.length] = "--allow-empty-fields";
    Cli.Result built = Cli.run(all);
    assertThat(built.code()).as(built.err()).isZero();
    clean(built.out() + built.err());
  }

  private static List<List<String>> events(int first, int days, int more) {
    List<List<String>> rows = new ArrayList<>();
    for (int day = first; day < first + days; day++) {
      for (int i = 0; i < DAY; i++) {
        boolean yes = i % 3 == 0;
        rows.add(
            List.of(
                "zqxzqid" + day + "x" + i,
                "2024-01-%02dT%02d:%02d:00Z".formatted(day, i / 60, i % 60),
                String.valueOf((yes ? .6 : .1) + i % 7 / 100.0),
                yes ? "zqxzqyes" : "zqxzqno",
                i % 2 == 0 ? "" : i % 5 == 0 ? "zqxzqyes" : "zqxzqno",
                "zqxzqregion" + (i % 2 == 0 ? 1 : i % 3 == 0 ? 2 : 2 + more),
                i % 9 == 0 ? NUMBER : String.valueOf(i % 90 * (1 + more)),
                "zqxzqword" + i % (3 + 3 * more),
                "zqxzqbad" + i,
                "zqxzqnote" + i));
      }
    }
    return rows;
  }

  private static List<List<String>> labels(int first, int days) {
    List<List<String>> rows = new ArrayList<>();
    for (int day = first; day < first + days; day++) {
      for (int i = 0; i < DAY - 20; i++) {
        String given = "2024-01-%02dT10:00:00Z".formatted(day);
        String class_ = i % 4 == 0 ? "zqxzqyes" : "zqxzqno";
        rows.add(List.of("zqxzqid" + day + "x" + i, class_, given, "zqxzqperson"));
        if (i % 20 == 0) {
          rows.add(List.of("zqxzqid" + day + "x" + i, "zqxzqother", given, "zqxzqsecond"));
          rows.add(List.of("zqxzqorphan" + day + "x" + i, class_, given, "zqxzqperson"));
        }
      }
    }
    return rows;
  }

  /** Rows that no format can use. */
  private static List<List<String>> badEvents() {
    return List.of(
        badEvent("zqxzqa", "soon", ".5", "zqxzqyes"),
        badEvent("", "2024-01-09", ".5", "zqxzqyes"),
        badEvent("zqxzqc", "2024-01-09", "zqxzqs", "zqxzqyes"),
        badEvent("zqxzqd", "2024-01-09", ".5", ""));
  }

  private static List<String> badEvent(String id, String time, String score, String predicted) {
    return List.of(
        id, time, score, predicted, "zqxzqyes", "zqxzqr", NUMBER, "zqxzqw", "zqxzqb", "zqxzqn");
  }

  private static List<List<String>> badLabels() {
    return List.of(
        List.of("zqxzqa", "zqxzqyes", "soon", "zqxzqperson"),
        List.of("", "zqxzqyes", "2024-01-09", "zqxzqperson"),
        List.of("zqxzqb", "", "2024-01-09", "zqxzqperson"));
  }

  private static List<String> lines(List<String> names, List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      var line = JSON.createObjectNode();
      for (int i = 0; i < row.size(); i++) {
        if (!row.get(i).isEmpty()) {
          line.put(names.get(i), row.get(i));
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static void write(Path file, List<String> names, List<List<String>> rows, String broken)
      throws Exception {
    Files.createDirectories(file.getParent());
    String name = file.getFileName().toString();
    if (name.endsWith("csv")) {
      List<String> lines = new ArrayList<>(List.of(String.join(",", names)));
      rows.forEach(row -> lines.add(String.join(",", row)));
      lines.add("zqxzqmore," + "zqxzqcell,".repeat(20));
      lines.add("zqxzqfew");
      lines.add("\"zqxzqopen\"zqxzqafter," + broken);
      lines.add("\"zqxzqnever closed");
      Files.write(file, lines);
    } else if (name.endsWith("jsonl")) {
      List<String> lines = new ArrayList<>(lines(names, rows));
      lines.add("{\"" + names.get(0) + "\": zqxzqtoken}");
      lines.add("{\"" + names.get(0) + "\": \"zqxzqcut");
      lines.add("\"zqxzqstring\"");
      lines.add(
          "{\"" + names.get(0) + "\": {\"zqxzqkey\": [\"zqxzqnested\"]}, \"t\": [\"zqxzqlist\"]}");
      lines.add("{\"" + names.get(0) + "\": \"zqxzq\"} zqxzqmore");
      lines.add("{'zqxzqquote': 1}");
      Files.write(file, lines);
    } else if (name.endsWith("avro")) {
      writeAvro(file, names, rows);
    } else {
      Path source = Files.write(file.resolveSibling("source"), lines(names, rows));
      try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
          Statement sql = duckdb.createStatement()) {
        StringBuilder columns = new StringBuilder();
        names.forEach(each -> columns.append(each).append(": 'varchar', "));
        sql.execute(
            "copy (select * from read_json('%s', format = 'newline_delimited', columns = {%s})) to '%s' (format parquet)"
                .formatted(source, columns, file));
      }
      Files.delete(source);
    }
  }

  private static void writeAvro(Path file, List<String> names, List<List<String>> rows)
      throws Exception {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("r").fields();
    names.forEach(fields::optionalString);
    Schema schema = fields.endRecord();
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))
            .create(schema, file.toFile())) {
      for (List<String> row : rows) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < row.size(); i++) {
          record.put(i, row.get(i).isEmpty() ? null : row.get(i));
        }
        out.append(record);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jsonl, true, true",
    "csv, true, true",
    "avro, true, true",
    "parquet, true, true",
    "jsonl, false, false",
    "csv, true, false",
    "avro, false, true",
    "parquet, false, false",
    "jsonl, true, false"
  })
  void hiddenValuesAreNowhere(String format, boolean masked, boolean keyed) throws Exception {
    Path spec =
        Files.writeString(
            folder.resolve("s.yaml"), SPEC.replace("HIDDEN", masked ? MASKED : EXCLUDED));
    Path key = Files.writeString(folder.resolve("key"), "key");
    Path log = folder.resolve("log");
    List<List<String>> rows = new ArrayList<>(events(9, 2, 1));
    rows.addAll(badEvents());
    write(log.resolve("e." + format), EVENTS, rows, "x");
    List<String> fewer = EVENTS.subList(0, 7);
    List<List<String>> cut = badEvents().stream().map(row -> row.subList(0, 7)).toList();
    write(log.resolve("w=zqxzqfolder/e." + format), fewer, cut, "x");
    List<List<String>> labels = new ArrayList<>(labels(9, 2));
    labels.addAll(badLabels());
    write(folder.resolve("labels/l." + format), LABELS, labels, "x");
    Path output = folder.resolve("out");
    List<String> args =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + spec,
                "--events=" + log,
                "--labels=" + folder.resolve("labels"),
                "--baseline=" + baseline,
                "--output=" + output));
    if (keyed) {
      args.add("--mask-key=" + key);
    }
    Cli.Result result = Cli.run(args.toArray(new String[0]));
    assertThat(result.code()).as(result.err()).isZero();
    clean(result.out() + result.err());
    assertThat(Cli.findings(output)).isNotEmpty();
    for (Path file : Cli.files(output)) {
      clean(output.relativize(file).toString());
      clean(Files.readString(file, StandardCharsets.ISO_8859_1));
      String name = file.getFileName().toString();
      if (name.endsWith(".parquet")) {
        clean(parquet(file));
      } else if (name.endsWith(".avro")) {
        clean(avro(file));
      }
    }
    TreeSet<String> segments = new TreeSet<>();
    TreeSet<String> ids = new TreeSet<>();
    List<JsonNode> findings = Cli.findings(output);
    findings.forEach(finding -> segments.add(finding.get("segment").asText()));
    findings.forEach(finding -> ids.add(finding.get("id").asText()));
    assertThat(segments).as("all rows and two regions").hasSize(3);
    assertThat(ids).hasSameSizeAs(findings);
  }

  private static void clean(String text) {
    for (String mark : List.of(MARK, NUMBER)) {
      int at = text.toLowerCase(Locale.ROOT).indexOf(mark);
      assertThat(
              at < 0
                  ? ""
                  : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100)))
          .isEmpty();
    }
  }

  private static String parquet(Path file) throws Exception {
    StringBuilder text = new StringBuilder();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement();
        ResultSet rows = sql.executeQuery("select t::varchar from '" + file + "' t")) {
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
    }
    return text.toString();
  }

  private static String avro(Path file) throws Exception {
    StringBuilder text = new StringBuilder();
    try (DataFileReader<GenericRecord> records =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      while (records.hasNext()) {
        GenericRecord record = records.next();
        for (Schema.Field field : record.getSchema().getFields()) {
          Object value = record.get(field.pos());
          text.append(
              value instanceof ByteBuffer bytes
                  ? StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString()
                  : String.valueOf(value));
        }
      }
    }
    return text.toString();
  }
}
