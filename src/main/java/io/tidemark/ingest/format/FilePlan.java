package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.EventColumns.Use;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.PathColumns;
import io.tidemark.spec.Format;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * How one file is read: in which pieces, and what it lacks.
 *
 * @param absent declared columns that neither the file nor its path has; none where only the rows
 *     would tell
 * @param rows -1: nobody counted them
 * @param groups of a Parquet file; else null
 */
public record FilePlan(List<FileSplit> splits, Set<String> absent, long rows, RowGroups groups) {
  private static final long SPLIT = 64L << 20;

  private static final int SHOWN_NAMES = 30;
  private static final int SHOWN_CHARACTERS = 60;

  /**
   * @param declared the format that the spec declares, or null: the file's name says it
   * @throws InputException if the file cannot be read, or no row of it could be used
   */
  public static FilePlan of(MatchResult.Metadata file, EventColumns columns, Format declared) {
    String path = file.resourceId().toString();
    boolean gzip = path.toLowerCase(Locale.ROOT).endsWith(".gz");
    FormatReader format =
        declared != null ? FormatReaders.of(declared) : FormatReaders.byName(path);
    return format.plan(file, gzip, columns);
  }

  /** Pieces of a file that can be read from any byte on. */
  static List<FileSplit> bytes(MatchResult.Metadata file, Format format) {
    String path = file.resourceId().toString();
    long size = file.sizeBytes();
    List<FileSplit> splits = new ArrayList<>();
    for (long start = 0; start < size; start += SPLIT) {
      long end = Math.min(size, start + SPLIT);
      splits.add(new FileSplit(path, format, false, start, end, end - start));
    }
    return splits;
  }

  /** A file in one piece. */
  static List<FileSplit> whole(MatchResult.Metadata file, Format format, boolean gzip) {
    String path = file.resourceId().toString();
    return List.of(new FileSplit(path, format, gzip, 0, Long.MAX_VALUE, file.sizeBytes()));
  }

  /**
   * Declared columns that a file does not have.
   *
   * @param inFile whether it has a column; its path, too, may say one
   */
  static Set<String> absent(String path, EventColumns columns, Predicate<Use> inFile) {
    PathColumns partition = PathColumns.of(path);
    Set<String> absent = new LinkedHashSet<>();
    for (Use use : columns.columns()) {
      if (!inFile.test(use) && !partition.has(use.path())) {
        absent.add(use.path());
      }
    }
    return absent;
  }

  /** Refuses a file that lacks what no row can do without. */
  static void refuse(String path, EventColumns columns, Set<String> absent, List<String> names) {
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
