package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tidemark.ingest.row.ReadValues;
import io.tidemark.ingest.row.RecordRows;
import io.tidemark.schema.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Values that are not what the schema says, by mistake or to do harm. */
class AvroDamageTest {
  @Test
  void aValueWithAnyByteLessOrMoreIsADeadLetterWithItsBytes() throws Exception {
    byte[] good = ReadValues.bytes(ReadValues.row(new Random(1), "one"));
    ReadValues values = ReadValues.bare();
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
  void showsTheBeginningOfWhatIsTooLong() {
    byte[] long8 = new byte[RecordRows.MAX_LENGTH + 1];
    DeadLetter letter = ReadValues.bare().read(long8).letter();
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
            ReadValues values = new ReadValues(spec, schema, TopicSchema.NONE);
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
    ReadValues values = new ReadValues(spec, schema, TopicSchema.NONE);
    for (byte[] number : new byte[][] {deep, {}}) {
      row.put("x", ByteBuffer.wrap(number));
      assertTimeoutPreemptively(Duration.ofSeconds(10), () -> values.read(ReadValues.bytes(row)));
    }
    assertThat(values.rows.events).hasSize(2).allMatch(event -> event.invalid(0));
  }

  @Test
  void anyBytesAtAllAreARowOrADeadLetter() throws Exception {
    Random random = new Random(9);
    ReadValues values = ReadValues.bare();
    byte[] good = ReadValues.bytes(ReadValues.row(random, "one"));
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
    assertThat(ReadValues.bare().read(ReadValues.bytes(row)).letter().getReason())
        .isEqualTo("malformed");
  }
}
