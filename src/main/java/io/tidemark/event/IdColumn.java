package io.tidemark.event;

import io.tidemark.stats.Hash128;

/** Ids of a batch of rows. What asks for hashes alone need not make texts of what a log stores. */
public interface IdColumn {
  /** The id of a row, or null. */
  String text(int row);

  /** {@link RowHash#ofId} of a row's id, which is not missing. */
  default Hash128 hash(int row) {
    return RowHash.ofId(text(row));
  }

  /** Whether a row has no id, or an empty one. */
  default boolean isEmpty(int row) {
    String text = text(row);
    return text == null || text.isEmpty();
  }
}
