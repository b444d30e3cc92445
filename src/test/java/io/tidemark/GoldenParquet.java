package io.tidemark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.store.ContentHash;
import io.tidemark.store.ParquetCodecs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Holds a Parquet file to what it says, in words, and to a hash of its bytes. What is ours is the
 * schema, the metadata, the codec and encodings of columns, the rows and their order. The hash is
 * of the rest, too: what the writer and its compression make of them, and nothing of the writer's
 * version, which the footer names. A change of the hash alone, where the writer or zstd is a newer
 * one, is no other form, but files of equal rows get other names: the changelog has to say so.
 */
public final class GoldenParquet {
  private static final int TAIL = 8;

  private GoldenParquet() {}

  /**
   * @param name of a resource: what {@link #described} says
   * @param hash of the bytes, with the version that wrote them left out
   */
  public static void holds(byte[] file, String name, String hash) throws IOException {
    try (InputStream expected = GoldenParquet.class.getResourceAsStream("/golden/" + name)) {
      assertThat(described(file)).isEqualTo(new String(expected.readAllBytes(), UTF_8));
    }
    assertThat(ContentHash.of(withoutVersion(file))).isEqualTo(hash);
  }

  /** How many rows a file has, as its footer says. */
  public static long rows(byte[] file) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
    try (ParquetFileReader reader = ParquetFileReader.open(new Bytes(file), options)) {
      return reader.getRecordCount();
    }
  }

  private static byte[] withoutVersion(byte[] file) throws IOException {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - TAIL);
    int start = file.length - TAIL - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, start, length));
    assertThat(footer.getCreated_by()).startsWith("parquet-mr version ");
    footer.setCreated_by("");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, start);
    Util.writeFileMetaData(footer, out);
    return out.toByteArray();
  }

  private static String described(byte[] file) throws IOException {
    StringBuilder text = new StringBuilder();
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs())
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(new Bytes(file), options)) {
      ParquetMetadata footer = reader.getFooter();
      MessageType schema = footer.getFileMetaData().getSchema();
      // Parquet writes names of types in small letters of the language that the test runs in.
      text.append(schema.toString().replace('ı', 'i'));
      Map<String, String> metadata = new TreeMap<>(footer.getFileMetaData().getKeyValueMetaData());
      metadata.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
      for (BlockMetaData block : footer.getBlocks()) {
        text.append(block.getRowCount()).append(" rows\n");
        for (ColumnChunkMetaData column : block.getColumns()) {
          text.append(String.join(".", column.getPath().toArray()))
              .append(": ")
              .append(column.getCodec())
              .append(" ")
              .append(column.getEncodings().stream().map(Enum::name).sorted().toList())
              .append(" ")
              .append(column.getValueCount())
              .append(" values\n  ")
              .append(column.getStatistics())
              .append('\n');
        }
      }
      PageReadStore pages = reader.readNextRowGroup();
      RecordReader<Group> rows =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(pages, new GroupRecordConverter(schema));
      for (long row = 0; row < pages.getRowCount(); row++) {
        text.append("row ").append(row).append('\n').append(rows.read().toString().strip());
        text.append('\n');
      }
      assertThat(reader.readNextRowGroup()).isNull();
    }
    return text.toString();
  }

  /** A file in memory. */
  private record Bytes(byte[] content) implements InputFile {
    @Override
    public long getLength() {
      return content.length;
    }

    @Override
    public SeekableInputStream newStream() {
      Positioned in = new Positioned(content);
      return new DelegatingSeekableInputStream(in) {
        @Override
        public long getPos() {
          return in.position();
        }

        @Override
        public void seek(long position) {
          in.position(position);
        }
      };
    }
  }

  private static final class Positioned extends ByteArrayInputStream {
    Positioned(byte[] content) {
      super(content);
    }

    int position() {
      return pos;
    }

    void position(long position) {
      pos = (int) position;
    }
  }
}
