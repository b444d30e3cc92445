package io.tidemark.ingest.format;

import io.airlift.compress.lz4.Lz4HadoopStreams;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.store.ParquetCodecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Files by Parquet's own writer, which has every type, page and encoding, and what they read as.
 */
public final class WrittenParquet {
  private WrittenParquet() {}

  /** The events and dead letters of some files. */
  public static final class Rows implements EventSink {
    public final List<InferenceEvent> events = new ArrayList<>();
    public final List<DeadLetter> bad = new ArrayList<>();

    @Override
    public void event(InferenceEvent event) {
      events.add(event);
    }

    @Override
    public void bad(DeadLetter letter) {
      bad.add(letter);
    }
  }

  public static MonitoringSpec spec(String features) {
    return SpecReader.read(
        "test",
        """
        model: m
        task: binary
        events: {time: at, timezone: Europe/Berlin, prediction: {score: p, positive: 1}}
        features: {FEATURES}
        window: {size: P1D}
        """
            .replace("FEATURES", features));
  }

  public static Rows read(Path uri, MonitoringSpec spec) throws IOException {
    return read(EventFiles.plan(uri.toString(), spec), spec);
  }

  public static Rows read(EventFiles files, MonitoringSpec spec) throws IOException {
    Rows rows = new Rows();
    Readers readers = new Readers(EventColumns.all(spec), Redaction.of(spec, null));
    for (FileSplit split : files.splits()) {
      readers.of(split.format()).read(split, rows);
    }
    return rows;
  }

  /** Rows of a schema, each set by its number; the writer's settings as the test has them. */
  public static Path write(
      Path file,
      String schema,
      int rows,
      UnaryOperator<ExampleParquetWriter.Builder> settings,
      BiConsumer<Integer, Group> row)
      throws IOException {
    Files.deleteIfExists(file);
    MessageType type = MessageTypeParser.parseMessageType("message m {" + schema + "}");
    SimpleGroupFactory groups = new SimpleGroupFactory(type);
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs())
            .withType(type);
    try (ParquetWriter<Group> writer = settings.apply(builder).build()) {
      for (int i = 0; i < rows; i++) {
        Group group = groups.newGroup();
        row.accept(i, group);
        writer.write(group);
      }
    }
    return file;
  }

  /** LZ4 as Hadoop frames it, which Spark and old Arrow write. */
  static final class HadoopLz4 implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return new BytesInputCompressor() {
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
          ByteArrayOutputStream packed = new ByteArrayOutputStream();
          try (OutputStream out = new Lz4HadoopStreams().createOutputStream(packed)) {
            page.writeAllTo(out);
          }
          return BytesInput.from(packed.toByteArray());
        }

        @Override
        public CompressionCodecName getCodecName() {
          return CompressionCodecName.LZ4;
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      throw new AssertionError("what is under test unpacks by itself");
    }

    @Override
    public void release() {}
  }
}
