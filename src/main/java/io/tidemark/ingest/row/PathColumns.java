package io.tidemark.ingest.row;

import io.tidemark.ingest.row.EventColumns.Use;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The columns that stand in a file's path, as Hive and Spark lay out partitions: {@code
 * region=eu/part-0.parquet}. Their files lack these columns; one that has them all the same says
 * itself what its rows hold.
 */
public final class PathColumns {
  /** How Hive and Spark, and how DuckDB write a folder of rows without a value. */
  private static final Set<String> MISSING = Set.of("__HIVE_DEFAULT_PARTITION__", "NULL");

  private final Map<String, String> values = new HashMap<>();

  private PathColumns() {}

  public static PathColumns of(String path) {
    PathColumns columns = new PathColumns();
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) { // the last is the file's own name
      int equals = names[i].indexOf('=');
      if (equals > 0) {
        columns.values.put(
            decoded(names[i].substring(0, equals)), decoded(names[i].substring(equals + 1)));
      }
    }
    return columns;
  }

  public boolean has(String column) {
    return values.containsKey(column);
  }

  /** The text of a column, or null: it is missing. */
  String value(Use use) {
    String text = values.get(use.path());
    if (text == null || MISSING.contains(text)) {
      return null;
    }
    return text;
  }

  /** Undoes Hive's escapes, %XX for each byte that a path cannot hold. */
  public static String decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 <= bytes.length - 1 ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 <= bytes.length - 1 ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    byte[] said = decoded.toByteArray();
    return ByteText.ofText(said, 0, said.length);
  }
}
