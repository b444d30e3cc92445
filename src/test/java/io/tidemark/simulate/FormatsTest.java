package io.tidemark.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.simulate.LogColumns.Type;
import io.tidemark.simulate.SimulatedLog.Options;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format holds the same values, as readers of that format see them. */
class FormatsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 600;

  @TempDir Path folder;
  private List<Column> columns;

  @BeforeEach
  void columns() {
    MonitoringSpec spec = SimulatedLog.spec(SimulatedLog.BINARY, "csv");
    List<NumericFeature> numeric =
        spec.features().stream()
            .filter(field -> field.numeric())
            .map(field -> NumericFeature.of(field, 1, 1, 9))
            .toList();
    columns = LogColumns.of(spec, numeric).all();
  }

  private SimulatedLog write(String format, Options options) throws Exception {
    return SimulatedLog.write(folder.resolve(format), SimulatedLog.BINARY, format, options);
  }

  /** Typed values of each row, times as microseconds. */
  private List<List<Object>> read(String format, String part) throws Exception {
    Path file = folder.resolve(format).resolve(part).resolve("part-00000." + format);
    return switch (format) {
      case "csv" -> csv(file);
      case "jsonl" -> jsonLines(file);
      case "avro" -> avro(file);
      default -> parquet(part);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl", "avro"})
  void holdsWhatParquetHolds(String format) throws Exception {
    Options options = Options.rows(ROWS).clean();
    write("parquet", options);
    write(format, options);
    for (String part : List.of("events", "reference")) {
      List<List<Object>> expected = read("parquet", part);
      assertThat(expected).hasSize(ROWS);
      assertThat(read(format, part)).isEqualTo(expected);
    }
  }

  @Test
  void missingValuesAndQuotesAreAmongThem() throws Exception {
    write("csv", Options.rows(ROWS).clean());
    List<List<Object>> rows = read("csv", "events");
    assertThat(rows).anyMatch(row -> row.contains(null));
    assertThat(rows).anyMatch(row -> row.contains("note of row 16, \"as is\""));
    assertThat(columns).extracting(Column::path).contains("nested.b", "nested.deeper.g");
  }

  @Test
  void brokenCsvLinesHaveTooFewCellsAndNothingElseIsLost() throws Exception {
    SimulatedLog log = write("csv", Options.rows(20_000));
    List<String> lines = lines("csv");
    assertThat(lines).hasSize(20_001);
    List<Integer> cells = lines.stream().map(line -> cells(line).size()).toList();
    JsonNode letters = log.truth().get("expected_dead_letters");
    assertThat(cells)
        .filteredOn(size -> size != columns.size())
        .isNotEmpty()
        .hasSize(letters.get("malformed").asInt())
        .allMatch(size -> size < columns.size());
    List<List<String>> whole =
        lines.stream()
            .skip(1)
            .map(FormatsTest::cells)
            .filter(row -> row.size() == columns.size())
            .toList();
    int time = columns.indexOf(new Column("at", Type.TIME));
    assertThat(whole)
        .filteredOn(row -> row.get(time).equals("yesterday"))
        .isNotEmpty()
        .hasSize(letters.get("time_unreadable").asInt());
    assertThat(whole)
        .filteredOn(row -> row.get(time).isEmpty())
        .hasSize(letters.get("time_missing").asInt());
  }

  @Test
  void brokenJsonLinesAreCounted() throws Exception {
    SimulatedLog log = write("jsonl", Options.rows(20_000));
    int malformed = 0;
    int others = 0;
    for (String line : Files.readAllLines(folder.resolve("jsonl/events/part-00000.jsonl"))) {
      try {
        others += JSON.readTree(line).isObject() ? 0 : 1;
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        malformed++;
      }
    }
    JsonNode letters = log.truth().get("expected_dead_letters");
    assertThat(malformed).isPositive().isEqualTo(letters.get("malformed").asInt());
    assertThat(others).isPositive().isEqualTo(letters.get("not_an_object").asInt());
  }

  @ParameterizedTest
  @CsvSource({"parquet,csv", "csv,avro", "avro,jsonl", "jsonl,parquet"})
  void labelsMayHaveAFormatOfTheirOwn(String events, String labels) throws Exception {
    String spec =
        SimulatedLog.BINARY.replace("  label: truth\n", "")
            + "labels: {format: LABELS, id: id, value: is, time: known, horizon: P1D}\n"
                .replace("LABELS", labels);
    SimulatedLog log = SimulatedLog.write(folder, spec, events, Options.rows(100));
    assertThat(log.files())
        .containsOnlyKeys(
            "events/part-00000." + events,
            "labels/part-00000." + labels,
            "reference-labels/part-00000." + labels,
            "reference/part-00000." + events,
            "truth.json");
    if (labels.equals("csv")) {
      List<String> lines = Files.readAllLines(folder.resolve("labels/part-00000.csv"));
      assertThat(lines.get(0)).isEqualTo("id,is,known");
      assertThat(lines).hasSize(1 + log.truth().get("expected_labels").asInt());
      assertThat(lines.get(1)).matches("e-0{11}\\d,[01],2024-01-01T[0-9:.]+Z");
    }
  }

  @Test
  void parquetUsesDictionariesWhereValuesRepeat() throws Exception {
    SimulatedLog log = write("parquet", Options.rows(ROWS));
    String encodings =
        "select encodings from parquet_metadata('"
            + folder.resolve("parquet/events/part-00000.parquet")
            + "') where path_in_schema in ('h', 'nested, deeper, g')";
    assertThat(log.query(encodings)).hasSize(2).allMatch(row -> row.get(0).contains("DICTIONARY"));
  }

  private List<String> lines(String format) throws Exception {
    String text =
        Files.readString(
            folder.resolve(format).resolve("events/part-00000." + format), StandardCharsets.UTF_8);
    assertThat(text).endsWith("\r\n");
    return Arrays.asList(text.split("\r\n"));
  }

  private List<List<Object>> csv(Path file) throws Exception {
    List<String> lines = Arrays.asList(Files.readString(file).split("\r\n"));
    assertThat(cells(lines.get(0))).isEqualTo(columns.stream().map(Column::path).toList());
    List<List<Object>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      List<Object> row = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String text = cells.get(i);
        row.add(text.isEmpty() ? null : value(text, columns.get(i).type()));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object value(String text, Type type) {
    return switch (type) {
      case TEXT -> text;
      case NUMBER -> Double.valueOf(text);
      case WHOLE -> Long.valueOf(text);
      case TIME -> WindowSpec.micros(java.time.Instant.parse(text));
    };
  }

  /** By RFC 4180. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    assertThat(quoted).as(line).isFalse();
    cells.add(cell.toString());
    return cells;
  }

  private List<List<Object>> jsonLines(Path file) throws Exception {
    List<List<Object>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode tree = JSON.readTree(line);
      List<Object> row = new ArrayList<>();
      for (Column column : columns) {
        JsonNode value = tree.at("/" + column.path().replace('.', '/'));
        assertThat(value.isMissingNode()).as(column.path()).isFalse();
        row.add(value.isNull() ? null : value(value.asText(), column.type()));
      }
      rows.add(row);
    }
    return rows;
  }

  private List<List<Object>> avro(Path file) throws Exception {
    List<List<Object>> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      assertThat(reader.getMetaString("avro.codec")).isEqualTo("deflate");
      for (GenericRecord record : reader) {
        List<Object> row = new ArrayList<>();
        for (Column column : columns) {
          Object value = record;
          for (String name : column.path().split("\\.")) {
            value = ((GenericRecord) value).get(name);
          }
          row.add(column.type() == Type.TEXT && value != null ? value.toString() : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private List<List<Object>> parquet(String part) throws Exception {
    String shown =
        columns.stream()
            .map(
                column ->
                    column.type() == Type.TIME
                        ? "epoch_us(\"" + column.path() + "\")"
                        : column.path())
            .collect(Collectors.joining(", "));
    List<List<Object>> rows = new ArrayList<>();
    String file = folder.resolve("parquet").resolve(part).resolve("part-00000.parquet").toString();
    for (List<String> texts :
        new SimulatedLog(folder, JSON.createObjectNode())
            .query("select " + shown + " from '" + file + "'")) {
      List<Object> row = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        Type type = columns.get(i).type() == Type.TIME ? Type.WHOLE : columns.get(i).type();
        row.add(texts.get(i) == null ? null : value(texts.get(i), type));
      }
      rows.add(row);
    }
    return rows;
  }
}
