package io.tidemark.simulate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.simulate.LogColumns.Column;
import io.tidemark.simulate.LogColumns.Type;
import io.tidemark.spec.WindowSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A log as JSON lines. */
final class JsonLinesLog {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NO_OBJECT = "[1, 2, 3]".getBytes(StandardCharsets.UTF_8);

  private JsonLinesLog() {}

  static byte[] bytes(List<Column> columns, Iterable<LogRow> rows) throws IOException {
    ColumnTree root = ColumnTree.of(columns);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 10);
    for (LogRow row : rows) {
      line.reset();
      try (JsonGenerator json = JSON.createGenerator(line)) {
        write(root, row.values(), json);
      }
      switch (row.kind()) {
        case BROKEN -> out.write(line.toByteArray(), 0, line.size() / 2);
        case NOT_AN_OBJECT -> out.write(NO_OBJECT);
        default -> line.writeTo(out);
      }
      out.write('\n');
    }
    return out.toByteArray();
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
