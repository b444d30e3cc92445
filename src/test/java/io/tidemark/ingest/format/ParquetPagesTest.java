package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.InferenceEvent;
import io.tidemark.ingest.format.WrittenParquet.Rows;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.spec.MonitoringSpec;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.example.ExampleParquetWriter.Builder;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same rows in every kind of page, encoding and compression. */
class ParquetPagesTest {
  private static final int ROWS = 5000;
  private static final MonitoringSpec SPEC =
      WrittenParquet.spec(
          "d: numeric, f: numeric, i: numeric, l: numeric, b: numeric, s: categorical, deep: {type:"
              + " numeric, path: o.r.x}, index: {type: numeric, path: __index_level_0__}");

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  static Stream<Named<UnaryOperator<Builder>>> settings() {
    UnaryOperator<Builder> two = b -> b.withWriterVersion(WriterVersion.PARQUET_2_0);
    UnaryOperator<Builder> plain = b -> b.withDictionaryEncoding(false);
    return Stream.of(
        Named.of("version 1, dictionary", b -> b),
        Named.of("version 1, plain", plain),
        Named.of("version 2, dictionary", two),
        // Delta encodings of integers and texts, run lengths of booleans.
        Named.of("version 2, deltas", b -> two.apply(plain.apply(b))),
        Named.of("version 1, split bytes", b -> plain.apply(b).withByteStreamSplitEncoding(true)),
        Named.of(
            "version 2, split bytes",
            b -> two.apply(plain.apply(b)).withByteStreamSplitEncoding(true)),
        Named.of("a dictionary given up", b -> b.withDictionaryPageSize(1000)),
        Named.of(
            "version 2, a dictionary given up", b -> two.apply(b).withDictionaryPageSize(1000)),
        Named.of("small pages", b -> b.withPageRowCountLimit(37).withPageSize(500)),
        Named.of("version 2, small pages", b -> two.apply(b).withPageRowCountLimit(37)),
        Named.of(
            "version 2, deltas, small pages",
            b -> two.apply(plain.apply(b)).withPageRowCountLimit(100)),
        Named.of("no checksums", b -> b.withPageWriteChecksumEnabled(false)),
        Named.of("snappy", b -> b.withCompressionCodec(CompressionCodecName.SNAPPY)),
        Named.of("gzip", b -> two.apply(b).withCompressionCodec(CompressionCodecName.GZIP)),
        Named.of("zstd", b -> two.apply(b).withCompressionCodec(CompressionCodecName.ZSTD)),
        Named.of(
            "lz4 in Hadoop's frames",
            b ->
                b.withCodecFactory(new WrittenParquet.HadoopLz4())
                    .withCompressionCodec(CompressionCodecName.LZ4)),
        Named.of("many row groups", b -> b.withRowGroupSize(3000L)));
  }

  private static String text(int i) {
    return i % 7 == 0 ? null : "value " + i % (i < 2500 ? 10 : 3000);
  }

  private Path write(UnaryOperator<Builder> settings) throws Exception {
    return WrittenParquet.write(
        folder.resolve("f.parquet"),
        """
        optional group list (LIST) {repeated group list {optional int32 element;}}
        required int64 at (TIMESTAMP(MICROS,true));
        optional double p;
        optional double d; required float f; optional int32 i; required int64 l;
        optional boolean b; optional binary s (STRING);
        optional group o {required int32 y; optional group r {required double x;}}
        optional group map (MAP) {
          repeated group key_value {required binary key; optional int32 value;}
        }
        required int64 __index_level_0__;
        """,
        ROWS,
        settings,
        (i, row) -> {
          for (int n = 0; n < i % 3; n++) {
            row.addGroup("list").addGroup("list").add("element", n);
            row.addGroup("map").addGroup("key_value").append("key", "k").append("value", n);
            break; // one list of one value, in some rows
          }
          row.append("at", i * 1_000_000L).append("p", .5);
          row.append("f", i / 4f).append("l", i * 1_000_003L);
          if (i % 5 != 0) {
            row.append("d", i / 3.0).append("i", -i);
          }
          if (i % 11 != 0) {
            row.append("b", i % 2 == 0);
          }
          if (text(i) != null) {
            row.append("s", text(i));
          }
          if (i % 3 != 0) {
            Group o = row.addGroup("o").append("y", 1);
            if (i % 3 != 1) {
              o.addGroup("r").append("x", i * .5);
            }
          }
          row.append("__index_level_0__", (long) i);
        });
  }

  @ParameterizedTest
  @MethodSource("settings")
  void readsTheSameRows(UnaryOperator<Builder> settings) throws Exception {
    Rows rows = WrittenParquet.read(write(settings), SPEC);
    assertThat(rows.bad).isEmpty();
    assertThat(rows.events).hasSize(ROWS);
    double gone = Double.NaN;
    for (int i = 0; i < ROWS; i++) {
      InferenceEvent event = rows.events.get(i);
      assertThat(event.timeMicros()).isEqualTo(i * 1_000_000L);
      assertThat(event.numbers())
          .as("row %d", i)
          .containsExactly(
              i % 5 == 0 ? gone : i / 3.0,
              i / 4f,
              i % 5 == 0 ? gone : -i,
              i * 1_000_003L,
              i % 11 == 0 ? gone : (i + 1) % 2,
              i % 3 == 2 ? i * .5 : gone,
              i,
              .5);
      assertThat(event.categories()).containsExactly(text(i));
      assertThat(event.invalid()).isNull();
    }
  }

  @Test
  void takesSmallRowGroupsTogetherAndPassesOverEmptyOnes() throws Exception {
    Path file =
        write(settings -> settings.withRowGroupSize(200L).withMinRowCountForPageSizeCheck(1));
    EventFiles files = EventFiles.plan(file.toString(), SPEC);
    assertThat(files.splits()).hasSize(1);
    assertThat(files.splits().get(0).end()).as("row groups").isGreaterThan(500);
    assertThat(files.rows()).isEqualTo(ROWS);
    assertThat(WrittenParquet.read(files, SPEC).events).hasSize(ROWS);
  }
}
