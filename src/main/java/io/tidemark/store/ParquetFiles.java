package io.tidemark.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Parquet files whose bytes depend on nothing but their rows: fixed codec, no writer dates, lists
 * in the three-level form that every reader takes.
 */
public final class ParquetFiles {
  private static final SpecificData MODEL = model();

  private ParquetFiles() {}

  private static SpecificData model() {
    SpecificData model = new SpecificData();
    model.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    return model;
  }

  private static ParquetWriter<IndexedRecord> writer(Schema schema, OutputStream out)
      throws IOException {
    PlainParquetConfiguration settings = new PlainParquetConfiguration();
    settings.set("parquet.avro.write-old-list-structure", "false");
    return AvroParquetWriter.<IndexedRecord>builder(new StreamOutputFile(out))
        .withSchema(schema)
        .withDataModel(MODEL)
        .withConf(settings)
        .withCodecFactory(new ParquetCodecs())
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .build();
  }

  private static <T> ParquetWriter<T> writer(WriteSupport<T> rows, OutputStream out)
      throws IOException {
    return new RowsBuilder<>(rows, out)
        .withConf(new PlainParquetConfiguration())
        .withCodecFactory(new ParquetCodecs())
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .build();
  }

  private static final class RowsBuilder<T> extends ParquetWriter.Builder<T, RowsBuilder<T>> {
    private final WriteSupport<T> rows;

    RowsBuilder(WriteSupport<T> rows, OutputStream out) {
      super(new StreamOutputFile(out));
      this.rows = rows;
    }

    @Override
    protected RowsBuilder<T> self() {
      return this;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(org.apache.hadoop.conf.Configuration settings) {
      return rows;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(ParquetConfiguration settings) {
      return rows;
    }
  }

  /** The bytes of a file with these Avro records, the same in every process. */
  public static byte[] bytes(Schema schema, Iterable<? extends IndexedRecord> rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ParquetWriter<IndexedRecord> writer = writer(schema, out)) {
      for (IndexedRecord row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return CanonicalFooter.of(out.toByteArray());
  }

  /** The bytes of a file with rows that write themselves, the same in every process. */
  public static <T> byte[] bytes(WriteSupport<T> support, Iterable<T> rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ParquetWriter<T> writer = writer(support, out)) {
      for (T row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return CanonicalFooter.of(out.toByteArray());
  }

  /**
   * Rows of a file in memory.
   *
   * @param columns that are wanted, of those that the file has
   */
  public static void read(byte[] file, Set<String> columns, Consumer<Group> rows)
      throws IOException {
    InputFile input = new BytesInputFile(file);
    PlainParquetConfiguration settings = new PlainParquetConfiguration();
    ParquetReadOptions options =
        ParquetReadOptions.builder(settings).withCodecFactory(new ParquetCodecs()).build();
    MessageType wanted;
    try (ParquetFileReader footer = ParquetFileReader.open(input, options)) {
      MessageType all = footer.getFileMetaData().getSchema();
      wanted =
          new MessageType(
              all.getName(),
              all.getFields().stream().filter(each -> columns.contains(each.getName())).toList());
    }
    settings.set(ReadSupport.PARQUET_READ_SCHEMA, wanted.toString());
    try (ParquetReader<Group> reader =
        new GroupsBuilder(input, settings).withCodecFactory(new ParquetCodecs()).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.accept(row);
      }
    }
  }

  private static final class GroupsBuilder extends ParquetReader.Builder<Group> {
    GroupsBuilder(InputFile input, ParquetConfiguration settings) {
      super(input, settings);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }

  private record BytesInputFile(byte[] content) implements InputFile {
    @Override
    public long getLength() {
      return content.length;
    }

    @Override
    public SeekableInputStream newStream() {
      Bytes bytes = new Bytes(content);
      return new DelegatingSeekableInputStream(bytes) {
        @Override
        public long getPos() {
          return bytes.at();
        }

        @Override
        public void seek(long to) {
          bytes.seek(to);
        }
      };
    }
  }

  /** Bytes that may be read from anywhere. */
  private static final class Bytes extends ByteArrayInputStream {
    Bytes(byte[] content) {
      super(content);
    }

    int at() {
      return pos;
    }

    void seek(long to) {
      pos = Math.toIntExact(to);
    }
  }

  private record StreamOutputFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new CountingStream(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class CountingStream extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    CountingStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
