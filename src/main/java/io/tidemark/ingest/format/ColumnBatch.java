package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.stats.ShortestDecimal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Some rows of one Parquet column, decoded to what its use wants: numbers, texts or times. Values
 * of a dictionary are converted once, not once a row.
 */
public abstract class ColumnBatch {
  /** Few enough that a batch's columns stay in the processor's caches. */
  public static final int ROWS = 2048;

  final ColumnDescriptor column;
  final LogicalTypeAnnotation logical;
  final PrimitiveTypeName physical;
  private final boolean[] missing = new boolean[ROWS];
  private final int[] indices = new int[ROWS];
  private ColumnCursor cursor;

  ColumnBatch(ColumnDescriptor column) {
    this.column = column;
    this.logical = column.getPrimitiveType().getLogicalTypeAnnotation();
    this.physical = column.getPrimitiveType().getPrimitiveTypeName();
  }

  static ColumnBatch of(ColumnDescriptor column, Use use, EventTime time) {
    return switch (use.kind()) {
      case NUMBER -> new NumberBatch(column, time);
      case TIME -> new TimeBatch(column, time);
      case ID -> IdBatch.suits(column) ? new IdBatch(column, time) : text(column, use, time);
      default -> text(column, use, time);
    };
  }

  private static TextBatch text(ColumnDescriptor column, Use use, EventTime time) {
    return new TextBatch(column, use.kind(), time);
  }

  /** Goes on with the column's pages in another row group. */
  void open(ColumnCursor pages) {
    cursor = pages;
    if (pages.dictionary() != null) {
      setDictionary(pages.dictionary());
    }
  }

  /** Decodes the next rows of the column to the front of the batch. */
  void read(int rows) throws IOException {
    begin();
    for (int at = 0; at < rows; ) {
      int take = cursor.next(rows - at);
      int present = cursor.readLevels(missing, take);
      if (cursor.indexed()) {
        cursor.readIndices(indices, 0, present);
        setFromDictionary(at, indices, present);
      } else {
        set(at, present, cursor);
      }
      if (present < take) {
        spread(at, take, present);
      }
      at += take;
    }
  }

  /** Moves values that stand side by side to the rows that have one. */
  private void spread(int at, int rows, int present) {
    int from = present;
    for (int row = rows - 1; row >= 0; row--) {
      if (missing[row]) {
        setMissing(at + row);
      } else if (--from != row) {
        move(at + from, at + row);
      }
    }
  }

  /** The batch's rows are about to be set from the first on. */
  void begin() {}

  abstract void setDictionary(Dictionary dictionary);

  abstract void setFromDictionary(int at, int[] indices, int count);

  /** Sets rows from plain bytes or from Parquet's reader. */
  abstract void set(int at, int count, ColumnCursor page);

  abstract void setMissing(int at);

  abstract void move(int from, int to);

  /** The unscaled value of a decimal as a number. */
  BigDecimal decimal(BigInteger unscaled) {
    return new BigDecimal(unscaled, ((DecimalLogicalTypeAnnotation) logical).getScale());
  }

  /** Parquet's FLOAT16: IEEE half precision, low byte first. */
  static double half(Binary value) {
    return ShortestDecimal.ofHalf(value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort());
  }

  boolean isDecimal() {
    return logical instanceof DecimalLogicalTypeAnnotation;
  }

  boolean isUnsigned() {
    return logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation type
        && !type.isSigned();
  }

  long widened(int value) {
    return isUnsigned() ? Integer.toUnsignedLong(value) : value;
  }
}
