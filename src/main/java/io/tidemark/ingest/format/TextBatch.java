package io.tidemark.ingest.format;

import io.tidemark.event.TextColumn;
import io.tidemark.event.ValueText;
import io.tidemark.ingest.row.ByteText;
import io.tidemark.ingest.row.EventColumns.Kind;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TypedTime;
import io.tidemark.stats.NumberText;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Values as text. A batch whose pages all use the column's dictionary keeps its indices as codes;
 * otherwise each row's code is the row itself.
 */
final class TextBatch extends ColumnBatch {
  private final int[] codes = new int[ROWS];
  private final EventTime time;
  private final boolean isHalf;
  private final boolean isId;

  /** Whether bytes are called text by their type. */
  private final boolean isText;

  /** Null where the column holds no times. */
  private final TypedTime typed;

  private String[] dictionary;

  /** The codes' values: the dictionary, or a table of this batch. */
  private String[] table;

  TextBatch(ColumnDescriptor column, Kind kind, EventTime time) {
    super(column);
    this.time = time;
    this.isId = kind == Kind.ID;
    this.isText =
        logical instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
            || logical instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
            || logical instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
    this.typed = TypedTime.of(logical);
    this.isHalf = logical instanceof LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
  }

  TextColumn column() {
    return new TextColumn(table, codes);
  }

  @Override
  void begin() {
    table = dictionary == null ? new String[ROWS] : dictionary;
  }

  @Override
  void setMissing(int at) {
    codes[at] = -1;
  }

  @Override
  void move(int from, int to) {
    if (table != dictionary && codes[from] >= 0) {
      table[to] = table[codes[from]];
      codes[to] = to;
    } else {
      codes[to] = codes[from];
    }
  }

  @Override
  void setDictionary(Dictionary source) {
    dictionary = new String[source.getMaxId() + 1];
    for (int id = 0; id < dictionary.length; id++) {
      dictionary[id] =
          switch (physical) {
            case INT32 -> of(source.decodeToInt(id));
            case INT64 -> of(source.decodeToLong(id));
            case FLOAT -> NumberText.of(source.decodeToFloat(id));
            case DOUBLE -> NumberText.of(source.decodeToDouble(id));
            default -> of(source.decodeToBinary(id));
          };
    }
  }

  @Override
  void open(ColumnCursor pages) {
    dictionary = null;
    super.open(pages);
  }

  @Override
  void setFromDictionary(int at, int[] indices, int count) {
    if (table == dictionary) {
      for (int i = 0; i < count; i++) {
        // A dictionary of doubles may hold NaN, which is missing.
        codes[at + i] = dictionary[indices[i]] == null ? -1 : indices[i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      put(at + i, dictionary[indices[i]]);
    }
  }

  private void put(int at, String text) {
    table[at] = text;
    codes[at] = text == null ? -1 : at;
  }

  @Override
  void set(int at, int count, ColumnCursor page) {
    if (table == dictionary) {
      leaveDictionary(at);
    }
    ByteBuffer plain = page.plain();
    ValuesReader reader = page.values();
    for (int i = at; i < at + count; i++) {
      put(
          i,
          switch (physical) {
            case INT32 -> of(plain != null ? plain.getInt() : reader.readInteger());
            case INT64 -> of(plain != null ? plain.getLong() : reader.readLong());
            case FLOAT -> NumberText.of(plain != null ? plain.getFloat() : reader.readFloat());
            case DOUBLE -> NumberText.of(plain != null ? plain.getDouble() : reader.readDouble());
            case BOOLEAN -> ValueText.of(reader.readBoolean());
            default -> of(reader.readBytes());
          });
    }
  }

  /** Writers give up a dictionary that grows too large in the middle of a column. */
  private void leaveDictionary(int rows) {
    table = new String[ROWS];
    for (int i = 0; i < rows; i++) {
      if (codes[i] >= 0) {
        put(i, dictionary[codes[i]]);
      }
    }
  }

  private String of(int value) {
    if (isDecimal()) {
      return NumberText.of(decimal(BigInteger.valueOf(value)));
    }
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(value).toString();
    }
    return typed != null ? typed.text(value, time) : Long.toString(widened(value));
  }

  private String of(long value) {
    if (isDecimal()) {
      return NumberText.of(decimal(BigInteger.valueOf(value)));
    }
    if (typed != null) {
      return typed.text(value, time);
    }
    return isUnsigned() ? Long.toUnsignedString(value) : Long.toString(value);
  }

  /** The text that bytes stand for. */
  String of(Binary value) {
    if (isDecimal()) {
      return NumberText.of(decimal(new BigInteger(value.getBytesUnsafe())));
    }
    if (physical == PrimitiveTypeName.INT96) {
      return Int96Time.of(value).text();
    }
    if (isHalf) {
      return NumberText.of(half(value));
    }
    if (logical instanceof UUIDLogicalTypeAnnotation) {
      ByteBuffer bytes = value.toByteBuffer();
      return new java.util.UUID(bytes.getLong(), bytes.getLong()).toString();
    }
    String text = value.toStringUsingUTF8();
    if (ByteText.isSuspect(text) || !isText && ByteText.hasControls(text)) {
      byte[] bytes = value.getBytes();
      return isText
          ? ByteText.ofText(bytes, 0, bytes.length)
          : ByteText.ofBytes(bytes, 0, bytes.length);
    }
    return isId ? NumberText.ofName(text) : text;
  }
}
