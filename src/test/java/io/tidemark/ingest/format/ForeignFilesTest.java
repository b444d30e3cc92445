package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that is something else than it is taken for: it is said as what it is. */
class ForeignFilesTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: regression
          events: {time: t, prediction: {value: p}}
          features: {x: numeric}
          window: {size: P1D}
          """);

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private void assertRefused(String name, byte[] content, String... words) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, content);
    assertThatThrownBy(() -> EventFiles.plan(file.toString(), SPEC))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @CsvSource({
    "425A683931, bzip2",
    "FD377A585A00, xz",
    "28B52FFD, zstd",
    "04224D18, lz4",
    "504B0304, zip",
    "377ABCAF271C, 7z",
    "1F8B08, gzip",
    "4F524303, ORC",
    "4152524F57310000, Arrow",
    "FFFFFFFF70, Arrow stream",
    "46454131, Feather",
    "894844460D0A1A0A, HDF5",
    "53514C69746520666F726D6174203300, SQLite",
    "50415231150015, Parquet",
    "4F626A0104, Avro",
    "FFFE7B00, UTF-16",
    "FEFF007B, UTF-16",
    "7B002200, UTF-16",
    "3C21444F43545950452048544D4C3E, HTML",
    "0A3C68746D6C20, HTML",
    "3C3F786D6C20, XML"
  })
  void linesThatAreNone(String head, String what) throws IOException {
    byte[] bytes = new java.math.BigInteger("01" + head, 16).toByteArray();
    byte[] content = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
    for (String name : new String[] {"a.csv", "a.jsonl"}) {
      assertRefused(name, content, ": is ", what, ", not ");
    }
    if (!what.equals("Parquet")) {
      assertRefused("a.parquet", content, "not readable as Parquet: it is ", what);
    }
    if (!what.equals("Avro")) {
      assertRefused("a.avro", content, "not readable as Avro: it is ", what);
    }
    boolean read = what.equals("Parquet") || what.equals("Avro");
    assertRefused("a.data", content, read ? "set its format in the spec" : what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"t\":\"2024-01-01\"}]",
        " [\n  {\n \"t\": 1}]",
        "[\r\n{\"t\": 1},\r\n{\"t\": 2}]",
        "\u00ef\u00bb\u00bf[{\"t\": 1}]",
        "[[1, 2], [3, 4]]"
      })
  void jsonArray(String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
    assertRefused("a.json", content, "one JSON array", "lines=True");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    assertRefused("a.json.gz", packed.toByteArray(), "one JSON array");
  }

  @Test
  void objectsOverSeveralLines() throws IOException {
    assertRefused("a.json", "{\n  \"t\": 1\n}\n".getBytes(StandardCharsets.UTF_8), "spread over");
  }

  @Test
  void firstLineThatIsNoObjectIsADeadLetterOnly() throws IOException {
    Path file = folder.resolve("a.jsonl");
    Files.writeString(file, "[1, 2]\n{\"t\": \"2024-01-01\", \"p\": 1}\n");
    assertThat(WrittenParquet.read(file, SPEC).events).hasSize(1);
  }

  @Test
  void textInPlaceOfParquet() throws IOException {
    byte[] csv = "t,p,x\n2024-01-01,1,2\n".getBytes(StandardCharsets.UTF_8);
    assertRefused("a.parquet", csv, "not readable as Parquet: it is text, perhaps CSV");
    assertRefused("a.avro", "{\"t\":1}".getBytes(StandardCharsets.UTF_8), "perhaps JSON lines");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"string\"",
        "{\"type\": \"array\", \"items\": \"long\"}",
        "{\"type\": \"map\", \"values\": \"long\"}"
      })
  void avroOfNoRecords(String type) throws IOException {
    Schema schema = new Schema.Parser().parse(type);
    Path file = folder.resolve("a.avro");
    try (var writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
    }
    assertThatThrownBy(() -> EventFiles.plan(file.toString(), SPEC))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its values are of Avro's type " + schema.getType().getName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"t\", \"type\": \"null\"}, {\"name\": \"p\", \"type\": \"null\"}",
        "{\"name\": \"t\", \"type\": {\"type\": \"fixed\", \"name\": \"F\", \"size\": 0}},"
            + " {\"name\": \"p\", \"type\": \"null\"}"
      })
  void recordsThatNoBytesStandFor(String fields) throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
    Path file = folder.resolve("a.avro");
    try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
    }
    byte[] head = Files.readAllBytes(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head);
    // A block of 2^41 records in no bytes.
    out.write(
        new byte[] {
          (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1, 0
        });
    out.write(head, head.length - 16, 16);
    Files.write(file, out.toByteArray());
    assertThatThrownBy(() -> WrittenParquet.read(file, SPEC))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a block of 0 bytes is to hold 2199023255552 records");
  }

  @ParameterizedTest
  @CsvSource({
    "_delta_log/00000000000000000000.json, Delta Lake",
    "metadata/v1.metadata.json, Iceberg",
    "metadata/version-hint.text, Iceberg",
    ".hoodie/hoodie.properties, Hudi"
  })
  void tableReadAsPlainFiles(String metadata, String what) throws IOException {
    Path table = folder.resolve("logs/table");
    Path data = Files.createDirectories(table.resolve("data/day=1"));
    Files.writeString(data.resolve("a.csv"), "t,p,x\n2024-01-01,1,2\n");
    Files.createDirectories(table.resolve(metadata).getParent());
    Files.writeString(table.resolve(metadata), "{}");
    String name = folder.toString();
    for (String uri :
        new String[] {
          name,
          name + "/",
          name + "/logs/table",
          name + "/logs/table/data/day=1",
          name + "/logs/table/data/*/*.csv",
          name + "/*/table/data/**"
        }) {
      assertThatThrownBy(() -> EventFiles.plan(uri, SPEC))
          .describedAs(uri)
          .isInstanceOf(InputException.class)
          .hasMessageContaining(table + ": is a table of " + what);
    }
    // Whoever names a file means that file.
    assertThatCode(() -> EventFiles.plan(data.resolve("a.csv").toString(), SPEC))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3", "gs", "hdfs", "abfs", "abfss", "http", "https", "wasbs"})
  void placeWithoutItsFileSystem(String scheme) {
    assertThatThrownBy(() -> EventFiles.plan(scheme + "://bucket/log", SPEC))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--events: " + scheme + ":// needs a file system");
    assertThatThrownBy(() -> FileScheme.check("--output", scheme + "://bucket/log"))
        .isInstanceOf(InputException.class);
    assertThatCode(() -> FileScheme.check("--output", "/some/where:else"))
        .doesNotThrowAnyException();
  }
}
