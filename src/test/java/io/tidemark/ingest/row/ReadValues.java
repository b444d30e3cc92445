package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.AvroRows;
import io.tidemark.ingest.format.TopicSchema;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Reads Avro values with one reader, as they come from a topic; and makes some. */
public final class ReadValues {
  public static final Schema SCHEMA =
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
  public static final String SPEC =
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

  public final CollectedRows rows = new CollectedRows();
  private final AvroRows reader;
  private final EventAssembler row;
  private long position;

  public ReadValues(String spec, Schema schema, int header) {
    MonitoringSpec read = SpecReader.read("test", spec);
    EventColumns columns = EventColumns.all(read);
    this.row = new EventAssembler(columns, "");
    this.reader =
        new AvroRows(columns, Redaction.of(read, null), new TopicSchema(schema.toString(), header));
  }

  public ReadValues read(byte[] value) {
    // Somewhere within other bytes: a reader must not look beyond its own.
    byte[] buffer = new byte[value.length + 9];
    Arrays.fill(buffer, (byte) 2);
    System.arraycopy(value, 0, buffer, 4, value.length);
    reader.read(
        new RecordRows.Bytes("t", position++, buffer, 4, value.length, value.length), row, rows);
    assertThat(rows.events.size() + rows.bad.size()).isEqualTo((int) position);
    return this;
  }

  public DeadLetter letter() {
    assertThat(rows.bad).isNotEmpty();
    DeadLetter last = rows.bad.get(rows.bad.size() - 1);
    assertThat(last.getPosition()).isEqualTo(position - 1);
    return last;
  }

  public static ReadValues bare() {
    return new ReadValues(SPEC, SCHEMA, TopicSchema.NONE);
  }

  public static GenericRecord row(Random random, String id) {
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

  public static byte[] bytes(GenericRecord row) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(row.getSchema()).write(row, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  public static byte[] framed(int id, byte[] value) {
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }
}
