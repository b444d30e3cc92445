package io.tidemark.ingest.format;

import io.tidemark.store.ParquetCodecs;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;

/**
 * An open Parquet file. One whose footer Parquet's reader stumbles over is opened with a footer in
 * which what the reader cannot know is left out, see {@link ParquetFooter}.
 *
 * @param encrypted paths of columns that cannot be read without a key, names parted by NUL
 */
record ParquetFile(ParquetFileReader reader, Set<String> encrypted) implements Closeable {

  static ParquetFile open(String path) throws IOException {
    ParquetInput input = new ParquetInput(path);
    ParquetFileReader reader = null;
    try {
      reader = ParquetFileReader.open(input, options());
    } catch (RuntimeException e) {
      ParquetFooter footer = ParquetFooter.of(input);
      if (!footer.differs()) {
        throw e;
      }
      return open(input, footer);
    }
    FileMetaData meta = reader.getFileMetaData();
    // What is encrypted the reader finds out only when it looks at the column.
    if (ParquetFooter.hasShortChunks(meta.getCreatedBy())
        || meta.getEncryptionType() != FileMetaData.EncryptionType.UNENCRYPTED) {
      reader.close();
      return open(input, ParquetFooter.of(input));
    }
    return new ParquetFile(reader, Set.of());
  }

  private static ParquetFile open(ParquetInput input, ParquetFooter footer) throws IOException {
    return new ParquetFile(
        ParquetFileReader.open(footer.over(input), options()), footer.encrypted());
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new ParquetCodecs())
        .usePageChecksumVerification() // a flipped bit may decode to a number like any other
        .build();
  }

  /** Whether the column's values cannot be read without a key. */
  boolean isEncrypted(ColumnDescriptor column) {
    return encrypted.contains(String.join("\0", column.getPath()));
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
