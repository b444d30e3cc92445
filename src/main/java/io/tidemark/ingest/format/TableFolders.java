package io.tidemark.ingest.format;

import io.tidemark.ingest.row.InputException;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables of Delta Lake, Iceberg and Hudi. Their folders hold Parquet files that are no longer, or
 * not yet, part of the table, and only their metadata tell which: read as plain files they would
 * give rows twice and rows that were deleted.
 */
final class TableFolders {
  /** By folder: the table it is, or "". */
  private final Map<String, String> known = new HashMap<>();

  /** Refuses files that lie in a table. */
  static void refuse(String option, String uri, List<String> files) throws IOException {
    TableFolders folders = new TableFolders();
    for (String file : files) {
      String folder = parent(file);
      while (!folder.isEmpty()) {
        String table = folders.table(folder);
        if (!table.isEmpty()) {
          throw new InputException(
              (uri.equals(folder) ? uri : uri + ": " + folder)
                  + ": is a table of "
                  + table
                  + ", whose metadata say which of its files count; write the rows that "
                  + option
                  + " needs to a folder of plain Parquet files with a reader of such tables, and"
                  + " give that");
        }
        folder = parent(folder);
      }
    }
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 || path.startsWith("//", slash - 1) ? "" : path.substring(0, slash);
  }

  private String table(String folder) throws IOException {
    String table = known.get(folder);
    if (table == null) {
      table = look(folder);
      known.put(folder, table);
    }
    return table;
  }

  private static String look(String folder) throws IOException {
    if (folder.substring(folder.lastIndexOf('/') + 1).contains("=")) {
      return ""; // a partition of one
    }
    if (holds(folder, "_delta_log", "*")) {
      return "Delta Lake";
    }
    if (holds(folder, ".hoodie", "*")) {
      return "Hudi";
    }
    return holds(folder, "metadata", "*.metadata.json")
            || holds(folder, "metadata", "version-hint.text")
        ? "Iceberg"
        : "";
  }

  private static boolean holds(String folder, String name, String pattern) throws IOException {
    if (folder.contains("://")) {
      return !OutputFiles.list(OutputFiles.path(folder, name, pattern)).isEmpty();
    }
    Path path = Path.of(folder, name);
    if (pattern.equals("*") || !Files.isDirectory(path)) {
      return pattern.equals("*") && Files.isDirectory(path);
    }
    try (var found = Files.newDirectoryStream(path, pattern)) {
      return found.iterator().hasNext();
    }
  }
}
