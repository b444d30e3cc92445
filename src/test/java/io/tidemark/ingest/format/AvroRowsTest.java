package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.CollectedRows;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.ReadValues;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroRowsTest {
  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
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
      records.add(ReadValues.row(random, i % 50 == 0 ? null : "id" + i));
    }
    Path file = folder.resolve("f.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(ReadValues.SCHEMA))) {
      writer.create(ReadValues.SCHEMA, file.toFile());
      for (GenericRecord each : records) {
        writer.append(each);
      }
    }
    CollectedRows ofFile = new CollectedRows();
    MonitoringSpec spec = SpecReader.read("test", ReadValues.SPEC);
    Readers readers = new Readers(EventColumns.all(spec), Redaction.of(spec, null));
    for (FileSplit split : EventFiles.plan(file.toString(), spec).splits()) {
      readers.of(split).read(split, ofFile);
    }
    ReadValues bare = ReadValues.bare();
    ReadValues any = new ReadValues(ReadValues.SPEC, ReadValues.SCHEMA, TopicSchema.ANY);
    ReadValues seven = new ReadValues(ReadValues.SPEC, ReadValues.SCHEMA, 7);
    for (GenericRecord each : records) {
      byte[] value = ReadValues.bytes(each);
      bare.read(value);
      any.read(ReadValues.framed(random.nextInt(), value));
      seven.read(ReadValues.framed(7, value));
    }
    for (ReadValues values : List.of(bare, any, seven)) {
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
  void whetherThereIsAHeaderIsSaidAndNotGuessed() throws Exception {
    byte[] good = ReadValues.bytes(ReadValues.row(new Random(1), "one"));
    DeadLetter unsaid = ReadValues.bare().read(ReadValues.framed(7, good)).letter();
    assertThat(unsaid.getDetail()).contains("add &schema-id=any to the URI");
    ReadValues any = new ReadValues(ReadValues.SPEC, ReadValues.SCHEMA, TopicSchema.ANY);
    good[0] = 1; // no value of a list's length, nor the magic byte
    assertThat(any.read(good).letter().getDetail()).startsWith("the value does not begin with a");
    assertThat(any.read(new byte[4]).letter().getReason()).isEqualTo("malformed");
    assertThat(any.read(new byte[0]).letter().getBase64()).isEmpty();
    assertThat(any.read(ReadValues.framed(9, new byte[3])).letter().getDetail())
        .contains("says schema 9");
    ReadValues seven = new ReadValues(ReadValues.SPEC, ReadValues.SCHEMA, 7);
    DeadLetter other =
        seven
            .read(ReadValues.framed(8, ReadValues.bytes(ReadValues.row(new Random(1), "one"))))
            .letter();
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
    byte[] value = ReadValues.framed(12, new byte[] {2, 'x', 0, 4, 0, 0});
    List<InferenceEvent> behind =
        new ReadValues(spec, ambiguous, TopicSchema.ANY).read(value).rows.events;
    assertThat(behind.get(0).categories()[0]).isEqualTo("x");
    List<InferenceEvent> plain =
        new ReadValues(spec, ambiguous, TopicSchema.NONE).read(value).rows.events;
    assertThat(plain.get(0).categories()[0]).isEmpty();
  }

  @Test
  void masksWhatMustNotBeShown() throws Exception {
    String spec = ReadValues.SPEC + "snapshot: {period: P1D, mask: [kind], exclude: [d]}\n";
    ReadValues values = new ReadValues(spec, ReadValues.SCHEMA, TopicSchema.NONE);
    GenericRecord row = ReadValues.row(new Random(1), null);
    DeadLetter letter = values.read(ReadValues.bytes(row)).letter();
    assertThat(letter.getReason()).isEqualTo("id_missing");
    assertThat(letter.getText()).contains("\"kind\":null", "\"a.c.d\":null", "\"ok\":");
    assertThat(letter.getBase64()).isNull();
    DeadLetter damaged = values.read(new byte[] {1, 2, 3}).letter();
    assertThat(damaged.getText()).isNull();
    assertThat(damaged.getBase64()).isNull();
  }
}
