package io.tidemark.simulate;

import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.simulate.LogColumns.Type;
import io.tidemark.spec.WindowSpec;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A log as CSV by RFC 4180: a header with the columns' whole paths, lines that end in CR LF, quotes
 * where a cell needs them. A missing value is an empty cell. No cell holds a line break, so that a
 * file can be read line by line.
 */
final class CsvLog {
  private CsvLog() {}

  static byte[] bytes(List<Column> columns, Iterable<LogRow> rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    try (Writer out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
      writeLine(columns.stream().map(Column::path).toArray(), columns, columns.size(), out);
      for (LogRow row : rows) {
        // A line that was cut off: whole cells are lost, so no quote stays open.
        int cells = row.kind() == RowKind.BROKEN ? columns.size() / 2 : columns.size();
        writeLine(row.values(), columns, cells, out);
      }
    }
    return bytes.toByteArray();
  }

  private static void writeLine(Object[] values, List<Column> columns, int cells, Writer out)
      throws IOException {
    for (int i = 0; i < cells; i++) {
      if (i > 0) {
        out.write(',');
      }
      if (values[i] instanceof Long time && columns.get(i).type() == Type.TIME) {
        out.write(WindowSpec.instant(time).toString());
      } else if (values[i] != null) {
        writeCell(values[i].toString(), out);
      }
    }
    out.write("\r\n");
  }

  private static void writeCell(String text, Writer out) throws IOException {
    boolean quoted = false;
    for (int i = 0; i < text.length() && !quoted; i++) {
      char c = text.charAt(i);
      quoted = c == ',' || c == '"' || c == '\r' || c == '\n';
    }
    out.write(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
  }
}
