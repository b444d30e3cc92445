package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.CollectedRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroReaderTest {
  private static final String ROW =
      """
      {"type": "record", "name": "Row", "fields": [
        {"name": "unwanted", "type": {"type": "array", "items": "string"}},
        {"name": "i", "type": ["null", "string"]},
        {"name": "t", "type": TIME},
        {"name": "p", "type": ["null", "double"]},
        {"name": "x", "type": ["null", VALUE]},
        {"name": "a", "type": ["null", {"type": "record", "name": "A", "fields": [
          {"name": "more", "type": "long"}, {"name": "b", "type": "float"}]}]}
      ]}
      """;
  private static final String MICROS =
      "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static MonitoringSpec spec() {
    return SpecReader.read(
        "test",
        """
        model: m
        task: binary
        events: {id: i, time: t, timezone: Europe/Berlin, prediction: {score: p, positive: 1}}
        features:
          n: {type: numeric, path: x}
          c: {type: categorical, path: x}
          deep: {type: numeric, path: a.b}
        window: {size: P1D}
        """);
  }

  private static Schema schema(String time, String value) {
    return new Schema.Parser().parse(ROW.replace("TIME", time).replace("VALUE", value));
  }

  private static GenericRecord row(Schema schema, String id, Object time, Object value) {
    GenericRecord row = new GenericData.Record(schema);
    row.put("unwanted", List.of("x", "y"));
    row.put("i", id);
    row.put("t", time);
    row.put("p", .5);
    row.put("x", value);
    Schema nested = schema.getField("a").schema().getTypes().get(1);
    GenericRecord a = new GenericData.Record(nested);
    a.put("more", 7L);
    a.put("b", 2.5f);
    row.put("a", a);
    return row;
  }

  private Path write(Schema schema, List<GenericRecord> rows, CodecFactory codec, int block)
      throws Exception {
    Path file = folder.resolve("f.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(codec).setSyncInterval(block).create(schema, file.toFile());
      for (GenericRecord row : rows) {
        writer.append(row);
      }
    }
    return file;
  }

  private static CollectedRows read(Path file, long splitBytes) throws Exception {
    CollectedRows rows = new CollectedRows();
    Readers readers = new Readers(EventColumns.all(spec()), Redaction.of(spec(), null));
    for (FileSplit split : EventFiles.plan(file.toString(), spec()).splits()) {
      long step = splitBytes == 0 ? split.end() : splitBytes;
      for (long start = split.start(); start < split.end(); start += step) {
        long end = Math.min(split.end(), start + step);
        readers
            .of(split.format())
            .read(
                new FileSplit(split.path(), split.format(), false, start, end, end - start), rows);
      }
    }
    return rows;
  }

  private InferenceEvent value(String type, Object value) throws Exception {
    Schema schema = schema(MICROS, type);
    CollectedRows rows =
        read(write(schema, List.of(row(schema, "1", 0L, value)), CodecFactory.nullCodec(), 100), 0);
    assertThat(rows.bad).isEmpty();
    return rows.events.get(0);
  }

  private void means(String type, Object value, double number, String text) throws Exception {
    InferenceEvent event = value(type, value);
    assertThat(event.numbers()[0]).isEqualTo(number);
    assertThat(event.categories()[0]).isEqualTo(text);
    assertThat(event.numbers()[1]).isEqualTo(2.5);
  }

  @Test
  void readsEveryTypeAsNumberAndAsText() throws Exception {
    means("\"int\"", 7, 7, "7");
    means("\"long\"", 1L << 53, 1L << 53, "9007199254740992");
    means("\"float\"", .1f, .1, "0.1");
    means("\"double\"", 1e-4, 1e-4, "0.0001");
    means("\"double\"", 1e20, 1e20, "100000000000000000000");
    means("\"double\"", 3.0, 3, "3");
    means("\"boolean\"", true, 1, "true");
    means("\"string\"", "7.25", 7.25, "7.25");
    means("\"bytes\"", ByteBuffer.wrap("12".getBytes()), 12, "12");
    means("{\"type\": \"int\", \"logicalType\": \"date\"}", 19782, 19782, "2024-02-29");
    means(MICROS, 1_000_000L, 1_000_000, "1970-01-01T00:00:01Z");
    String decimal = "\"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}";
    means(
        "{\"type\": \"bytes\", " + decimal,
        ByteBuffer.wrap(new BigDecimal("12.50").unscaledValue().toByteArray()),
        12.5,
        "12.5");
    Schema fixed =
        new Schema.Parser().parse("{\"type\": \"fixed\", \"name\": \"D\", \"size\": 4, " + decimal);
    means(fixed.toString(), new GenericData.Fixed(fixed, new byte[] {-1, -1, -1, -100}), -1, "-1");
    means("\"bytes\"", ByteBuffer.wrap(new byte[] {'7'}), 7, "7");
    isText("\"bytes\"", ByteBuffer.wrap(new byte[] {'a', 0}), "hex:6100");
    isText("\"bytes\"", ByteBuffer.wrap(new byte[] {'a', -1}), "hex:61ff");
    isText("\"string\"", new Utf8(new byte[] {'a', 0}), "a\u0000");
    isText("\"string\"", new Utf8(new byte[] {'a', -1}), "hex:61ff");
    isText("\"string\"", "hex:00", "hex:6865783a3030");
    Schema sixteen =
        new Schema.Parser()
            .parse(
                "{\"type\": \"fixed\", \"name\": \"U\", \"size\": 16, \"logicalType\": \"uuid\"}");
    byte[] uuid = ByteBuffer.allocate(16).putLong(0x1234567890ABCDEFL).putLong(1).array();
    isText(
        sixteen.toString(),
        new GenericData.Fixed(sixteen, uuid),
        "12345678-90ab-cdef-0000-000000000001");
    Schema letters =
        new Schema.Parser()
            .parse("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B\"]}");
    InferenceEvent event = value(letters.toString(), new GenericData.EnumSymbol(letters, "B"));
    assertThat(event.invalid(0)).isTrue();
    assertThat(event.categories()[0]).isEqualTo("B");
  }

  private void isText(String type, Object value, String text) throws Exception {
    InferenceEvent event = value(type, value);
    assertThat(event.invalid(0)).isTrue();
    assertThat(event.categories()[0]).isEqualTo(text);
  }

  @Test
  void readsTypedTimesAsParquetsAreRead() throws Exception {
    String type = "{\"type\": \"long\", \"logicalType\": \"%s\"}";
    long local = (1719828000 + 7200) * 1_000_000L;
    means(type.formatted("local-timestamp-micros"), local, 1719828000e6, "2024-07-01T10:00:00Z");
    means(
        type.formatted("timestamp-millis"),
        Long.MAX_VALUE,
        Long.MAX_VALUE * 1e3,
        "+292278994-08-17T07:12:55.807Z");
    means(
        type.formatted("timestamp-micros"),
        Long.MAX_VALUE,
        0x1p63,
        "+294247-01-10T04:00:54.775807Z");
    means(
        type.formatted("timestamp-nanos"),
        1_000_000_001L,
        1_000_000,
        "1970-01-01T00:00:01.000000001Z");
    means(type.formatted("time-micros"), 1_500_000L, 1_500_000, "00:00:01.500");
    String millis = "{\"type\": \"int\", \"logicalType\": \"time-millis\"}";
    means(millis, 3_600_000, 3_600_000, "01:00:00");
    means(millis, -1, -1, "-1");
    assertThat(time(millis, 3_600_000)).isEqualTo("time_unreadable");
    assertThat(time(type.formatted("time-micros"), 1_500_000L)).isEqualTo("time_unreadable");
    assertThat(time(type.formatted("timestamp-micros"), Long.MAX_VALUE))
        .isEqualTo("time_unreadable");
    assertThat(time("\"double\"", Double.NaN)).isEqualTo("time_missing");
  }

  @Test
  void aMissingValueIsMissingAndAListIsInvalid() throws Exception {
    InferenceEvent missing = value("\"int\"", null);
    assertThat(missing.numbers()[0]).isNaN();
    assertThat(missing.invalid()).isNull();
    InferenceEvent list = value("{\"type\": \"map\", \"values\": \"int\"}", Map.of("k", 1));
    assertThat(list.invalid(0)).isTrue();
    assertThat(list.invalid(1)).isTrue();
  }

  private String time(String type, Object value) throws Exception {
    Schema schema = schema(type, "\"int\"");
    CollectedRows rows =
        read(write(schema, List.of(row(schema, "1", value, 1)), CodecFactory.nullCodec(), 100), 0);
    return rows.events.isEmpty()
        ? rows.bad.get(0).getReason()
        : WindowSpec.instant(rows.events.get(0).timeMicros()).toString();
  }

  @Test
  void readsEveryFormOfTime() throws Exception {
    String ten = "2024-07-01T10:00:00Z";
    long seconds = 1719828000;
    assertThat(time("\"string\"", "2024-07-01 12:00:00")).isEqualTo(ten);
    assertThat(time("\"long\"", seconds)).isEqualTo(ten);
    assertThat(time("\"double\"", (double) seconds)).isEqualTo(ten);
    assertThat(time("\"long\"", 20240701120000L)).isEqualTo(ten);
    assertThat(time("\"double\"", 20240701120000.0)).isEqualTo(ten);
    assertThat(time("\"int\"", 20240701)).isEqualTo("2024-06-30T22:00:00Z");
    assertThat(time("\"string\"", "20240701")).isEqualTo("2024-06-30T22:00:00Z");
    String decimal =
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 20, \"scale\": 0}";
    assertThat(time(decimal, ByteBuffer.wrap(BigInteger.valueOf(20240701120000L).toByteArray())))
        .isEqualTo(ten);
    assertThat(time(MICROS, seconds * 1_000_000)).isEqualTo(ten);
    String type = "{\"type\": \"long\", \"logicalType\": \"%s\"}";
    assertThat(time(type.formatted("timestamp-millis"), seconds * 1000)).isEqualTo(ten);
    long local = seconds + 7200;
    assertThat(time(type.formatted("local-timestamp-millis"), local * 1000)).isEqualTo(ten);
    assertThat(time(type.formatted("local-timestamp-micros"), local * 1_000_000)).isEqualTo(ten);
    assertThat(time("{\"type\": \"int\", \"logicalType\": \"date\"}", 19905))
        .isEqualTo("2024-06-30T22:00:00Z");
    assertThat(time(type.formatted("timestamp-millis"), Long.MAX_VALUE))
        .isEqualTo("time_unreadable");
    assertThat(time("\"boolean\"", true)).isEqualTo("time_unreadable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy", "bzip2", "zstandard"})
  void everySplitGivesItsRowsOnce(String codec) throws Exception {
    Schema schema = schema(MICROS, "\"int\"");
    List<GenericRecord> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(row(schema, "id" + i, i * 1_000_000L, i));
    }
    Path file = write(schema, rows, CodecFactory.fromString(codec), 2000);
    for (long split : new long[] {0, 1000, 3333, 1 << 20}) {
      CollectedRows read = read(file, split);
      assertThat(read.events).hasSize(3000);
      assertThat(read.events.stream().map(InferenceEvent::id).distinct()).hasSize(3000);
    }
  }

  @Test
  void sendsUnusableRowsToTheDeadLetters() throws Exception {
    Schema schema = schema(MICROS, "\"int\"");
    GenericRecord noScore = row(schema, "2", 0L, 1);
    noScore.put("p", null);
    Path file =
        write(
            schema,
            List.of(row(schema, null, 0L, 1), noScore, row(schema, "3", 0L, 1)),
            CodecFactory.nullCodec(),
            100);
    CollectedRows rows = read(file, 0);
    assertThat(rows.events).extracting(InferenceEvent::id).containsExactly("3");
    assertThat(rows.bad)
        .extracting(DeadLetter::getReason)
        .containsExactly("id_missing", "prediction_missing");
    assertThat(rows.bad.get(1).getDetail()).contains("record ");
    assertThat(rows.bad.get(1).getText()).contains("\"i\":\"2\"");
  }

  @Test
  void saysWhatAFileLacksAndWhereItIsDamaged() throws Exception {
    Path empty = Files.createFile(folder.resolve("e.avro"));
    assertThatThrownBy(() -> read(empty, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("e.avro: not readable as Avro");
    Schema other =
        new Schema.Parser()
            .parse(
                "{\"type\": \"record\", \"name\": \"R\", \"fields\":"
                    + " [{\"name\": \"i\", \"type\": \"int\"}]}");
    assertThatThrownBy(() -> read(write(other, List.of(), CodecFactory.nullCodec(), 100), 0))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("f.avro: lacks t, p; it has i");

    Schema schema = schema(MICROS, "\"int\"");
    List<GenericRecord> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(row(schema, "id" + i, i * 1_000_000L, i));
    }
    Path file = write(schema, rows, CodecFactory.deflateCodec(6), 1000);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 37));
    assertThatThrownBy(() -> read(file, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("f.avro: not readable as Avro: it is cut off");
    byte[] flipped = bytes.clone();
    Arrays.fill(flipped, bytes.length / 2, bytes.length / 2 + 100, (byte) 0x55);
    Files.write(file, flipped);
    assertThatThrownBy(() -> read(file, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("f.avro: is damaged or cut off at or after byte");
  }
}
