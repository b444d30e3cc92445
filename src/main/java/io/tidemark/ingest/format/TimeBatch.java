package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TypedTime;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Event times in microseconds since the epoch; {@link EventTime#MISSING} is missing. */
final class TimeBatch extends ColumnBatch {
  final long[] values = new long[ROWS];
  private final EventTime time;
  private final TypedTime typed;
  private long[] dictionary;

  TimeBatch(ColumnDescriptor column, EventTime time) {
    super(column);
    this.time = time;
    this.typed = TypedTime.of(logical);
    Arrays.fill(values, EventTime.MISSING);
  }

  @Override
  void setMissing(int at) {
    values[at] = EventTime.MISSING;
  }

  @Override
  void move(int from, int to) {
    values[to] = values[from];
  }

  @Override
  void setDictionary(Dictionary source) {
    dictionary = new long[source.getMaxId() + 1];
    for (int id = 0; id < dictionary.length; id++) {
      dictionary[id] =
          switch (physical) {
            case INT32 -> of(source.decodeToInt(id));
            case INT64 -> of(source.decodeToLong(id));
            case FLOAT -> of(source.decodeToFloat(id));
            case DOUBLE -> of(source.decodeToDouble(id));
            default -> of(source.decodeToBinary(id));
          };
    }
  }

  @Override
  void setFromDictionary(int at, int[] indices, int count) {
    for (int i = 0; i < count; i++) {
      values[at + i] = dictionary[indices[i]];
    }
  }

  @Override
  void set(int at, int count, ColumnCursor page) {
    ByteBuffer plain = page.plain();
    ValuesReader reader = page.values();
    for (int i = at; i < at + count; i++) {
      values[i] =
          switch (physical) {
            case INT64 -> of(plain != null ? plain.getLong() : reader.readLong());
            case INT32 -> of(plain != null ? plain.getInt() : reader.readInteger());
            case FLOAT -> of(plain != null ? plain.getFloat() : reader.readFloat());
            case DOUBLE -> of(plain != null ? plain.getDouble() : reader.readDouble());
            case BOOLEAN -> unreadable(reader.readBoolean());
            default -> of(reader.readBytes());
          };
    }
  }

  private static long unreadable(boolean skipped) {
    return EventTime.UNREADABLE;
  }

  private long of(double value) {
    return Double.isNaN(value) ? EventTime.MISSING : time.ofNumber(value);
  }

  private long of(long value) {
    return isDecimal()
        ? time.ofNumber(decimal(BigInteger.valueOf(value)))
        : typed == null ? time.ofNumber(value) : typed.micros(value, time);
  }

  private long of(int value) {
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return time.ofDate(value);
    }
    return of(widened(value));
  }

  private long of(Binary value) {
    if (isDecimal()) {
      return time.ofNumber(decimal(new BigInteger(value.getBytesUnsafe())));
    }
    if (physical == PrimitiveTypeName.INT96) {
      return Int96Time.of(value).micros();
    }
    String text = value.toStringUsingUTF8();
    return text.isEmpty() ? EventTime.MISSING : time.ofText(text);
  }
}
