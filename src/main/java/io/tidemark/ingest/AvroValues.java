package io.tidemark.ingest;

import io.tidemark.ingest.EventColumns.Kind;
import io.tidemark.ingest.EventColumns.Use;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.ShortestDecimal;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
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
    LogicalType logical = schema.getLogicalType();
    switch (schema.getType()) {
      case INT -> {
        int value = in.readInt();
        uses.forEach(use -> setInt(use, value, logical, row));
      }
      case LONG -> {
        long value = in.readLong();
        uses.forEach(use -> setLong(use, value, logical, row));
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
        String value = in.readString();
        uses.forEach(use -> row.setText(use, value));
      }
      case BYTES -> {
        ByteBuffer value = in.readBytes(null);
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        uses.forEach(use -> setBytes(use, bytes, logical, row));
      }
      case FIXED -> {
        byte[] bytes = new byte[schema.getFixedSize()];
        in.readFixed(bytes);
        uses.forEach(use -> setBytes(use, bytes, logical, row));
      }
      default -> throw new IllegalStateException("no scalar: " + schema.getType());
    }
  }

  private void setInt(Use use, int value, LogicalType logical, EventAssembler row) {
    if (!(logical instanceof LogicalTypes.Date)) {
      row.setLong(use, value);
    } else if (use.kind() == Kind.TIME) {
      row.setTime(times.ofDate(value));
    } else if (use.kind() == Kind.NUMBER) {
      row.setLong(use, value);
    } else {
      row.setText(use, LocalDate.ofEpochDay(value).toString());
    }
  }

  private void setLong(Use use, long value, LogicalType logical, EventAssembler row) {
    long micros = logical == null ? Long.MAX_VALUE : micros(value, logical);
    if (micros == Long.MAX_VALUE) {
      row.setLong(use, value); // no time
    } else if (micros == EventTime.UNREADABLE && use.kind() != Kind.TIME) {
      row.setLong(use, value);
    } else if (use.kind() == Kind.NUMBER) {
      row.setLong(use, micros);
    } else if (use.kind() == Kind.TIME) {
      row.setTime(micros);
    } else {
      row.setText(use, WindowSpec.instant(micros).toString());
    }
  }

  /** A typed timestamp, UNREADABLE beyond the range, or MAX_VALUE: no timestamp. */
  private long micros(long value, LogicalType logical) {
    String name = logical.getName();
    boolean local = name.startsWith("local-timestamp-");
    if (!local && !name.startsWith("timestamp-")) {
      return Long.MAX_VALUE;
    }
    long micros;
    try {
      micros =
          name.endsWith("-millis")
              ? Math.multiplyExact(value, 1000L)
              : name.endsWith("-nanos") ? Math.floorDiv(value, 1000L) : value;
    } catch (ArithmeticException e) {
      return EventTime.UNREADABLE;
    }
    return local ? times.ofLocal(micros) : micros;
  }

  private static void setBytes(Use use, byte[] bytes, LogicalType logical, EventAssembler row) {
    if (!(logical instanceof LogicalTypes.Decimal decimal)) {
      row.setText(use, new String(bytes, StandardCharsets.UTF_8));
      return;
    }
    if (bytes.length == 0 || bytes.length > LONGEST_DECIMAL) {
      row.setUnusable(use);
      return;
    }
    BigDecimal value = new BigDecimal(new BigInteger(bytes), decimal.getScale());
    row.setDecimal(use, value);
  }
}
