package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.PathTree;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;

/**
 * An Avro record, field by field into a row's values: no record is built between. What is not
 * wanted is passed over, with the same checks: whether a record can be decoded does not depend on
 * what is wanted of it.
 */
final class AvroFields implements Serializable {
  private static final long serialVersionUID = 1;

  /** Of schemas that contain themselves; more would overflow the stack. */
  private static final int DEEPEST = 500;

  private final AvroValues values;

  AvroFields(EventTime times) {
    this.values = new AvroValues(times);
  }

  /**
   * Reads a record.
   *
   * @throws IOException if the bytes are no such record
   */
  void read(Schema schema, PathTree node, Decoder in, EventAssembler row) throws IOException {
    for (Schema.Field field : schema.getFields()) {
      PathTree child = node.child(field.name());
      if (child == null) {
        skip(field.schema(), in, 0);
      } else {
        readValue(field.schema(), child, in, row);
      }
    }
  }

  private void readValue(Schema schema, PathTree node, Decoder in, EventAssembler row)
      throws IOException {
    switch (schema.getType()) {
      case UNION -> readValue(branch(schema, in.readIndex()), node, in, row);
      case RECORD -> {
        if (node.hasChildren()) {
          read(schema, node, in, row);
        } else {
          skip(schema, in, 0);
          node.uses().forEach(row::setUnusable);
        }
      }
      case ARRAY, MAP -> {
        skip(schema, in, 0);
        node.uses().forEach(row::setUnusable);
      }
      case NULL -> in.readNull(); // missing
      default -> values.read(schema, node.uses(), in, row);
    }
  }

  private static Schema branch(Schema union, int index) throws IOException {
    return at(union.getTypes(), index, "a union");
  }

  static String symbol(Schema symbols, int index) throws IOException {
    return at(symbols.getEnumSymbols(), index, "an enum");
  }

  private static <T> T at(List<T> list, int index, String what) throws IOException {
    if (index < 0 || index >= list.size()) {
      throw new IOException(
          what + " of " + list.size() + " is at " + index + ": it was written with another schema");
    }
    return list.get(index);
  }

  private static void skip(Schema schema, Decoder in, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("records within records, more than " + DEEPEST + " deep");
    }
    switch (schema.getType()) {
      case UNION -> skip(branch(schema, in.readIndex()), in, depth + 1);
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          skip(field.schema(), in, depth + 1);
        }
      }
      case ARRAY -> {
        for (long left = in.skipArray(); left != 0; left = in.skipArray()) {
          for (long i = 0; i < left; i++) {
            skip(schema.getElementType(), in, depth + 1);
          }
        }
      }
      case MAP -> {
        for (long left = in.skipMap(); left != 0; left = in.skipMap()) {
          for (long i = 0; i < left; i++) {
            in.skipString();
            skip(schema.getValueType(), in, depth + 1);
          }
        }
      }
      case NULL -> in.readNull();
      case BOOLEAN -> in.readBoolean();
      case INT -> in.readInt();
      case LONG -> in.readLong();
      case FLOAT -> in.readFloat();
      case DOUBLE -> in.readDouble();
      case STRING -> in.skipString();
      case BYTES -> in.skipBytes();
      case FIXED -> in.skipFixed(schema.getFixedSize());
      case ENUM -> symbol(schema, in.readEnum());
    }
  }
}
