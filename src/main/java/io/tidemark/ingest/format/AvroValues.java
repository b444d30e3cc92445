package io.tidemark.ingest.format;

import io.tidemark.ingest.row.ByteText;
import io.tidemark.ingest.row.EventAssembler;
import io.tidemark.ingest.row.EventColumns.Kind;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TypedTime;
import io.tidemark.stats.ShortestDecimal;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;

/** Avro's scalars, with their logical types, as a row's values. */
final class AvroValues implements Serializable {
  private static final long serialVersionUID = 1;

  /** Bytes. No number is as long, and to show longer ones as text would take for ever. */
  private static final int LONGEST_DECIMAL = 1024;

  private final EventTime times;

  AvroValues(EventTime times) {
    this.times = times;
  }

  /** Reads a value that is neither record nor union nor collection. */
  void read(Schema schema, List<Use> uses, Decoder in, EventAssembler row) throws IOException {
    switch (schema.getType()) {
      case INT -> {
        int value = in.readInt();
        uses.forEach(use -> setInt(use, value, schema, row));
      }
      case LONG -> {
        long value = in.readLong();
        uses.forEach(use -> setLong(use, value, schema, row));
      }
      case FLOAT -> {
        float value = in.readFloat();
        uses.forEach(
            use -> row.setDouble(use, use.kind() == Kind.TIME ? value : ShortestDecimal.of(value)));
      }
      case DOUBLE -> {
        double value = in.readDouble();
        uses.forEach(use -> row.setDouble(use, value));
      }
      case BOOLEAN -> {
        boolean value = in.readBoolean();
        uses.forEach(use -> row.setBoolean(use, value));
      }
      case ENUM -> {
        String value = AvroFields.symbol(schema, in.readEnum());
        uses.forEach(use -> row.setText(use, value));
      }
      case STRING -> {
        ByteBuffer bytes = in.readBytes(null); // as a text's bytes stand, too
        int from = bytes.arrayOffset() + bytes.position();
        String value = ByteText.ofText(bytes.array(), from, bytes.remaining());
        uses.forEach(use -> row.setText(use, value));
      }
      case BYTES -> {
        ByteBuffer value = in.readBytes(null);
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        uses.forEach(use -> setBytes(use, bytes, schema, row));
      }
      case FIXED -> {
        byte[] bytes = new byte[schema.getFixedSize()];
        in.readFixed(bytes);
        uses.forEach(use -> setBytes(use, bytes, schema, row));
      }
      default -> throw new IllegalStateException("no scalar: " + schema.getType());
    }
  }

  private void setInt(Use use, int value, Schema schema, EventAssembler row) {
    if (!(schema.getLogicalType() instanceof LogicalTypes.Date)) {
      setLong(use, value, schema, row);
    } else if (use.kind() == Kind.TIME) {
      row.setTime(times.ofDate(value));
    } else if (use.kind() == Kind.NUMBER) {
      row.setLong(use, value);
    } else {
      row.setText(use, LocalDate.ofEpochDay(value).toString());
    }
  }

  private void setLong(Use use, long value, Schema schema, EventAssembler row) {
    TypedTime typed = TypedTime.of(schema);
    if (typed == null) {
      row.setLong(use, value);
    } else if (use.kind() == Kind.TIME) {
      row.setTime(typed.micros(value, times));
    } else if (use.kind() == Kind.NUMBER) {
      row.setDouble(use, typed.number(value, times));
    } else {
      row.setText(use, typed.text(value, times));
    }
  }

  private static void setBytes(Use use, byte[] bytes, Schema schema, EventAssembler row) {
    if (!(schema.getLogicalType() instanceof LogicalTypes.Decimal decimal)) {
      row.setText(
          use, isUuid(bytes, schema) ? uuid(bytes) : ByteText.ofBytes(bytes, 0, bytes.length));
      return;
    }
    if (bytes.length == 0 || bytes.length > LONGEST_DECIMAL) {
      row.setUnusable(use);
      return;
    }
    BigDecimal value = new BigDecimal(new BigInteger(bytes), decimal.getScale());
    row.setDecimal(use, value);
  }

  private static boolean isUuid(byte[] bytes, Schema schema) {
    return "uuid".equals(schema.getProp(LogicalType.LOGICAL_TYPE_PROP))
        && bytes.length == 2 * Long.BYTES;
  }

  private static String uuid(byte[] bytes) {
    ByteBuffer longs = ByteBuffer.wrap(bytes);
    return new UUID(longs.getLong(), longs.getLong()).toString();
  }
}
