package io.tidemark.ingest.format;

import io.tidemark.event.ValueText;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TypedTime;
import io.tidemark.stats.ShortestDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Values of a numeric field; NaN is missing. */
final class NumberBatch extends ColumnBatch {
  final double[] values = new double[ROWS];
  private final boolean[] invalid = new boolean[ROWS];
  private final boolean isHalf;

  private final EventTime time;

  /** Null where the column holds no times. */
  private final TypedTime typed;

  private boolean anyInvalid;
  private double[] dictionary;
  private boolean[] dictionaryInvalid;
  private boolean unreadable;

  NumberBatch(ColumnDescriptor column, EventTime time) {
    super(column);
    this.time = time;
    typed = TypedTime.of(logical);
    isHalf = logical instanceof LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
  }

  /** Which rows held something that is no number; null: none did. */
  boolean[] invalid() {
    return anyInvalid ? invalid : null;
  }

  @Override
  void begin() {
    if (anyInvalid) {
      Arrays.fill(invalid, false);
      anyInvalid = false;
    }
  }

  @Override
  void setMissing(int at) {
    values[at] = Double.NaN;
    invalid[at] = false;
  }

  @Override
  void move(int from, int to) {
    values[to] = values[from];
    invalid[to] = invalid[from];
    invalid[from] = false;
  }

  @Override
  void setDictionary(Dictionary source) {
    int size = source.getMaxId() + 1;
    dictionary = new double[size];
    dictionaryInvalid = null;
    for (int id = 0; id < size; id++) {
      unreadable = false;
      dictionary[id] =
          switch (physical) {
            case INT32 -> of(source.decodeToInt(id));
            case INT64 -> of(source.decodeToLong(id));
            case FLOAT -> ShortestDecimal.of(source.decodeToFloat(id));
            case DOUBLE -> source.decodeToDouble(id);
            default -> of(source.decodeToBinary(id));
          };
      if (unreadable) {
        dictionaryInvalid = dictionaryInvalid == null ? new boolean[size] : dictionaryInvalid;
        dictionaryInvalid[id] = true;
      }
    }
  }

  @Override
  void setFromDictionary(int at, int[] indices, int count) {
    for (int i = 0; i < count; i++) {
      values[at + i] = dictionary[indices[i]];
    }
    if (dictionaryInvalid != null) {
      for (int i = 0; i < count; i++) {
        mark(at + i, dictionaryInvalid[indices[i]]);
      }
    }
  }

  private void mark(int at, boolean isInvalid) {
    if (isInvalid) {
      invalid[at] = true;
      anyInvalid = true;
    }
  }

  @Override
  void set(int at, int count, ColumnCursor page) {
    ByteBuffer plain = page.plain();
    if (plain == null) {
      setEach(at, count, page.values());
    } else if (physical == PrimitiveTypeName.DOUBLE) {
      plain.asDoubleBuffer().get(values, at, count);
      plain.position(plain.position() + count * Double.BYTES);
    } else {
      for (int i = at; i < at + count; i++) {
        values[i] =
            switch (physical) {
              case INT32 -> of(plain.getInt());
              case INT64 -> of(plain.getLong());
              default -> ShortestDecimal.of(plain.getFloat());
            };
      }
    }
  }

  private void setEach(int at, int count, ValuesReader reader) {
    for (int i = at; i < at + count; i++) {
      switch (physical) {
        case INT32 -> values[i] = of(reader.readInteger());
        case INT64 -> values[i] = of(reader.readLong());
        case FLOAT -> values[i] = ShortestDecimal.of(reader.readFloat());
        case DOUBLE -> values[i] = reader.readDouble();
        case BOOLEAN -> values[i] = reader.readBoolean() ? 1 : 0;
        default -> {
          unreadable = false;
          values[i] = of(reader.readBytes());
          mark(i, unreadable);
        }
      }
    }
  }

  private double of(long value) {
    if (isDecimal()) {
      return decimal(BigInteger.valueOf(value)).doubleValue();
    }
    return typed == null ? unsigned(value) : typed.number(value, time);
  }

  private double unsigned(long value) {
    return value >= 0 || !isUnsigned() ? value : (value >>> 1 | value & 1) * 2.0;
  }

  private double of(int value) {
    return isDecimal() ? decimal(BigInteger.valueOf(value)).doubleValue() : widened(value);
  }

  private double of(Binary value) {
    if (isDecimal()) {
      return decimal(new BigInteger(value.getBytesUnsafe())).doubleValue();
    }
    if (isHalf) {
      return half(value);
    }
    if (physical == PrimitiveTypeName.INT96) {
      return Int96Time.of(value).number();
    }
    Double number = ValueText.number(value.toStringUsingUTF8());
    unreadable = number == null;
    return unreadable ? Double.NaN : number;
  }
}
