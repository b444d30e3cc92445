package io.tidemark.ingest.format;

import io.tidemark.event.IdColumn;
import io.tidemark.ingest.row.EventColumns.Kind;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.stats.Hash128;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Ids as the bytes that stand in the page. Nearly all ids are never looked at as text: they are
 * hashed, to find copies and labels, or only have to be there.
 */
final class IdBatch extends ColumnBatch implements IdColumn {
  private static final byte[] HEX = {'h', 'e', 'x', ':'};

  /** Says what bytes are as text. */
  private final TextBatch meaning;

  private final byte[][] bytes = new byte[ROWS][];
  private final int[] from = new int[ROWS];

  /** -1: missing. */
  private final int[] lengths = new int[ROWS];

  private final String[] texts = new String[ROWS];
  private boolean asked;
  private byte[][] dictionary;

  IdBatch(ColumnDescriptor column, EventTime time) {
    super(column);
    this.meaning = new TextBatch(column, Kind.ID, time);
  }

  /** Whether a column's values are bytes of any number that are no numbers. */
  static boolean suits(ColumnDescriptor column) {
    PrimitiveType type = column.getPrimitiveType();
    return type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && !(type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation);
  }

  @Override
  void begin() {
    if (asked) {
      Arrays.fill(texts, null);
      asked = false;
    }
  }

  @Override
  void setDictionary(Dictionary source) {
    dictionary = new byte[source.getMaxId() + 1][];
    for (int id = 0; id < dictionary.length; id++) {
      dictionary[id] = source.decodeToBinary(id).getBytes();
    }
  }

  @Override
  void setFromDictionary(int at, int[] indices, int count) {
    for (int i = 0; i < count; i++) {
      put(at + i, dictionary[indices[i]]);
    }
  }

  private void put(int at, byte[] value) {
    bytes[at] = value;
    from[at] = 0;
    lengths[at] = value.length;
  }

  @Override
  void set(int at, int count, ColumnCursor page) {
    ByteBuffer plain = page.plainBytes();
    if (plain == null || !plain.hasArray()) {
      ValuesReader reader = page.values();
      for (int i = at; i < at + count; i++) {
        put(i, reader.readBytes().getBytes());
      }
      return;
    }
    byte[] array = plain.array();
    for (int i = at; i < at + count; i++) {
      int length = plain.getInt();
      if (length < 0 || length > plain.remaining()) {
        throw new IllegalStateException("a value is to have " + length + " bytes");
      }
      bytes[i] = array;
      from[i] = plain.arrayOffset() + plain.position();
      lengths[i] = length;
      plain.position(plain.position() + length);
    }
  }

  @Override
  void setMissing(int at) {
    lengths[at] = -1;
  }

  @Override
  void move(int source, int to) {
    bytes[to] = bytes[source];
    from[to] = from[source];
    lengths[to] = lengths[source];
  }

  @Override
  public boolean isEmpty(int row) {
    return lengths[row] <= 0;
  }

  @Override
  public String text(int row) {
    if (lengths[row] < 0) {
      return null;
    }
    if (texts[row] == null) {
      asked = true;
      texts[row] = meaning.of(Binary.fromConstantByteArray(bytes[row], from[row], lengths[row]));
    }
    return texts[row];
  }

  @Override
  public Hash128 hash(int row) {
    return isPlain(bytes[row], from[row], lengths[row])
        ? Hash128.of(bytes[row], from[row], lengths[row])
        : IdColumn.super.hash(row);
  }

  /** Whether the bytes are those of the text that they stand for, whatever the column's type. */
  private static boolean isPlain(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      byte b = bytes[i];
      if (b < ' ' || b == 0x7f || b == '.' || b == '+') {
        return false;
      }
    }
    return length < HEX.length
        || !Arrays.equals(bytes, from, from + HEX.length, HEX, 0, HEX.length);
  }
}
