package io.tidemark.spec;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of a snapshot's columns, each of which stands for one thing. Many readers of tables do
 * not tell upper from lower case, so names that differ in nothing else are the same here.
 */
final class SnapshotNames {
  /** Columns that a snapshot adds. */
  private static final Set<String> RESERVED =
      Set.of("label", "label_time", "reasons", "weight", "split", "slice", "row_id", "origin");

  /** A name as it is written, and the log's column behind it. */
  private record Use(String name, String column) {}

  private final Map<String, Use> uses = new HashMap<>();

  /** Whether a snapshot adds a column of this name itself. */
  static boolean reserved(String name) {
    return RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Takes a name for a column of the log.
   *
   * @return what is wrong with it, or null
   */
  String add(String name, String column) {
    Use earlier = uses.putIfAbsent(name.toLowerCase(Locale.ROOT), new Use(name, column));
    if (earlier == null) {
      return null;
    }
    if (!earlier.name().equals(name)) {
      return name
          + " and "
          + earlier.name()
          + " differ in letter case only, and many readers"
          + " take them for one column of the snapshot; rename one";
    }
    return earlier.column().equals(column)
        ? null
        : name
            + " would be two columns of the snapshot, from "
            + earlier.column()
            + " and "
            + column
            + " of the log; call the feature otherwise and give its path";
  }
}
