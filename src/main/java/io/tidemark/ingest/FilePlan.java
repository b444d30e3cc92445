package io.tidemark.ingest;

import io.tidemark.ingest.EventColumns.Use;
import io.tidemark.spec.Format;
import io.tidemark.stats.CountText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * How one file is read: in which pieces, and what it lacks.
 *
 * @param absent declared columns that neither the file nor its path has; none where only the rows
 *     would tell
 * @param rows -1: nobody counted them
 */
record FilePlan(List<FileSplit> splits, Set<String> absent, long rows) {
  private static final long SPLIT = 64L << 20;

  /** Row groups smaller than this go together: opening a file reads its whole footer. */
  private static final long LEAST_PARQUET_SPLIT = 4L << 20;

  private static final int SHOWN_NAMES = 30;
  private static final int SHOWN_CHARACTERS = 60;

  /**
   * @param declared the format that the spec declares, or null: the file's name says it
   * @throws InputException if the file cannot be read, or no row of it could be used
   */
  static FilePlan of(MatchResult.Metadata file, EventColumns columns, Format declared) {
    String path = file.resourceId().toString();
    boolean gzip = path.toLowerCase(Locale.ROOT).endsWith(".gz");
    return switch (declared != null ? declared : format(path)) {
      case PARQUET -> parquet(path, columns);
      case AVRO -> avro(path, file.sizeBytes(), columns);
      case CSV -> csv(path, gzip, file.sizeBytes(), columns);
      case JSONL -> jsonLines(file, path, gzip);
    };
  }

  private static Format format(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".parquet")) {
      return Format.PARQUET;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".json") || name.endsWith(".ndjson")) {
      return Format.JSONL;
    }
    if (name.endsWith(".csv")) {
      return Format.CSV;
    }
    if (name.endsWith(".avro")) {
      return Format.AVRO;
    }
    FileKind.Found other = FileKind.foreign(FileKind.head(path, false));
    if (other != null) {
      throw FileKind.refused(path, other, "Parquet, Avro, JSON lines or CSV");
    }
    throw new InputException(
        path
            + ": its name does not say its format; set its format in the spec to parquet, avro,"
            + " jsonl or csv");
  }

  private static FilePlan parquet(String path, EventColumns columns) {
    try (ParquetFile opened = ParquetFile.open(path)) {
      ParquetFileReader file = opened.reader();
      MessageType schema = file.getFileMetaData().getSchema();
      Set<String> absent =
          absent(path, columns, use -> ParquetColumns.find(schema, use, path) != null);
      refuse(path, columns, absent, ParquetColumns.names(schema));
      refuseEncrypted(path, columns, opened, schema);
      checkCounts(path, schema, file.getRowGroups());
      return new FilePlan(parquetSplits(path, file.getRowGroups()), absent, file.getRecordCount());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (e instanceof InputException known) {
        throw known;
      }
      refuseOther(path, "Parquet");
      throw new InputException(path + ": not readable as Parquet: " + Damage.reason(e));
    }
  }

  /** A file of the wrong kind says more by its beginning than by what a decoder stumbles over. */
  private static void refuseOther(String path, String expected) {
    FileKind.Found other = FileKind.notBinary(FileKind.head(path, false));
    if (other != null && !other.what().equals(expected)) {
      throw new InputException(
          path
              + ": not readable as "
              + expected
              + ": it is "
              + other.what()
              + "; "
              + other.advice());
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

  private static List<FileSplit> parquetSplits(String path, List<BlockMetaData> groups) {
    List<FileSplit> splits = new ArrayList<>();
    int start = 0;
    long size = 0;
    for (int group = 0; group < groups.size(); group++) {
      size += groups.get(group).getCompressedSize();
      if (size >= LEAST_PARQUET_SPLIT || group == groups.size() - 1) {
        splits.add(new FileSplit(path, Format.PARQUET, false, start, group + 1, size));
        start = group + 1;
        size = 0;
      }
    }
    return splits;
  }

  private static FilePlan avro(String path, long size, EventColumns columns) {
    Schema schema;
    try {
      schema = AvroReader.schema(path);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      refuseOther(path, "Avro");
      throw new InputException(path + ": not readable as Avro: " + Damage.reason(e));
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw new InputException(
          path
              + ": its values are of Avro's type "
              + schema.getType().getName()
              + ", not records; write a record a row, with a field a column");
    }
    return new FilePlan(bytes(path, Format.AVRO, size), absent(path, schema, columns), -1);
  }

  /**
   * Declared columns that records of a schema do not have.
   *
   * @param place where the records stand, for messages
   * @throws InputException if none of them could be used
   */
  static Set<String> absent(String place, Schema schema, EventColumns columns) {
    Set<String> absent = absent(place, columns, use -> AvroReader.has(schema, use.path()));
    refuse(place, columns, absent, AvroReader.names(schema));
    return absent;
  }

  private static List<FileSplit> bytes(String path, Format format, long size) {
    List<FileSplit> splits = new ArrayList<>();
    for (long start = 0; start < size; start += SPLIT) {
      long end = Math.min(size, start + SPLIT);
      splits.add(new FileSplit(path, format, false, start, end, end - start));
    }
    return splits;
  }

  private static FilePlan csv(String path, boolean gzip, long size, EventColumns columns) {
    TextInput.check(path, gzip, Format.CSV);
    List<String> names;
    try {
      names = CsvReader.header(path, gzip);
    } catch (IOException e) {
      throw new InputException(path + ": " + Damage.reason(e));
    }
    Set<String> header = Set.copyOf(names);
    Set<String> absent = absent(path, columns, use -> header.contains(use.path()));
    refuse(path, columns, absent, names);
    return new FilePlan(
        List.of(new FileSplit(path, Format.CSV, gzip, 0, Long.MAX_VALUE, size)), absent, -1);
  }

  private static FilePlan jsonLines(MatchResult.Metadata file, String path, boolean gzip) {
    TextInput.check(path, gzip, Format.JSONL);
    boolean whole = gzip || !file.isReadSeekEfficient();
    List<FileSplit> splits =
        whole
            ? List.of(new FileSplit(path, Format.JSONL, gzip, 0, Long.MAX_VALUE, file.sizeBytes()))
            : bytes(path, Format.JSONL, file.sizeBytes());
    return new FilePlan(splits, Set.of(), -1);
  }

  private static Set<String> absent(String path, EventColumns columns, Predicate<Use> inFile) {
    PathColumns partition = PathColumns.of(path);
    Set<String> absent = new LinkedHashSet<>();
    for (Use use : columns.columns()) {
      if (!inFile.test(use) && !partition.has(use.path())) {
        absent.add(use.path());
      }
    }
    return absent;
  }

  private static void refuse(
      String path, EventColumns columns, Set<String> absent, List<String> names) {
    List<String> lacking = columns.needed().stream().filter(absent::contains).distinct().toList();
    if (!lacking.isEmpty()) {
      throw new InputException(
          path + ": lacks " + String.join(", ", lacking) + "; it has " + shown(names));
    }
  }

  /** Names as they may be shown: a file that is no table at all may have any. */
  private static String shown(List<String> names) {
    List<String> shown = new ArrayList<>();
    for (String name : names.subList(0, Math.min(SHOWN_NAMES, names.size()))) {
      String plain = name.replaceAll("\\p{C}", "?");
      shown.add(
          plain.length() <= SHOWN_CHARACTERS
              ? plain
              : plain.substring(0, SHOWN_CHARACTERS) + "...");
    }
    int more = names.size() - shown.size();
    return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
  }
}
