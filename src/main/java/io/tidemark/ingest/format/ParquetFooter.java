package io.tidemark.ingest.format;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet footer in which what this version of Parquet's reader does not know, and what is
 * encrypted, no longer keeps the rest of the file from being read:
 *
 * <ul>
 *   <li>An unknown logical type is none: by Parquet's rule the column is of its physical type.
 *   <li>Encodings that are unknown are not listed; pages say themselves what they use.
 *   <li>A column that is encrypted under a plaintext footer is listed as any other, and in {@link
 *       #encrypted}: nobody may read its pages.
 *   <li>Chunks of parquet-mr before 1.2.9 are said to be shorter than they are by the header of
 *       their dictionary page. They are made longer by what such a header may take at most, as
 *       Impala and Arrow do.
 * </ul>
 */
final class ParquetFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final String ENCRYPTED = "PARE";
  private static final int TAIL = MAGIC.length + Integer.BYTES;

  /** Bytes of the largest header of a dictionary page. */
  private static final int DICTIONARY_HEADER = 100;

  private static final Pattern WRITER =
      Pattern.compile("parquet-mr(?: version (\\d+)\\.(\\d+)\\.(\\d+).*)?", Pattern.DOTALL);

  private final FileMetaData footer;
  private final long start;
  private final Set<String> encrypted = new HashSet<>();
  private List<Leaf> leaves;
  private boolean differs;

  private ParquetFooter(FileMetaData footer, long start) {
    this.footer = footer;
    this.start = start;
    footer.getSchema().forEach(this::forgetUnknownType);
    for (RowGroup group : footer.getRow_groups()) {
      for (int i = 0; i < group.getColumnsSize(); i++) {
        decrypt(group, i);
        forgetUnknownEncodings(group.getColumns().get(i).getMeta_data());
      }
    }
    if (hasShortChunks(footer.getCreated_by())) {
      footer.getRow_groups().forEach(group -> group.getColumns().forEach(this::lengthen));
    }
  }

  /**
   * @throws IOException if the file has no footer that can be read
   */
  static ParquetFooter of(ParquetInput input) throws IOException {
    long length = input.getLength();
    if (length < MAGIC.length + TAIL) {
      throw new IOException("it is not a Parquet file (length is too low: " + length + ")");
    }
    try (SeekableInputStream in = input.newStream()) {
      byte[] tail = new byte[TAIL];
      in.seek(length - TAIL);
      in.readFully(tail);
      String magic = new String(tail, Integer.BYTES, MAGIC.length, StandardCharsets.ISO_8859_1);
      if (magic.equals(ENCRYPTED)) {
        throw new IOException(
            "it is encrypted, its footer included; write it without encryption, or with a"
                + " plaintext footer and only such columns encrypted as the spec does not name");
      }
      int size = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      long start = length - TAIL - size;
      if (!magic.equals("PAR1") || size < 0 || start < MAGIC.length) {
        throw new IOException("it is no whole Parquet file: it does not end with a footer");
      }
      byte[] bytes = new byte[size];
      in.seek(start);
      in.readFully(bytes);
      return new ParquetFooter(Util.readFileMetaData(new ByteArrayInputStream(bytes)), start);
    }
  }

  /**
   * Whether chunks of a file may be longer than their footer says.
   *
   * @param createdBy the writer's own words, or null
   */
  static boolean hasShortChunks(String createdBy) {
    Matcher writer = WRITER.matcher(createdBy == null ? "" : createdBy);
    if (!writer.matches()) {
      return false;
    }
    if (writer.group(1) == null) {
      return true; // from before they gave their version
    }
    int[] fixed = {1, 2, 9};
    for (int i = 0; i < fixed.length; i++) {
      String part = writer.group(i + 1);
      int number = part.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(part);
      if (number != fixed[i]) {
        return number < fixed[i];
      }
    }
    return false;
  }

  /** Whether anything was changed. */
  boolean differs() {
    return differs;
  }

  /** Paths of columns that are encrypted, names parted by NUL. */
  Set<String> encrypted() {
    return Set.copyOf(encrypted);
  }

  private void forgetUnknownType(SchemaElement element) {
    if (element.isSetLogicalType() && !isKnown(element.getLogicalType())) {
      element.unsetLogicalType();
      differs = true;
    }
  }

  private static boolean isKnown(LogicalType type) {
    if (type.getSetField() == null) {
      return false;
    }
    TimeUnit unit =
        type.isSetTIMESTAMP()
            ? type.getTIMESTAMP().getUnit()
            : type.isSetTIME() ? type.getTIME().getUnit() : null;
    return unit == null || unit.getSetField() != null;
  }

  private void forgetUnknownEncodings(ColumnMetaData column) {
    differs |= column.getEncodings().removeIf(Objects::isNull);
    if (column.isSetEncoding_stats()) {
      differs |=
          column
              .getEncoding_stats()
              .removeIf(stats -> stats.getEncoding() == null || stats.getPage_type() == null);
    }
  }

  private void decrypt(RowGroup group, int index) {
    ColumnChunk chunk = group.getColumns().get(index);
    if (!chunk.isSetCrypto_metadata() && chunk.isSetMeta_data()) {
      return;
    }
    if (!chunk.isSetMeta_data()) {
      chunk.setMeta_data(unknown(leaves().get(index), group.getNum_rows()));
    }
    encrypted.add(String.join("\0", chunk.getMeta_data().getPath_in_schema()));
    chunk.unsetCrypto_metadata();
    chunk.unsetEncrypted_column_metadata();
    footer.unsetEncryption_algorithm();
    footer.unsetFooter_signing_key_metadata();
    differs = true;
  }

  /** A leaf of the schema and the names down to it. */
  private record Leaf(SchemaElement element, List<String> path) {}

  private List<Leaf> leaves() {
    if (leaves == null) {
      leaves = new ArrayList<>();
      int at = 1;
      for (int i = 0; i < footer.getSchema().get(0).getNum_children(); i++) {
        at = addLeaves(at, List.of());
      }
    }
    return leaves;
  }

  private int addLeaves(int at, List<String> above) {
    SchemaElement element = footer.getSchema().get(at);
    List<String> path = new ArrayList<>(above);
    path.add(element.getName());
    int next = at + 1;
    if (!element.isSetNum_children()) {
      leaves.add(new Leaf(element, path));
    }
    for (int i = 0; i < element.getNum_children(); i++) {
      next = addLeaves(next, path);
    }
    return next;
  }

  private static ColumnMetaData unknown(Leaf leaf, long rows) {
    return new ColumnMetaData(
        leaf.element().getType(),
        new ArrayList<>(),
        leaf.path(),
        CompressionCodec.UNCOMPRESSED,
        rows,
        0,
        0,
        MAGIC.length);
  }

  private void lengthen(ColumnChunk chunk) {
    ColumnMetaData column = chunk.getMeta_data();
    long from = column.getData_page_offset();
    if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0) {
      from = Math.min(from, column.getDictionary_page_offset());
    }
    long behind = start - from - column.getTotal_compressed_size();
    long more = Math.max(0, Math.min(DICTIONARY_HEADER, behind));
    column.setTotal_compressed_size(column.getTotal_compressed_size() + more);
    differs |= more > 0;
  }

  /** The file with this footer in place of its own. */
  InputFile over(ParquetInput file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, out);
    int size = out.size();
    out.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(size).array());
    out.write(MAGIC);
    return new ParquetOverlay(file, start, out.toByteArray());
  }
}
