package io.tidemark.ingest;

import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.ContentHash;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * The files that a run reads, looked at before anything else happens: a file that cannot be read at
 * all, or lacks a column without which no row is usable, ends the run before anything is written.
 *
 * @param splits in the order of path and place
 * @param rows known where all files are Parquet, else -1
 * @param hash of the files' names and sizes: tells runs over different input apart
 */
public record EventFiles(List<FileSplit> splits, int files, long bytes, long rows, String hash) {
  private static final long SPLIT = 64L << 20;

  /**
   * @param uri a path, a folder or a glob
   * @throws InputException with a message for the user
   */
  public static EventFiles plan(String uri, MonitoringSpec spec) {
    List<MatchResult.Metadata> files = match(uri);
    EventColumns columns = EventColumns.all(spec);
    List<FileSplit> splits = new ArrayList<>();
    StringBuilder names = new StringBuilder();
    long bytes = 0;
    long rows = 0;
    for (MatchResult.Metadata file : files) {
      String path = file.resourceId().toString();
      Format format = format(path, spec.events().format());
      bytes += file.sizeBytes();
      names.append(file.resourceId().getFilename()).append(' ');
      names.append(file.sizeBytes()).append('\n');
      long fileRows = -1;
      switch (format) {
        case PARQUET -> fileRows = planParquet(path, columns, splits);
        case AVRO -> planAvro(file, columns, splits);
        case CSV -> planCsv(file, columns, splits);
        case JSONL -> planText(file, format, splits);
      }
      rows = rows < 0 || fileRows < 0 ? -1 : rows + fileRows;
    }
    String hash = ContentHash.of(names.toString().getBytes(StandardCharsets.UTF_8));
    return new EventFiles(List.copyOf(splits), files.size(), bytes, rows, hash);
  }

  private static List<MatchResult.Metadata> match(String uri) {
    if (uri.startsWith("kafka://")) {
      throw new InputException("--events=" + uri + ": Kafka is not a source yet; give files");
    }
    List<MatchResult.Metadata> found = new ArrayList<>();
    try {
      for (MatchResult.Metadata file :
          FileSystems.match(glob(uri), EmptyMatchTreatment.ALLOW).metadata()) {
        String name = file.resourceId().getFilename();
        if (name != null && !name.startsWith(".") && !name.startsWith("_")) {
          found.add(file);
        }
      }
    } catch (FileNotFoundException e) {
      found.clear();
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(uri + ": cannot be listed: " + firstLine(e));
    }
    if (found.isEmpty()) {
      throw new InputException(
          uri
              + ": no such file. Give a path, a folder, or a glob in quotes such as 'logs/*.parquet'");
    }
    found.sort(Comparator.comparing(file -> file.resourceId().toString()));
    return found;
  }

  /** A folder stands for the files in it. */
  private static String glob(String uri) {
    boolean folder =
        uri.endsWith("/") || (!uri.contains("://") && new java.io.File(uri).isDirectory());
    return folder ? uri.replaceFirst("/+$", "") + "/*" : uri;
  }

  private static Format format(String path, Format declared) {
    if (declared != null) {
      return declared;
    }
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
    throw new InputException(
        path
            + ": its name does not say its format; set events.format to parquet, avro, jsonl or csv");
  }

  private static long planParquet(String path, EventColumns columns, List<FileSplit> splits) {
    try (ParquetFileReader file =
        ParquetFileReader.open(new ParquetInput(path), ParquetReader.options())) {
      MessageType schema = file.getFileMetaData().getSchema();
      List<String> lacking = new ArrayList<>();
      for (EventColumns.Use use : columns.columns()) {
        boolean absent = ParquetColumns.find(schema, use, path) == null;
        if (absent && columns.needed().contains(use.path())) {
          lacking.add(use.path());
        }
      }
      List<String> names = new ArrayList<>();
      schema.getFields().forEach(field -> names.add(field.getName()));
      refuse(path, lacking, names);
      int group = 0;
      for (BlockMetaData block : file.getRowGroups()) {
        splits.add(
            new FileSplit(
                path, Format.PARQUET, false, group, group + 1, block.getCompressedSize()));
        group++;
      }
      return file.getRecordCount();
    } catch (IOException | RuntimeException e) {
      if (e instanceof InputException known) {
        throw known;
      }
      throw new InputException(path + ": not readable as Parquet: " + firstLine(e));
    }
  }

  private static void refuse(String path, List<String> lacking, List<String> names) {
    if (!lacking.isEmpty()) {
      throw new InputException(
          path + ": lacks " + String.join(", ", lacking) + "; it has " + String.join(", ", names));
    }
  }

  private static void planAvro(
      MatchResult.Metadata file, EventColumns columns, List<FileSplit> splits) {
    String path = file.resourceId().toString();
    Schema schema;
    try {
      schema = AvroReader.schema(path);
    } catch (IOException | RuntimeException e) {
      throw new InputException(path + ": not readable as Avro: " + firstLine(e));
    }
    List<String> lacking =
        columns.needed().stream().filter(name -> !AvroReader.has(schema, name)).toList();
    refuse(path, lacking, AvroReader.names(schema));
    for (long start = 0; start < file.sizeBytes(); start += SPLIT) {
      long end = Math.min(file.sizeBytes(), start + SPLIT);
      splits.add(new FileSplit(path, Format.AVRO, false, start, end, end - start));
    }
  }

  private static void planCsv(
      MatchResult.Metadata file, EventColumns columns, List<FileSplit> splits) {
    String path = file.resourceId().toString();
    boolean gzip = isGzip(path);
    List<String> names;
    try {
      names = CsvReader.header(path, gzip);
    } catch (IOException e) {
      throw new InputException(path + ": cannot be read: " + firstLine(e));
    }
    refuse(path, columns.needed().stream().filter(name -> !names.contains(name)).toList(), names);
    splits.add(new FileSplit(path, Format.CSV, gzip, 0, Long.MAX_VALUE, file.sizeBytes()));
  }

  private static boolean isGzip(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  private static void planText(MatchResult.Metadata file, Format format, List<FileSplit> splits) {
    String path = file.resourceId().toString();
    boolean gzip = isGzip(path);
    long size = file.sizeBytes();
    try (java.io.InputStream in =
        java.nio.channels.Channels.newInputStream(FileSystems.open(file.resourceId()))) {
      if (gzip && size > 0) {
        new java.util.zip.GZIPInputStream(in).read();
      }
    } catch (IOException e) {
      throw new InputException(path + ": cannot be read: " + firstLine(e));
    }
    if (gzip || !file.isReadSeekEfficient()) {
      splits.add(new FileSplit(path, format, gzip, 0, Long.MAX_VALUE, size));
      return;
    }
    for (long start = 0; start < size; start += SPLIT) {
      long end = Math.min(size, start + SPLIT);
      splits.add(new FileSplit(path, format, false, start, end, end - start));
    }
  }

  static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  /** The number of rows, or a guess where nobody counted them. */
  long aboutRows() {
    return rows >= 0 ? rows : bytes / 100;
  }

  /**
   * The splits dealt out into tasks of about the same work. Few large tasks: each task gathers its
   * own states, and what leaves it is small.
   */
  List<ScanTask> tasks(int count) {
    List<FileSplit> largestFirst = new ArrayList<>(splits);
    largestFirst.sort(Comparator.comparingLong(FileSplit::weight).reversed());
    List<List<FileSplit>> dealt = new ArrayList<>();
    long[] load = new long[Math.max(1, Math.min(count, splits.size()))];
    for (int i = 0; i < load.length; i++) {
      dealt.add(new ArrayList<>());
    }
    for (FileSplit split : largestFirst) {
      int lightest = 0;
      for (int i = 1; i < load.length; i++) {
        lightest = load[i] < load[lightest] ? i : lightest;
      }
      dealt.get(lightest).add(split);
      load[lightest] += split.weight();
    }
    List<ScanTask> tasks = new ArrayList<>();
    for (List<FileSplit> task : dealt) {
      if (!task.isEmpty()) {
        // Neighbouring pieces one after the other: rows of one window come together.
        task.sort(Comparator.comparing(FileSplit::path).thenComparingLong(FileSplit::start));
        tasks.add(new ScanTask(List.copyOf(task)));
      }
    }
    return tasks;
  }
}
