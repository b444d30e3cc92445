package io.tidemark.ingest.format;

import io.tidemark.ingest.row.Audience;
import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.InputException;
import io.tidemark.spec.Format;
import io.tidemark.stats.CountText;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/** Parquet files, by row groups. */
final class ParquetFormat implements FormatReader {
  @Override
  public Format format() {
    return Format.PARQUET;
  }

  @Override
  public String title() {
    return "Parquet";
  }

  @Override
  public List<String> suffixes() {
    return List.of(".parquet");
  }

  @Override
  public void read(FileSplit split, Audience audience) throws IOException {
    ParquetReader.read(split, audience);
  }

  @Override
  public FilePlan plan(MatchResult.Metadata metadata, boolean gzip, EventColumns columns) {
    String path = metadata.resourceId().toString();
    try (ParquetFile opened = ParquetFile.open(path)) {
      ParquetFileReader file = opened.reader();
      MessageType schema = file.getFileMetaData().getSchema();
      Set<String> absent =
          FilePlan.absent(path, columns, use -> ParquetColumns.find(schema, use, path) != null);
      FilePlan.refuse(path, columns, absent, ParquetColumns.names(schema));
      refuseEncrypted(path, columns, opened, schema);
      checkCounts(path, schema, file.getRowGroups());
      RowGroups groups = RowGroups.of(path, schema, file.getRowGroups(), columns);
      return new FilePlan(groups.splits(group -> true), absent, file.getRecordCount(), groups);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (e instanceof InputException known) {
        throw known;
      }
      FileKind.refuseOther(path, "Parquet");
      throw new InputException(path + ": not readable as Parquet: " + DecodeFailure.reason(e));
    }
  }

  private static void refuseEncrypted(
      String path, EventColumns columns, ParquetFile file, MessageType schema) {
    for (Use use : columns.columns()) {
      ColumnDescriptor column = ParquetColumns.find(schema, use, path);
      if (column != null && file.isEncrypted(column)) {
        throw new InputException(
            path
                + ": column "
                + use.path()
                + " is encrypted; write it without encryption, or leave it out of the spec");
      }
    }
  }

  /** A row has one value of a column that is not repeated: else rows would be lost unnoticed. */
  private static void checkCounts(String path, MessageType schema, List<BlockMetaData> groups) {
    for (int group = 0; group < groups.size(); group++) {
      BlockMetaData rows = groups.get(group);
      for (ColumnChunkMetaData values : rows.getColumns()) {
        String[] column = values.getPath().toArray();
        boolean repeated = schema.getColumnDescription(column).getMaxRepetitionLevel() > 0;
        if (!repeated && values.getValueCount() != rows.getRowCount()) {
          throw new InputException(
              path
                  + ": is damaged: row group "
                  + group
                  + " is to have "
                  + CountText.of(rows.getRowCount(), "row")
                  + ", and "
                  + CountText.of(values.getValueCount(), "value")
                  + " of column "
                  + String.join(".", column));
        }
      }
    }
  }
}
