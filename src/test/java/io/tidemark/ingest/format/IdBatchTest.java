package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventSink;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.Readers;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.example.ExampleParquetWriter.Builder;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids hashed as they stand in the file are those hashed as text. */
class IdBatchTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: regression
          events: {id: id, time: at, prediction: {value: p}}
          features: {p2: {type: numeric, path: p}}
          window: {size: P1D}
          """);

  /** Numbers that were printed from floats, what looks like hex, other alphabets, no text. */
  private static final List<byte[]> IDS =
      Stream.of("a", "1000.0", "1.2e+16", "hex:0a", "hex:0", "he", "x.y", "Zoë", "a\tb", "\u007f")
          .map(text -> text.getBytes(StandardCharsets.UTF_8))
          .toList();

  private static final byte[] NO_TEXT = {(byte) 0xff, 1, 2};

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  static Stream<Named<UnaryOperator<Builder>>> settings() {
    UnaryOperator<Builder> plain = b -> b.withDictionaryEncoding(false);
    return Stream.of(
        Named.of("dictionary", b -> b),
        Named.of("plain", plain),
        Named.of("small pages", b -> plain.apply(b).withPageRowCountLimit(7)),
        Named.of("a dictionary given up", b -> b.withDictionaryPageSize(50)),
        Named.of("deltas", b -> plain.apply(b).withWriterVersion(WriterVersion.PARQUET_2_0)));
  }

  private static byte[] id(int row) {
    if (row % 13 == 12) {
      return NO_TEXT;
    }
    return row % 11 == 10
        ? ("row " + row).getBytes(StandardCharsets.UTF_8)
        : IDS.get(row % IDS.size());
  }

  /** Asks for hashes, then for texts. */
  private static final class Hashes implements EventSink {
    private final List<String> ids = new ArrayList<>();
    private long bad;

    @Override
    public void event(InferenceEvent event) {
      throw new AssertionError("Parquet comes in batches");
    }

    @Override
    public void batch(EventBatch batch, int[] rows, int count) {
      for (int i = 0; i < count; i++) {
        String hash = batch.ids().hash(rows[i]).toString();
        ids.add(batch.id(rows[i]));
        assertThat(hash).isEqualTo(RowHash.ofId(batch.id(rows[i])).toString());
      }
    }

    @Override
    public void bad(DeadLetter letter) {
      bad++;
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void hashesAreThoseOfTexts(UnaryOperator<Builder> settings) throws Exception {
    for (String type : List.of("optional binary id (STRING);", "optional binary id;")) {
      Path file = folder.resolve("f.parquet");
      WrittenParquet.write(
          file,
          "required int64 at (TIMESTAMP(MICROS,true)); required double p; " + type,
          5000,
          settings,
          (i, row) -> {
            row.append("at", 1_700_000_000_000_000L + i).append("p", (double) i);
            if (i % 17 != 0) {
              row.append("id", Binary.fromConstantByteArray(i % 19 == 0 ? new byte[0] : id(i)));
            }
          });
      Hashes hashes = new Hashes();
      Readers readers = new Readers(EventColumns.all(SPEC), Redaction.of(SPEC, null));
      for (FileSplit split : EventFiles.plan(file.toString(), SPEC).splits()) {
        readers.of(split.format()).read(split, hashes);
      }
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        if (i % 17 != 0 && i % 19 != 0) {
          expected.add(text(id(i), type.contains("STRING")));
        }
      }
      assertThat(hashes.ids).isEqualTo(expected);
      assertThat(hashes.bad).isEqualTo(5000 - expected.size());
    }
  }

  private static String text(byte[] id, boolean typed) {
    String text = new String(id, StandardCharsets.UTF_8);
    return switch (text) {
      case "1000.0" -> "1000";
      case "1.2e+16" -> "12000000000000000";
      case "hex:0a" -> "hex:6865783a3061";
      case "\u007f" -> typed ? text : "hex:7f";
      default -> id == NO_TEXT ? "hex:ff0102" : text;
    };
  }
}
