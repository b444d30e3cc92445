package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tidemark.ingest.format.WrittenParquet;
import io.tidemark.ingest.format.WrittenParquet.Rows;
import io.tidemark.spec.MonitoringSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that are cut off or have bytes changed: they read as far as they are whole and say what is
 * wrong, or every row of them is there. Never anything else.
 */
class DecodeFailureTest {
  private static final int ROWS = 300;
  private static final int CHANGES = 150;
  private static final MonitoringSpec SPEC =
      WrittenParquet.spec("x: numeric, c: categorical, n: numeric");

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private Path parquet(String version, String codec) throws Exception {
    return WrittenParquet.write(
        folder.resolve("f.parquet"),
        """
        required int64 at (TIMESTAMP(MICROS,true)); optional double p; optional double x;
        optional binary c (STRING); optional int32 n;
        """,
        ROWS,
        settings ->
            settings
                .withWriterVersion(WriterVersion.valueOf(version))
                .withCompressionCodec(CompressionCodecName.valueOf(codec))
                .withPageRowCountLimit(60),
        (i, row) -> {
          row.append("at", i * 1_000_000L).append("p", i / 1000.0);
          if (i % 5 > 0) {
            row.append("x", i * 1.1).append("c", "c" + i % 9).append("n", i);
          }
        });
  }

  private Path avro(String codec) throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "R", "fields": [
                  {"name": "at", "type": "long"}, {"name": "p", "type": "double"},
                  {"name": "x", "type": ["null", "double"]}, {"name": "n", "type": "int"},
                  {"name": "c", "type": ["null", "string"]}]}
                """);
    Path file = folder.resolve("f.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(CodecFactory.fromString(codec)).setSyncInterval(500);
      writer.create(schema, file.toFile());
      for (int i = 0; i < ROWS; i++) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("at", 1_700_000_000L + i);
        row.put("p", i / 1000.0);
        row.put("x", i % 5 > 0 ? i * 1.1 : null);
        row.put("n", i);
        row.put("c", i % 5 > 0 ? "c" + i % 9 : null);
        writer.append(row);
      }
    }
    return file;
  }

  /** Whether the file was refused. */
  private static boolean refused(Path file, String what) {
    Rows rows;
    try {
      rows = WrittenParquet.read(file, SPEC);
    } catch (InputException e) {
      assertThat(e.getMessage())
          .as(what)
          .startsWith(file + ": ")
          .doesNotContain("Exception", "\tat ", "Cannot invoke");
      return true;
    } catch (Exception | Error e) {
      return fail(what, e);
    }
    assertThat(rows.events.size() + rows.bad.size()).as(what).isEqualTo(ROWS);
    return false;
  }

  private static void cutEverywhere(Path file, int step) throws Exception {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += step) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (endsLike(cut, whole)) {
        continue; // an Avro file may end behind any of its blocks
      }
      Files.write(file, cut);
      assertThat(refused(file, "cut to " + length)).as("cut to %d", length).isTrue();
    }
  }

  private static boolean endsLike(byte[] cut, byte[] whole) {
    int marker = 16;
    return cut.length > marker
        && Arrays.equals(
            cut, cut.length - marker, cut.length, whole, whole.length - marker, whole.length);
  }

  private static void changeBytes(Path file, int times) throws Exception {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(times);
    int refused = 0;
    for (int i = 0; i < times; i++) {
      byte[] changed = whole.clone();
      int at = random.nextInt(whole.length);
      int length = 1 + random.nextInt(4);
      for (int j = at; j < Math.min(at + length, whole.length); j++) {
        changed[j] = (byte) random.nextInt(256);
      }
      Files.write(file, changed);
      refused += refused(file, "change " + i + " at " + at) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(times / 4);
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET_1_0, UNCOMPRESSED",
    "PARQUET_1_0, SNAPPY",
    "PARQUET_1_0, GZIP",
    "PARQUET_2_0, UNCOMPRESSED",
    "PARQUET_2_0, ZSTD"
  })
  void parquetIsReadWholeOrRefused(String version, String codec) throws Exception {
    Path file = parquet(version, codec);
    assertThat(refused(file, "whole")).isFalse();
    byte[] whole = Files.readAllBytes(file);
    changeBytes(file, CHANGES);
    Files.write(file, whole);
    cutEverywhere(file, 101);
  }

  @ParameterizedTest
  @CsvSource({"null", "deflate", "snappy", "zstandard", "bzip2"})
  void avroIsReadWholeOrRefused(String codec) throws Exception {
    Path file = avro(codec);
    assertThat(refused(file, "whole")).isFalse();
    byte[] whole = Files.readAllBytes(file);
    changeBytes(file, CHANGES);
    Files.write(file, whole);
    cutEverywhere(file, 101);
  }
}
