package io.tidemark.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.stats.IsoTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Stored records as JSON lines: names and order are the schema's, times ISO-8601 UTC, and a number
 * that is none is null. A field whose schema says {@code "absent": true} is not there where it is
 * null: lines that it has nothing to say of are as they were before there was one.
 */
public final class JsonLines {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper TREES = new ObjectMapper();

  /** Of a field in a schema. */
  private static final String ABSENT = "absent";

  private JsonLines() {}

  /** One line a record, each ended by a newline. */
  public static byte[] of(Iterable<? extends IndexedRecord> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (IndexedRecord record : records) {
      out.writeBytes(line(record).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** A record as one JSON object. */
  public static String line(IndexedRecord record) {
    java.io.StringWriter text = new java.io.StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(record, record.getSchema(), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return text.toString();
  }

  private static void write(Object value, Schema schema, JsonGenerator json) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (isTree(schema)) {
      json.writeRawValue((String) value);
    } else if (value instanceof IndexedRecord record) {
      json.writeStartObject();
      for (Schema.Field field : record.getSchema().getFields()) {
        Object of = record.get(field.pos());
        if (of != null || !Boolean.TRUE.equals(field.getObjectProp(ABSENT))) {
          json.writeFieldName(field.name());
          write(of, field.schema(), json);
        }
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> values) {
      Schema elements = elements(schema);
      json.writeStartArray();
      for (Object element : values) {
        write(element, elements, json);
      }
      json.writeEndArray();
    } else if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeNull();
      }
    } else if (value instanceof Long || value instanceof Integer) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Instant time) {
      json.writeString(IsoTime.of(time));
    } else if (value instanceof CharSequence || value instanceof Enum) {
      json.writeString(value.toString());
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass());
    }
  }

  private static Schema elements(Schema array) {
    return array.isUnion()
        ? array.getTypes().stream()
            .filter(each -> each.getType() == Schema.Type.ARRAY)
            .findFirst()
            .orElseThrow()
            .getElementType()
        : array.getElementType();
  }

  /** Whether text is JSON itself, and stands as that in a line. */
  private static boolean isTree(Schema schema) {
    return Boolean.TRUE.equals(schema.getObjectProp("json"));
  }

  /**
   * The records of lines that {@link #of} has written.
   *
   * @throws IOException if a line is no such record
   */
  public static <T extends SpecificRecord> List<T> read(byte[] lines, Class<T> type)
      throws IOException {
    List<T> records = new ArrayList<>();
    for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        records.add(read(line, type));
      }
    }
    return records;
  }

  /** The record of a line. */
  public static <T extends SpecificRecord> T read(String line, Class<T> type) throws IOException {
    try {
      Schema schema = SpecificData.get().getSchema(type);
      return type.cast(value(TREES.readTree(line), schema));
    } catch (AvroRuntimeException | DateTimeParseException | NullPointerException e) {
      throw new IOException("no line of " + type.getSimpleName(), e);
    }
  }

  private static Object value(JsonNode node, Schema schema) {
    return switch (schema.getType()) {
      case UNION ->
          node.isNull() ? null : value(node, schema.getTypes().get(1)); // null stands first
      case RECORD -> record(node, schema);
      case ARRAY -> {
        List<Object> values = new ArrayList<>();
        node.forEach(each -> values.add(value(each, schema.getElementType())));
        yield values;
      }
      case DOUBLE -> node.isNull() ? Double.NaN : node.doubleValue();
      case LONG ->
          schema.getLogicalType() == null ? node.longValue() : Instant.parse(node.asText());
      case INT -> node.intValue();
      case BOOLEAN -> node.booleanValue();
      case ENUM -> SpecificData.get().createEnum(node.textValue(), schema);
      case STRING -> isTree(schema) ? node.toString() : node.textValue();
      default -> throw new IllegalArgumentException("no JSON form for " + schema.getType());
    };
  }

  private static Object record(JsonNode node, Schema schema) {
    SpecificRecord record =
        (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode given = node.get(field.name()); // a line of an older version lacks later fields
      Object value =
          given == null ? SpecificData.get().getDefaultValue(field) : value(given, field.schema());
      record.put(field.pos(), value);
    }
    return record;
  }
}
