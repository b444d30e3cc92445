package io.tidemark.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.ingest.format.WrittenParquet.Rows;
import io.tidemark.ingest.row.InputException;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of missing values alone, for which writers store no bytes, not even packed ones. */
class EmptyPagesTest {
  private static final int ROWS = 3;

  /** Definition levels: a run of {@link #ROWS} zeros, or ones. */
  private static final byte[] MISSING = {ROWS << 1, 0};

  private static final byte[] PRESENT = {ROWS << 1, 1};

  @TempDir Path folder;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  static List<Encoding> encodings() {
    return List.of(
        Encoding.PLAIN,
        Encoding.DELTA_BINARY_PACKED,
        Encoding.BYTE_STREAM_SPLIT,
        Encoding.RLE_DICTIONARY);
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void versionTwo(Encoding encoding) throws IOException {
    write(CompressionCodec.SNAPPY, two(encoding, MISSING), MISSING);
    assertMissing();
  }

  @ParameterizedTest
  @EnumSource(CompressionCodec.class)
  void versionTwoOfEveryCodec(CompressionCodec codec) throws IOException {
    write(codec, two(Encoding.PLAIN, MISSING), MISSING);
    assertMissing();
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void versionOne(Encoding encoding) throws IOException {
    byte[] levels = {2, 0, 0, 0, MISSING[0], MISSING[1]};
    PageHeader page = new PageHeader(PageType.DATA_PAGE, levels.length, levels.length);
    page.setData_page_header(new DataPageHeader(ROWS, encoding, Encoding.RLE, Encoding.RLE));
    write(CompressionCodec.UNCOMPRESSED, page, levels);
    assertMissing();
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodec.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void emptyPageInFrontOfOthers(CompressionCodec codec) throws IOException {
    PageHeader none = new PageHeader(PageType.DATA_PAGE, 0, 0);
    none.setData_page_header(new DataPageHeader(0, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    Util.writePageHeader(two(Encoding.PLAIN, MISSING), pages);
    pages.write(MISSING);
    write(codec, none, pages.toByteArray());
    assertMissing();
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void pageThatLacksItsValuesIsDamaged(Encoding encoding) throws IOException {
    write(CompressionCodec.SNAPPY, two(encoding, PRESENT), PRESENT);
    assertThatThrownBy(this::read)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is damaged in row group 0")
        .hasMessageContaining("a page lacks the values that it is to have");
  }

  private static PageHeader two(Encoding encoding, byte[] levels) {
    PageHeader page = new PageHeader(PageType.DATA_PAGE_V2, levels.length, levels.length);
    DataPageHeaderV2 header = new DataPageHeaderV2(ROWS, ROWS, ROWS, encoding, levels.length, 0);
    header.setIs_compressed(true);
    page.setData_page_header_v2(header);
    return page;
  }

  private void assertMissing() throws IOException {
    Rows rows = read();
    assertThat(rows.events).hasSize(ROWS);
    assertThat(rows.events).allSatisfy(event -> assertThat(event.numbers()[0]).isNaN());
  }

  private Rows read() throws IOException {
    MonitoringSpec spec =
        SpecReader.read(
            "test",
            """
            model: m
            task: regression
            events: {time: at, prediction: {value: p}}
            features: {x: numeric}
            window: {size: P1D}
            """);
    return WrittenParquet.read(folder, spec);
  }

  /** A file of one column of one page, all of it by hand. */
  private void write(CompressionCodec codec, PageHeader page, byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
    out.write(magic);
    Util.writePageHeader(page, out);
    out.write(content);
    long size = out.size() - magic.length;
    SchemaElement root = new SchemaElement("m");
    root.setNum_children(1);
    SchemaElement x = new SchemaElement("x");
    x.setType(Type.INT64);
    x.setRepetition_type(FieldRepetitionType.OPTIONAL);
    ColumnChunk chunk = new ColumnChunk(magic.length);
    chunk.setMeta_data(
        new ColumnMetaData(
            Type.INT64,
            List.of(Encoding.PLAIN),
            List.of("x"),
            codec,
            ROWS,
            size,
            size,
            magic.length));
    FileMetaData footer =
        new FileMetaData(
            1, List.of(root, x), ROWS, List.of(new RowGroup(List.of(chunk), size, ROWS)));
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    int length = out.size() - start;
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    out.write(magic);
    Path partition = Files.createDirectories(folder.resolve("at=2024-01-01/p=1"));
    Files.write(partition.resolve("f.parquet"), out.toByteArray());
  }
}
