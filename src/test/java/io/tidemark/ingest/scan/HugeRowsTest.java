package io.tidemark.ingest.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.format.AvroInput;
import io.tidemark.ingest.format.FileSplit;
import io.tidemark.ingest.row.CollectedRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that are wide, or hold much that nobody asks for, cost what their bytes cost. */
class HugeRowsTest {
  private static final int MANY = 30_000;

  /** Far more than any of them takes where work is in proportion, and far less where it is not. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String EVENTS =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: p, positive: 1}}
      features: {x: numeric%s}
      window: {size: P1D}
      snapshot: %s
      labels: {id: i, time: t, value: x, horizon: P1D}
      """;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static CollectedRows read(Path file, MonitoringSpec spec, boolean labels) {
    return assertTimeout(
        PATIENCE,
        () -> {
          CollectedRows collected = new CollectedRows();
          EventFiles files =
              labels
                  ? EventFiles.planLabels(file.toString(), Fleet.one("m", spec)).of("m")
                  : EventFiles.plan(file.toString(), spec);
          EventColumns columns = labels ? EventColumns.labels(spec) : EventColumns.all(spec);
          Readers readers = new Readers(columns, Redaction.of(spec, null));
          for (FileSplit split : files.splits()) {
            readers.of(split).read(split, collected);
          }
          return collected;
        });
  }

  /** As events of which a column is hidden, and as labels. */
  private static void assertRead(Path file, int good, int bad) {
    for (boolean labels : new boolean[] {false, true}) {
      String snapshot = labels ? "off" : "{mask: [x]}";
      MonitoringSpec spec = SpecReader.read("test", EVENTS.formatted("", snapshot));
      CollectedRows rows = read(file, spec, labels);
      assertThat(rows.events).hasSize(good);
      assertThat(rows.bad).hasSize(bad);
    }
  }

  private static String wide(String each) {
    return wide(MANY, each);
  }

  private static String wide(int count, String each) {
    return IntStream.range(0, count)
        .mapToObj(i -> each.replace("#", "" + i))
        .collect(Collectors.joining(","));
  }

  private static String many(int count, String each) {
    return String.join(",", Collections.nCopies(count, each));
  }

  static Stream<String> members() {
    return Stream.of(
        wide("\"f#\":1"),
        wide("\"\\u00e9#\":\"\\u00e9\""),
        "\"a\":[" + many(4 * MANY, "null") + "]",
        "\"a\":[" + many(MANY, "{\"b\":[null]}") + "]",
        "\"a\":[" + many(500, "0." + "1".repeat(900)) + "]",
        "\"a\":\"" + "x".repeat(1_000_000) + "\"",
        "\"a\":" + "[".repeat(900) + "]".repeat(900));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("members")
  void jsonLines(String more) throws IOException {
    String row = "{\"i\":\"1\",\"t\":%s,\"p\":0.5,\"x\":1,".formatted(1704067200) + more + "}\n";
    Path file = folder.resolve("rows.jsonl");
    assertRead(Files.writeString(file, row + row.replace("1704067200", "\"soon\"")), 1, 1);
  }

  @Test
  void csv() throws IOException {
    String header = "i,t,p,x," + wide("f#") + "\n";
    String cells = many(MANY, "1") + "\n";
    String rows = "1,1704067200,.5,1," + cells + "2,soon,.5,1," + cells;
    assertRead(Files.writeString(folder.resolve("wide.csv"), header + rows), 1, 1);
    String open = "i,t,p,x\n" + "1,1704067200,.5,\"\"\"1\n".repeat(20_000);
    assertRead(Files.writeString(folder.resolve("open.csv"), open), 0, 20_000);
  }

  private Path avro(String fields, Consumer<GenericRecord> more) throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "R", "fields": [
                  {"name": "i", "type": "string"}, {"name": "t", "type": ["long", "string"]},
                  {"name": "p", "type": "double"}, {"name": "x", "type": "double"}, %s]}
                """
                    .formatted(fields));
    Path file = folder.resolve("rows.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))
            .setCodec(CodecFactory.nullCodec())) {
      writer.create(schema, file.toFile());
      for (Object time : List.of(1704067200L, "soon")) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("i", "1");
        row.put("t", time);
        row.put("p", .5);
        row.put("x", 1.0);
        more.accept(row);
        writer.append(row);
      }
    }
    return file;
  }

  @Test
  void avro() throws IOException {
    assertRead(avro(wide("{\"name\":\"f#\",\"type\":[\"null\",\"int\"]}"), row -> {}), 1, 1);
    String list = "{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":[\"null\",\"int\"]}}";
    List<Object> nulls = Collections.nCopies(4 * MANY, null);
    assertRead(avro(list, row -> row.put("a", nulls)), 1, 1);
  }

  @Test
  void avroIsReadInLargePieces() throws IOException {
    Path path = avro(wide("{\"name\":\"f#\",\"type\":[\"null\",\"int\"]}"), row -> {});
    try (CountingChannel channel = new CountingChannel(Files.newByteChannel(path));
        AvroInput input = new AvroInput(channel)) {
      byte[] one = new byte[1];
      long length = input.length();
      for (long at = 0; at < length; at++) {
        assertThat(input.read(one, 0, 1)).isEqualTo(1);
      }
      assertThat(input.tell()).isEqualTo(length);
      assertThat(input.read(one, 0, 1)).isEqualTo(-1);
      assertThat(channel.reads).isLessThan(length / 10_000 + 2);
      input.seek(length - 1);
      assertThat(input.read(one, 0, 1)).isEqualTo(1);
    }
  }

  @Test
  void parquet() throws IOException {
    Types.GroupBuilder<MessageType> schema =
        Types.buildMessage()
            .required(PrimitiveTypeName.BINARY)
            .named("i")
            .optional(PrimitiveTypeName.INT64)
            .named("t")
            .required(PrimitiveTypeName.DOUBLE)
            .named("p")
            .required(PrimitiveTypeName.DOUBLE)
            .named("x");
    for (int i = 0; i < MANY; i++) {
      schema.optional(PrimitiveTypeName.INT32).named("f" + i);
    }
    MessageType type = schema.named("rows");
    Path file = folder.resolve("rows.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .withPageSize(64)
            .withDictionaryEncoding(false)
            .build()) {
      SimpleGroupFactory rows = new SimpleGroupFactory(type);
      writer.write(
          rows.newGroup()
              .append("i", "1")
              .append("t", 1704067200L)
              .append("p", .5)
              .append("x", 1.0));
      writer.write(rows.newGroup().append("i", "1").append("p", .5).append("x", 1.0));
    }
    assertRead(file, 1, 1);
  }

  /** Fields that a row has twice, first unusable: each is one change, however many fields are. */
  @Test
  void manyDeclaredFields() throws IOException {
    String features = "," + wide(MANY, "f#: numeric");
    MonitoringSpec spec = SpecReader.read("test", EVENTS.formatted(features, "off"));
    String row = "{\"i\":\"1\",\"t\":1704067200,\"p\":0.5,\"x\":1," + wide(MANY, "\"f#\":[null]");
    String again = "," + wide(MANY, "\"f#\":7") + "}\n";
    Path file = Files.writeString(folder.resolve("rows.jsonl"), row + "}\n" + row + again);
    CollectedRows rows = read(file, spec, false);
    assertThat(rows.bad).extracting(DeadLetter::getDetail).isEmpty();
    assertThat(rows.events.get(0).invalid()).isNotNull();
    assertThat(rows.events.get(1).invalid()).isNull();
  }

  /** Says how often it was asked. */
  private static final class CountingChannel implements SeekableByteChannel {
    private final SeekableByteChannel channel;
    private long reads;

    CountingChannel(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      reads++;
      return channel.read(to);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return channel.write(from);
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
      channel.position(to);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
