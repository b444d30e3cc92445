package io.tidemark.simulate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.simulate.LogColumns.Type;
import io.tidemark.spec.WindowSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A log as JSON lines. */
final class JsonLinesLog {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NO_OBJECT = "[1, 2, 3]".getBytes(StandardCharsets.UTF_8);

  private JsonLinesLog() {}

  static byte[] bytes(List<Column> columns, Iterable<LogRow> rows) throws IOException {
    ColumnTree root = ColumnTree.of(columns);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    for (LogRow row : rows) {
      out.write(line(root, row));
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** A row without the line's end. */
  static byte[] line(ColumnTree root, LogRow row) throws IOException {
    if (row.kind() == RowKind.NOT_AN_OBJECT) {
      return NO_OBJECT;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 10);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      write(root, row.values(), json);
    }
    byte[] whole = line.toByteArray();
    return row.kind() == RowKind.BROKEN ? Arrays.copyOf(whole, whole.length / 2) : whole;
  }

  private static void write(ColumnTree node, Object[] values, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    for (ColumnTree child : node.children()) {
      json.writeFieldName(child.name());
      if (child.isRecord()) {
        write(child, values, json);
      } else {
        writeValue(child.column(), values[child.place()], json);
      }
    }
    json.writeEndObject();
  }

  private static void writeValue(Column column, Object value, JsonGenerator json)
      throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      if (column.type() == Type.TIME) {
        json.writeString(WindowSpec.instant(number).toString());
      } else {
        json.writeNumber(number);
      }
    } else {
      json.writeString((String) value);
    }
  }
}
