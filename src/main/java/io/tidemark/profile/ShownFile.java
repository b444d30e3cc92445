package io.tidemark.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.profile.ShownColumns.Column;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.IsoTime;
import io.tidemark.store.ParquetFiles;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** A file of rows. Any column name the log has is a column name here. */
public final class ShownFile<R extends ShownRow> extends WriteSupport<R> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final List<Column<R>> columns;
  private RecordConsumer out;

  private ShownFile(String name, List<Column<R>> columns) {
    this.name = name;
    this.columns = columns;
  }

  /**
   * The bytes of a Parquet file, the same in every process.
   *
   * @param name of its rows' type
   */
  public static <R extends ShownRow> byte[] parquet(
      String name, ShownColumns<R> columns, List<R> rows) {
    return ParquetFiles.bytes(new ShownFile<>(name, columns.columns()), rows);
  }

  /** A JSON object a line: times are ISO-8601 UTC, and what is missing is null. */
  public static <R extends ShownRow> byte[] jsonLines(ShownColumns<R> columns, List<R> rows) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (R row : rows) {
      String line = jsonObject(columns.columns(), row) + "\n";
      lines.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    }
    return lines.toByteArray();
  }

  /** A row as such a line. */
  public static <R extends ShownRow> String jsonObject(List<Column<R>> columns, R row) {
    ObjectNode line = JSON.createObjectNode();
    for (Column<R> column : columns) {
      put(line, column, column.value().of(row));
    }
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static void put(ObjectNode line, Column<?> column, Object value) {
    if (value instanceof Double number && Double.isFinite(number)) {
      line.put(column.name(), number);
    } else if (value instanceof Long count && column.type() == ShownColumns.Type.COUNT) {
      line.put(column.name(), count);
    } else if (value instanceof Long time) {
      line.put(column.name(), IsoTime.of(WindowSpec.instant(time)));
    } else if (value instanceof List<?> texts) {
      var array = line.putArray(column.name());
      texts.forEach(text -> array.add((String) text));
    } else {
      line.put(column.name(), value instanceof String text ? text : null);
    }
  }

  /** The type that a column has in Parquet, in words. */
  public static String typeName(Column<?> column) {
    return switch (column.type()) {
      case TEXT -> "string";
      case NUMBER -> "double";
      case COUNT -> "int64";
      case TIME -> "timestamp(micros, UTC)";
      case TEXTS -> "list<string>";
    };
  }

  private MessageType schema() {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Column<R> column : columns) {
      switch (column.type()) {
        case TEXT ->
            schema
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(column.name());
        case NUMBER -> schema.optional(PrimitiveTypeName.DOUBLE).named(column.name());
        case COUNT -> schema.optional(PrimitiveTypeName.INT64).named(column.name());
        case TIME ->
            schema
                .optional(PrimitiveTypeName.INT64)
                .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                .named(column.name());
        case TEXTS ->
            schema
                .requiredList()
                .requiredElement(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(column.name());
      }
    }
    return schema.named(name);
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema(), Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(schema(), Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.out = recordConsumer;
  }

  @Override
  public void write(R row) {
    out.startMessage();
    for (int i = 0; i < columns.size(); i++) {
      Object value = columns.get(i).value().of(row);
      if (value != null) {
        out.startField(columns.get(i).name(), i);
        writeValue(value);
        out.endField(columns.get(i).name(), i);
      }
    }
    out.endMessage();
  }

  private void writeValue(Object value) {
    if (value instanceof String text) {
      out.addBinary(Binary.fromString(text));
    } else if (value instanceof Double number) {
      out.addDouble(number);
    } else if (value instanceof Long time) {
      out.addLong(time);
    } else {
      out.startGroup();
      List<?> texts = (List<?>) value;
      if (!texts.isEmpty()) {
        out.startField("list", 0);
        for (Object text : texts) {
          out.startGroup();
          out.startField("element", 0);
          out.addBinary(Binary.fromString((String) text));
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
    }
  }
}
