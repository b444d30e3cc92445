package io.tidemark.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rows of named cells in a file: CSV for spreadsheets, with a header, or a JSON object a line. In
 * CSV a text that a spreadsheet would take for a formula stands behind an apostrophe, and comes
 * back without.
 */
enum Sheet {
  CSV,
  JSONL;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CsvMapper CELLS =
      CsvMapper.csvBuilder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();
  private static final String FORMULA = "=+-@\t\r";
  private static final String LIST = "; ";
  private static final String MARK = "\uFEFF";

  /**
   * A row.
   *
   * @param line where it begins, from 1
   * @param cells text by column; empty cells are not there
   */
  record Filled(int line, Map<String, String> cells) {}

  /**
   * @throws ReviewException for a name with another extension
   */
  static Sheet of(String option, String path) {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return CSV;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return JSONL;
    }
    throw new ReviewException(option + "=" + path + ": name it .csv or .jsonl");
  }

  /** The file's bytes; columns are in the order in which they first come. */
  byte[] write(List<ObjectNode> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
    return write(rows, columns);
  }

  byte[] write(List<ObjectNode> rows, Set<String> columns) {
    try {
      if (this == JSONL) {
        StringBuilder lines = new StringBuilder();
        for (ObjectNode row : rows) {
          lines.append(JSON.writeValueAsString(row)).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
      }
      CsvSchema.Builder schema = CsvSchema.builder();
      columns.forEach(schema::addColumn);
      List<Map<String, String>> cells = new ArrayList<>();
      for (ObjectNode row : rows) {
        Map<String, String> each = new LinkedHashMap<>();
        columns.forEach(column -> each.put(column, shown(row.get(column))));
        cells.add(each);
      }
      return CELLS
          .writer(schema.build().withHeader().withLineSeparator("\r\n"))
          .writeValueAsBytes(cells);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cells can be written", e);
    }
  }

  private static String shown(JsonNode value) {
    if (value == null || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      List<String> texts = new ArrayList<>();
      value.forEach(each -> texts.add(each.asText()));
      return quoted(String.join(LIST, texts));
    }
    return value.isTextual() ? quoted(value.asText()) : value.asText();
  }

  private static String quoted(String text) {
    boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    return formula ? "'" + text : text;
  }

  private static String unquoted(String text) {
    boolean formula =
        text.length() > 1 && text.charAt(0) == '\'' && FORMULA.indexOf(text.charAt(1)) >= 0;
    return formula ? text.substring(1) : text;
  }

  /**
   * @throws ReviewException where the content is no such sheet
   */
  List<Filled> read(String path, byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    text = text.startsWith(MARK) ? text.substring(1) : text;
    return this == CSV ? readCells(path, text) : readLines(path, text);
  }

  private static List<Filled> readLines(String path, String text) {
    List<Filled> rows = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      JsonNode row;
      try {
        row = JSON.readTree(lines[i]);
      } catch (JsonProcessingException e) {
        throw new ReviewException(path + ":" + (i + 1) + ": is not a JSON object");
      }
      if (!row.isObject()) {
        throw new ReviewException(path + ":" + (i + 1) + ": is not a JSON object");
      }
      Map<String, String> cells = new TreeMap<>();
      row.fields()
          .forEachRemaining(
              each -> {
                if (each.getValue().isValueNode() && !each.getValue().asText().isBlank()) {
                  String value = each.getValue().isNull() ? null : each.getValue().asText();
                  if (value != null) {
                    cells.put(each.getKey(), value);
                  }
                }
              });
      rows.add(new Filled(i + 1, cells));
    }
    return rows;
  }

  /** Spreadsheets of some countries part cells by semicolons, and some by tabs. */
  private static char separator(String text) {
    int end = text.indexOf('\n');
    String header = end < 0 ? text : text.substring(0, end);
    char best = ',';
    for (char each : new char[] {';', '\t'}) {
      best = count(header, each) > count(header, best) ? each : best;
    }
    return best;
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(each -> each == wanted).count();
  }

  private static List<Filled> readCells(String path, String text) {
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator(text));
    List<Filled> rows = new ArrayList<>();
    try (MappingIterator<String[]> records =
        CELLS.readerFor(String[].class).with(schema).readValues(text)) {
      String[] header = null;
      while (records.hasNextValue()) {
        int line = records.getCurrentLocation().getLineNr();
        String[] record = records.nextValue();
        if (header == null) {
          header = record;
          continue;
        }
        if (record.length > header.length) {
          throw new ReviewException(
              path + ":" + line + ": has " + record.length + " cells, the header " + header.length);
        }
        Map<String, String> cells = new TreeMap<>();
        for (int i = 0; i < record.length; i++) {
          if (!record[i].isBlank()) {
            cells.put(header[i], unquoted(record[i]));
          }
        }
        rows.add(new Filled(line, cells));
      }
    } catch (IOException e) {
      throw new ReviewException(path + ": is no CSV sheet: " + e.getMessage().split("\n", 2)[0]);
    }
    return rows;
  }
}
