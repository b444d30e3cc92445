package io.tidemark.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;

/**
 * The pages of one column in one row group, decompressed. A column may have several uses, each with
 * a cursor of its own; a page is kept until all have passed it.
 */
final class ColumnPages {
  private final ColumnDescriptor column;
  private final PageReader reader;
  private final int uses;
  private final Dictionary dictionary;
  private final Map<Integer, Page> kept = new HashMap<>();
  private final Map<Integer, Integer> served = new HashMap<>();
  private int read;

  /**
   * A data page.
   *
   * @param values rows of it, missing ones included
   * @param levels definition levels in run-length form; null: in no form that is decoded here
   * @param data from the first value on; with {@code levels} null, from the levels on
   * @param index of the page in the column
   */
  record Page(
      int index,
      int values,
      Encoding levelEncoding,
      ByteBuffer levels,
      Encoding encoding,
      ByteBuffer data) {}

  ColumnPages(ColumnDescriptor column, PageReader reader, int uses) throws IOException {
    this.column = column;
    this.reader = reader;
    this.uses = uses;
    DictionaryPage page = reader.readDictionaryPage();
    this.dictionary = page == null ? null : page.getEncoding().initDictionary(column, page);
  }

  ColumnDescriptor column() {
    return column;
  }

  /** The column's dictionary in this row group, or null. */
  Dictionary dictionary() {
    return dictionary;
  }

  /** A page, to each of the uses once. */
  Page page(int index) throws IOException {
    Page page = kept.get(index);
    if (page == null) {
      page = next();
    }
    if (served.merge(index, 1, Integer::sum) < uses) {
      kept.put(index, page);
    } else {
      kept.remove(index);
      served.remove(index);
    }
    return page;
  }

  private Page next() throws IOException {
    DataPage page = reader.readPage();
    if (page == null) {
      throw new IOException("column " + String.join(".", column.getPath()) + " ends too early");
    }
    int index = read++;
    if (page instanceof DataPageV2 two) {
      return new Page(
          index,
          two.getValueCount(),
          Encoding.RLE,
          buffer(two.getDefinitionLevels().toByteBuffer()),
          two.getDataEncoding(),
          buffer(two.getData().toByteBuffer()));
    }
    DataPageV1 one = (DataPageV1) page;
    ByteBuffer bytes = buffer(one.getBytes().toByteBuffer());
    ByteBuffer levels = null;
    boolean empty = one.getValueCount() == 0 && !bytes.hasRemaining();
    if (!empty && column.getMaxDefinitionLevel() > 0 && one.getDlEncoding() == Encoding.RLE) {
      int length = bytes.getInt();
      levels = buffer(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      bytes = buffer(bytes.slice());
    }
    return new Page(
        index, one.getValueCount(), one.getDlEncoding(), levels, one.getValueEncoding(), bytes);
  }

  /** Parquet's byte order, and a position of its own. */
  static ByteBuffer buffer(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }
}
