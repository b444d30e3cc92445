package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.event.InferenceEvent;
import io.tidemark.ingest.format.WrittenParquet.Rows;
import io.tidemark.ingest.row.InputException;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.format.AesGcmV1;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.EncryptionAlgorithm;
import org.apache.parquet.format.EncryptionWithColumnKey;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose footers hold what a reader does not know, or must not know. */
class ParquetFooterTest {
  private static final int ROWS = 25;

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private static MonitoringSpec spec(String path) {
    return SpecReader.read(
        "test",
        """
        model: m
        task: regression
        events: {time: at, prediction: {value: p}}
        features: {x: {type: categorical, path: PATH}}
        window: {size: P1D}
        """
            .replace("PATH", path));
  }

  private Path write(String schema) throws IOException {
    Path partition = Files.createDirectories(folder.resolve("at=2024-01-01/p=1"));
    return WrittenParquet.write(
        partition.resolve("f.parquet"),
        "optional binary s (STRING); " + schema,
        ROWS,
        builder -> builder,
        (i, group) -> group.append("s", "value " + i % 5));
  }

  /** Rewrites a footer. Fields of the logical type null become ones of a type of the future. */
  private static void change(Path file, Consumer<FileMetaData> change) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer end = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = bytes.length - 8 - end.getInt(bytes.length - 8);
    FileMetaData footer =
        Util.readFileMetaData(new ByteArrayInputStream(bytes, start, bytes.length - 8 - start));
    change.accept(footer);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, written);
    String latin = written.toString(StandardCharsets.ISO_8859_1);
    // Field 11 of the union, an empty struct, becomes field 17.
    byte[] changed = latin.replace("\u00bc\0\0", "\f\"\0\0").getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, start);
    out.write(changed);
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(changed.length).array());
    out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    Files.write(file, out.toByteArray());
  }

  private Rows read(String path) throws IOException {
    return WrittenParquet.read(folder, spec(path));
  }

  private static List<String> values(Rows rows) {
    return rows.events.stream().map(ParquetFooterTest::value).toList();
  }

  private static String value(InferenceEvent event) {
    return event.categories()[0];
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optional binary u;",
        "optional group u {required binary metadata; required binary value;}",
        "repeated group u {optional int32 a;}",
        "required fixed_len_byte_array(3) u;"
      })
  void columnOfATypeOfTheFutureLeavesTheOthersReadable(String unknown) throws IOException {
    Path partition = Files.createDirectories(folder.resolve("at=2024-01-01/p=1"));
    Path file =
        WrittenParquet.write(
            partition.resolve("f.parquet"),
            "optional binary s (STRING); " + unknown,
            ROWS,
            builder -> builder,
            (i, group) -> {
              group.append("s", "value " + i % 5);
              if (unknown.startsWith("required")) {
                group.append("u", "abc");
              }
            });
    change(file, footer -> footer.getSchema().forEach(this::unknown));
    assertThat(values(read("s"))).hasSize(ROWS).contains("value 0", "value 4");
  }

  private void unknown(org.apache.parquet.format.SchemaElement element) {
    if (element.getName().equals("u")) {
      LogicalType type = new LogicalType();
      type.setUNKNOWN(new NullType());
      element.setLogicalType(type);
    }
  }

  @Test
  void typeOfTheFutureIsItsPhysicalType() throws IOException {
    Path partition = Files.createDirectories(folder.resolve("at=2024-01-01/p=1"));
    Path file =
        WrittenParquet.write(
            partition.resolve("f.parquet"),
            "optional int32 u;",
            ROWS,
            builder -> builder,
            (i, group) -> group.append("u", i));
    change(file, footer -> footer.getSchema().forEach(this::unknown));
    assertThat(values(read("u"))).startsWith("0", "1", "2");
  }

  private static void encrypt(FileMetaData footer, String column, boolean withMetadata) {
    footer.setEncryption_algorithm(EncryptionAlgorithm.AES_GCM_V1(new AesGcmV1()));
    for (ColumnChunk chunk : footer.getRow_groups().get(0).getColumns()) {
      List<String> path = chunk.getMeta_data().getPath_in_schema();
      if (String.join(".", path).equals(column)) {
        chunk.setCrypto_metadata(
            ColumnCryptoMetaData.ENCRYPTION_WITH_COLUMN_KEY(new EncryptionWithColumnKey(path)));
        chunk.setEncrypted_column_metadata(new byte[] {1, 2, 3});
        if (!withMetadata) {
          chunk.unsetMeta_data();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void encryptedColumnThatNobodyAskedForIsPassedOver(boolean withMetadata) throws IOException {
    change(write("optional group u {optional int32 v;}"), f -> encrypt(f, "u.v", withMetadata));
    assertThat(values(read("s"))).hasSize(ROWS).contains("value 0", "value 4");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void encryptedColumnThatIsAskedForIsNamed(boolean withMetadata) throws IOException {
    change(write("optional group u {optional int32 v;}"), f -> encrypt(f, "u.v", withMetadata));
    assertThatThrownBy(() -> read("u.v"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            "f.parquet: column u.v is encrypted; write it without encryption, or leave it out of"
                + " the spec");
  }

  @Test
  void encryptedFooterIsSaid() throws IOException {
    Path file = write("");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = 'E';
    bytes[3] = 'E';
    Files.write(file, bytes);
    assertThatThrownBy(() -> read("s"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it is encrypted, its footer included");
  }

  /** Old chunks were said to be shorter than they are by the header of their dictionary page. */
  private void shorten(String createdBy, int by) throws IOException {
    Path file = write("");
    byte[] bytes = Files.readAllBytes(file);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, 4, bytes.length - 4);
    PageHeader header = Util.readPageHeader(in);
    assertThat(header.isSetDictionary_page_header()).isTrue();
    int length = bytes.length - 4 - in.available();
    change(
        file,
        footer -> {
          footer.setCreated_by(createdBy);
          var column = footer.getRow_groups().get(0).getColumns().get(0).getMeta_data();
          column.setTotal_compressed_size(column.getTotal_compressed_size() - length - by);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "parquet-mr",
    "parquet-mr version 1.2.8 (build abc)",
    "parquet-mr version 1.2.0-SNAPSHOT",
    "parquet-mr version 0.9.12"
  })
  void chunkOfAnOldWriterIsLongerThanItsFooterSays(String createdBy) throws IOException {
    shorten(createdBy, 0);
    assertThat(values(read("s"))).hasSize(ROWS).contains("value 0", "value 4");
  }

  @ParameterizedTest
  @CsvSource({
    "parquet-mr version 1.2.9 (build abc), 0",
    "parquet-mr version 1.15.2 (build abc), 0",
    "impala version 1.0.0, 0",
    "parquet-mr version 1.2.8 (build abc), 100"
  })
  void chunkThatEndsTooEarlyOtherwiseIsDamaged(String createdBy, int by) throws IOException {
    shorten(createdBy, by);
    assertThatThrownBy(() -> read("s"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged");
  }
}
