package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.Redaction;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroRowsTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Row", "fields": [
                {"name": "list", "type": {"type": "array", "items": ["null", "string", "long"]}},
                {"name": "id", "type": ["null", "string"]},
                {"name": "t", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "p", "type": ["null", "double", "float"]},
                {"name": "i", "type": ["null", "int"]},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal",
                  "precision": 12, "scale": 2}]},
                {"name": "fixed", "type": {"type": "fixed", "name": "F", "size": 4,
                  "logicalType": "decimal", "precision": 9, "scale": 3}},
                {"name": "kind", "type": {"type": "enum", "name": "E", "symbols": ["A", "B"]}},
                {"name": "ok", "type": "boolean"},
                {"name": "more", "type": {"type": "map", "values": "double"}},
                {"name": "a", "type": ["null", {"type": "record", "name": "A", "fields": [
                  {"name": "skipped", "type": "F"}, {"name": "b", "type": "float"},
                  {"name": "c", "type": {"type": "record", "name": "C", "fields": [
                    {"name": "d", "type": ["string", "null"]}]}}]}]}
              ]}
              """);
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: id, time: t, prediction: {score: p, positive: 1}}
      features:
        i: numeric
        day: categorical
        days: {type: numeric, path: day}
        amount: numeric
        amount_text: {type: categorical, path: amount}
        fixed: categorical
        kind: categorical
        ok: categorical
        more: numeric
        b: {type: numeric, path: a.b}
        d: {type: categorical, path: a.c.d}
      window: {size: P1D}
      """;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  /** Reads values with one reader, as they come from a topic. */
  private static final class Values {
    final CollectedRows rows = new CollectedRows();
    private final AvroRows reader;
    private final EventAssembler row;
    private long position;

    Values(String spec, Schema schema, int header) {
      MonitoringSpec read = SpecReader.read("test", spec);
      EventColumns columns = EventColumns.all(read);
      this.row = new EventAssembler(columns, "");
      this.reader =
          new AvroRows(
              columns, Redaction.of(read, null), new TopicSchema(schema.toString(), header));
    }

    Values read(byte[] value) {
      // Somewhere within other bytes: a reader must not look beyond its own.
      byte[] buffer = new byte[value.length + 9];
      Arrays.fill(buffer, (byte) 2);
      System.arraycopy(value, 0, buffer, 4, value.length);
      reader.read(
          new RecordRows.Bytes("t", position++, buffer, 4, value.length, value.length), row, rows);
      assertThat(rows.events.size() + rows.bad.size()).isEqualTo((int) position);
      return this;
    }

    DeadLetter letter() {
      assertThat(rows.bad).isNotEmpty();
      DeadLetter last = rows.bad.get(rows.bad.size() - 1);
      assertThat(last.getPosition()).isEqualTo(position - 1);
      return last;
    }
  }

  private static Values bare() {
    return new Values(SPEC, SCHEMA, TopicSchema.NONE);
  }

  private static GenericRecord row(Random random, String id) {
    GenericRecord row = new GenericData.Record(SCHEMA);
    row.put("list", random.nextBoolean() ? List.of() : Arrays.asList(null, "x", 5L, "yz"));
    row.put("id", id);
    row.put("t", 1_700_000_000_000L + random.nextInt());
    Object[] scores = {random.nextDouble(), random.nextFloat(), null};
    row.put("p", scores[random.nextInt(10) == 0 ? 2 : random.nextInt(2)]);
    row.put("i", random.nextInt(4) == 0 ? null : random.nextInt());
    row.put("day", random.nextInt(40000));
    byte[] amount = BigInteger.valueOf(random.nextLong() >> 30).toByteArray();
    row.put("amount", random.nextInt(4) == 0 ? null : ByteBuffer.wrap(amount));
    byte[] four = new byte[4];
    random.nextBytes(four);
    Schema fixed = SCHEMA.getField("fixed").schema();
    row.put("fixed", new GenericData.Fixed(fixed, four));
    row.put(
        "kind",
        new GenericData.EnumSymbol(
            SCHEMA.getField("kind").schema(), random.nextBoolean() ? "A" : "B"));
    row.put("ok", random.nextBoolean());
    row.put("more", random.nextBoolean() ? Map.of() : Map.of("k", 1.0, "l", -2.5));
    Schema nested = SCHEMA.getField("a").schema().getTypes().get(1);
    GenericRecord a = new GenericData.Record(nested);
    a.put("skipped", new GenericData.Fixed(fixed, four));
    a.put("b", random.nextFloat());
    GenericRecord c = new GenericData.Record(nested.getField("c").schema());
    c.put("d", random.nextBoolean() ? null : "d\u00e9" + random.nextInt(5));
    a.put("c", c);
    row.put("a", random.nextInt(5) == 0 ? null : a);
    return row;
  }

  private static byte[] bytes(GenericRecord row) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(row.getSchema()).write(row, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] framed(int id, byte[] value) {
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }

  private static List<String> encoded(List<InferenceEvent> events) throws Exception {
    List<String> encoded = new ArrayList<>();
    for (InferenceEvent event : events) {
      encoded.add(
          HexFormat.of().formatHex(CoderUtils.encodeToByteArray(InferenceEventCoder.of(), event)));
    }
    return encoded;
  }

  @Test
  void valuesGiveTheEventsAndLettersThatAFileGives() throws Exception {
    Random random = new Random(5);
    List<GenericRecord> records = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      records.add(row(random, i % 50 == 0 ? null : "id" + i));
    }
    Path file = folder.resolve("f.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
      writer.create(SCHEMA, file.toFile());
      for (GenericRecord each : records) {
        writer.append(each);
      }
    }
    CollectedRows ofFile = new CollectedRows();
    MonitoringSpec spec = SpecReader.read("test", SPEC);
    Readers readers = new Readers(EventColumns.all(spec), Redaction.of(spec, null));
    for (FileSplit split : EventFiles.plan(file.toString(), spec).splits()) {
      readers.of(split).read(split, ofFile);
    }
    Values bare = bare();
    Values any = new Values(SPEC, SCHEMA, TopicSchema.ANY);
    Values seven = new Values(SPEC, SCHEMA, 7);
    for (GenericRecord each : records) {
      byte[] value = bytes(each);
      bare.read(value);
      any.read(framed(random.nextInt(), value));
      seven.read(framed(7, value));
    }
    for (Values values : List.of(bare, any, seven)) {
      assertThat(encoded(values.rows.events))
          .isEqualTo(encoded(ofFile.events))
          .hasSizeGreaterThan(800);
      assertThat(values.rows.bad).extracting(DeadLetter::getReason).contains("id_missing");
      assertThat(values.rows.bad)
          .extracting(DeadLetter::getReason, DeadLetter::getText)
          .isEqualTo(
              ofFile.bad.stream()
                  .map(bad -> org.assertj.core.groups.Tuple.tuple(bad.getReason(), bad.getText()))
                  .toList());
    }
  }

  @Test
  void aValueWithAnyByteLessOrMoreIsADeadLetterWithItsBytes() throws Exception {
    byte[] good = bytes(row(new Random(1), "one"));
    Values values = bare();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      DeadLetter letter = values.read(cut).letter();
      assertThat(letter.getReason()).isEqualTo("malformed");
      assertThat(letter.getDetail()).isEqualTo("it ends too early");
      assertThat(letter.getText()).isNull();
      assertThat(Base64.getDecoder().decode(letter.getBase64())).isEqualTo(cut);
    }
    DeadLetter more = values.read(Arrays.copyOf(good, good.length + 2)).letter();
    assertThat(more.getDetail()).isEqualTo("bytes left behind the record: 2");
    assertThat(values.read(good).rows.events).hasSize(1);
  }

  @Test
  void whetherThereIsAHeaderIsSaidAndNotGuessed() throws Exception {
    byte[] good = bytes(row(new Random(1), "one"));
    DeadLetter unsaid = bare().read(framed(7, good)).letter();
    assertThat(unsaid.getDetail()).contains("add &schema-id=any to the URI");
    Values any = new Values(SPEC, SCHEMA, TopicSchema.ANY);
    good[0] = 1; // no value of a list's length, nor the magic byte
    assertThat(any.read(good).letter().getDetail()).startsWith("the value does not begin with a");
    assertThat(any.read(new byte[4]).letter().getReason()).isEqualTo("malformed");
    assertThat(any.read(new byte[0]).letter().getBase64()).isEmpty();
    assertThat(any.read(framed(9, new byte[3])).letter().getDetail()).contains("says schema 9");
    Values seven = new Values(SPEC, SCHEMA, 7);
    DeadLetter other = seven.read(framed(8, bytes(row(new Random(1), "one")))).letter();
    assertThat(other.getReason()).isEqualTo("other_schema");
    assertThat(other.getDetail()).isEqualTo("the header says schema 8, and schema-id is 7");
    assertThat(other.getBase64()).isNotEmpty();

    // Five bytes of header are the first fields of a bare record, too: only the URI can tell.
    Schema ambiguous =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Row", "fields": [
                  {"name": "n", "type": "string"}, {"name": "t", "type": "long"},
                  {"name": "p", "type": "int"}, {"name": "q", "type": "int"},
                  {"name": "rest", "type": "string"}]}
                """);
    String spec =
        """
        model: m
        task: binary
        events: {time: t, prediction: {score: p, positive: 1}}
        features: {n: categorical}
        window: {size: P1D}
        """;
    byte[] value = framed(12, new byte[] {2, 'x', 0, 4, 0, 0});
    List<InferenceEvent> behind =
        new Values(spec, ambiguous, TopicSchema.ANY).read(value).rows.events;
    assertThat(behind.get(0).categories()[0]).isEqualTo("x");
    List<InferenceEvent> plain =
        new Values(spec, ambiguous, TopicSchema.NONE).read(value).rows.events;
    assertThat(plain.get(0).categories()[0]).isEmpty();
  }

  @Test
  void masksWhatMustNotBeShown() throws Exception {
    String spec = SPEC + "snapshot: {period: P1D, mask: [kind], exclude: [d]}\n";
    Values values = new Values(spec, SCHEMA, TopicSchema.NONE);
    GenericRecord row = row(new Random(1), null);
    DeadLetter letter = values.read(bytes(row)).letter();
    assertThat(letter.getReason()).isEqualTo("id_missing");
    assertThat(letter.getText()).contains("\"kind\":null", "\"a.c.d\":null", "\"ok\":");
    assertThat(letter.getBase64()).isNull();
    DeadLetter damaged = values.read(new byte[] {1, 2, 3}).letter();
    assertThat(damaged.getText()).isNull();
    assertThat(damaged.getBase64()).isNull();
  }

  @Test
  void showsTheBeginningOfWhatIsTooLong() {
    byte[] long8 = new byte[RecordRows.MAX_LENGTH + 1];
    DeadLetter letter = bare().read(long8).letter();
    assertThat(letter.getReason()).isEqualTo("line_too_long");
    assertThat(Base64.getDecoder().decode(letter.getBase64())).hasSize(1000);
  }

  @Test
  void takesNoMoreTimeOrMemoryThanTheBytesAreWorth() throws Exception {
    String spec =
        """
        model: m
        task: binary
        events: {id: id, time: t, prediction: {score: p, positive: 1}}
        features: {x: categorical}
        window: {size: P1D}
        """;
    String form =
        """
        {"type": "record", "name": "Row", "fields": [
          {"name": "u", "type": %s}, {"name": "id", "type": "string"},
          {"name": "t", "type": "long"}, {"name": "p", "type": "double"},
          {"name": "x", "type": %s}]}
        """;
    String nulls = "{\"type\": \"array\", \"items\": \"null\"}";
    String nested = "{\"type\": \"array\", \"items\": " + nulls + "}";
    String chain =
        "{\"type\": \"record\", \"name\": \"N\", \"fields\":"
            + " [{\"name\": \"n\", \"type\": [\"null\", \"N\"]}]}";
    byte[] most = HexFormat.of().parseHex("feffffffffffffffff01"); // Long.MAX_VALUE
    byte[] least = HexFormat.of().parseHex("ffffffffffffffffff01"); // Long.MIN_VALUE
    byte[] int32 = HexFormat.of().parseHex("feffffff0f");
    byte[] endless = new byte[12];
    Arrays.fill(endless, (byte) 0xff);
    byte[] deep = new byte[1 << 20];
    Arrays.fill(deep, (byte) 2);
    byte[] lists = new byte[1 << 20];
    for (int i = 0; i < lists.length; i++) {
      lists[i] = (byte) (i < 4 ? (i < 3 ? 0xfe : 0x3f) : i % 4 < 3 ? 0xfe : 0x3f);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (String type : List.of("\"string\"", "\"bytes\"", nulls, nested, chain)) {
            Schema schema = new Schema.Parser().parse(form.formatted(type, "\"bytes\""));
            Values values = new Values(spec, schema, TopicSchema.NONE);
            for (byte[] value : List.of(most, least, int32, endless, deep, lists)) {
              assertThat(values.read(value).letter().getReason()).isEqualTo("malformed");
            }
          }
        });
    // A decimal of a million digits is none.
    String decimal =
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}";
    Schema schema = new Schema.Parser().parse(form.formatted("\"null\"", decimal));
    GenericRecord row = new GenericData.Record(schema);
    row.put("id", "1");
    row.put("t", 1_700_000_000L);
    row.put("p", .5);
    Values values = new Values(spec, schema, TopicSchema.NONE);
    for (byte[] number : new byte[][] {deep, {}}) {
      row.put("x", ByteBuffer.wrap(number));
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> values.read(bytes(row)));
    }
    assertThat(values.rows.events).hasSize(2).allMatch(event -> event.invalid(0));
  }

  @Test
  void anyBytesAtAllAreARowOrADeadLetter() throws Exception {
    Random random = new Random(9);
    Values values = bare();
    byte[] good = bytes(row(random, "one"));
    for (int i = 0; i < 20_000; i++) {
      byte[] value = good.clone();
      if (i % 2 == 0) {
        value = new byte[random.nextInt(200)];
        random.nextBytes(value);
      } else {
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
          value[random.nextInt(value.length)] = (byte) random.nextInt();
        }
      }
      values.read(value);
    }
    assertThat(values.rows.bad)
        .allMatch(letter -> letter.getText() != null || letter.getBase64() != null);
  }

  @Test
  void anotherSchemaIsSeenWhereItShows() throws Exception {
    Schema other =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Other", "fields": [
                  {"name": "id", "type": "string"}, {"name": "z", "type": "long"}]}
                """);
    GenericRecord row = new GenericData.Record(other);
    row.put("id", new String(new byte[40], StandardCharsets.UTF_8));
    row.put("z", 3L);
    assertThat(bare().read(bytes(row)).letter().getReason()).isEqualTo("malformed");
  }
}
