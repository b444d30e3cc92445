package io.tidemark.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.RequiresPreviousReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Where one use of a column stands in its pages. The rows up to the end of a page are laid out at
 * once: which are present, then the present values as dictionary indices, as plain bytes, or for
 * rarer encodings from Parquet's own reader.
 */
final class ColumnCursor {
  private final ColumnPages pages;
  private final ColumnDescriptor column;
  private final int present;

  private int index;
  private int left;
  private RunLengthDecoder levels;
  private ValuesReader oldLevels;
  private RunLengthDecoder indices;
  private ByteBuffer plain;
  private ByteBuffer plainBytes;
  private ValuesReader values;
  private boolean empty;
  private int[] scratch = new int[ColumnBatch.ROWS];

  ColumnCursor(ColumnPages pages) {
    this.pages = pages;
    this.column = pages.column();
    this.present = column.getMaxDefinitionLevel();
  }

  Dictionary dictionary() {
    return pages.dictionary();
  }

  /** How many of the next rows lie in one page: at most {@code rows}, at least one. */
  int next(int rows) throws IOException {
    while (left == 0) {
      open(pages.page(index++));
    }
    int take = Math.min(rows, left);
    left -= take;
    return take;
  }

  private void open(ColumnPages.Page page) throws IOException {
    left = page.values();
    if (left == 0) {
      return;
    }
    ByteBuffer data = ColumnPages.buffer(page.data());
    levels = null;
    oldLevels = null;
    if (present > 0) {
      if (page.levels() != null) {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(present);
        levels = new RunLengthDecoder(ColumnPages.buffer(page.levels()), width);
      } else {
        oldLevels = page.levelEncoding().getValuesReader(column, ValuesType.DEFINITION_LEVEL);
        ByteBufferInputStream in = ByteBufferInputStream.wrap(data);
        oldLevels.initFromPage(page.values(), in);
        data = ColumnPages.buffer(in.slice(in.available()));
      }
    }
    openValues(page, data);
  }

  private void openValues(ColumnPages.Page page, ByteBuffer data) throws IOException {
    ValuesReader before = values;
    indices = null;
    plain = null;
    plainBytes = null;
    values = null;
    empty = !data.hasRemaining();
    if (empty) {
      return; // all values are missing, or the page is damaged
    }
    if (page.encoding().usesDictionary()) {
      if (dictionary() == null) {
        throw new IOException("a page lacks the dictionary that it uses");
      }
      int width = data.get();
      indices = new RunLengthDecoder(data, width);
    } else if (page.encoding() == Encoding.PLAIN && fixedWidth()) {
      plain = data;
    } else {
      if (page.encoding() == Encoding.PLAIN && type() == PrimitiveTypeName.BINARY) {
        plainBytes = ColumnPages.buffer(data);
      }
      values = page.encoding().getValuesReader(column, ValuesType.VALUES);
      values.initFromPage(page.values(), ByteBufferInputStream.wrap(data));
      if (values instanceof RequiresPreviousReader next
          && before != null
          && before.getClass() == values.getClass()) {
        next.setPreviousReader(before);
      }
    }
  }

  private boolean fixedWidth() {
    return switch (type()) {
      case INT32, INT64, FLOAT, DOUBLE -> true;
      default -> false;
    };
  }

  private PrimitiveTypeName type() {
    return column.getPrimitiveType().getPrimitiveTypeName();
  }

  /**
   * Which of the rows have a value.
   *
   * @param missing set for each row, from its first place on
   * @return how many have one
   */
  int readLevels(boolean[] missing, int rows) throws IOException {
    int count = levels(missing, rows);
    if (count > 0 && empty) {
      throw new IOException("a page lacks the values that it is to have");
    }
    return count;
  }

  private int levels(boolean[] missing, int rows) {
    if (present == 0) {
      return rows;
    }
    if (levels != null) {
      levels.read(scratch, 0, rows);
    } else {
      for (int i = 0; i < rows; i++) {
        scratch[i] = oldLevels.readInteger();
      }
    }
    int count = 0;
    for (int i = 0; i < rows; i++) {
      boolean there = scratch[i] == present;
      missing[i] = !there;
      count += there ? 1 : 0;
    }
    return count;
  }

  /** Whether the page's values are indices into the dictionary: then {@link #readIndices}. */
  boolean indexed() {
    return indices != null;
  }

  void readIndices(int[] to, int from, int count) {
    indices.read(to, from, count);
    int most = dictionary().getMaxId();
    for (int i = from; i < from + count; i++) {
      if (to[i] < 0 || to[i] > most) {
        throw new IllegalStateException("the dictionary has no value " + to[i]);
      }
    }
  }

  /** The page's plain values in Parquet's byte order, or null. */
  ByteBuffer plain() {
    return plain;
  }

  /** The page's plain values of any number of bytes, each behind its length, or null. */
  ByteBuffer plainBytes() {
    return plainBytes;
  }

  /** Parquet's reader of the page's values where they are neither indices nor plain. */
  ValuesReader values() {
    return values;
  }
}
