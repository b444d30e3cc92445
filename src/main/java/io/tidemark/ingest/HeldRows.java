package io.tidemark.ingest;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows that were held, of copies the one that stays. */
final class HeldRows {
  private final boolean deduplicate;
  private final EventLabels labels;
  private final WindowCursor windows;

  // Folds do not depend on the order of rows, so a hash map's is good enough.
  private final Map<Hash128, Copies> byKey = new HashMap<>();
  private final List<InferenceEvent> plain = new ArrayList<>();
  private long rows;

  HeldRows(boolean deduplicate, EventLabels labels, WindowCursor windows) {
    this.deduplicate = deduplicate;
    this.labels = labels;
    this.windows = windows;
  }

  void add(InferenceEvent row) {
    rows++;
    if (deduplicate) {
      long start = windows.startOf(row.timeMicros());
      byKey
          .computeIfAbsent(
              RowHash.copyKey(row.id(), row.version(), start), name -> new Copies(labels))
          .add(row);
    } else {
      plain.add(row);
    }
  }

  /** What they have come to. */
  HeldCounts counts() {
    long stay = byKey.size() + plain.size();
    return new HeldCounts(stay, rows - stay);
  }

  /** Takes a row that stays. */
  interface Visitor {
    void row(InferenceEvent row, long windowStart);
  }

  void forEach(Visitor visitor) {
    for (Copies copies : byKey.values()) {
      InferenceEvent row = copies.kept();
      visitor.row(row, windows.startOf(row.timeMicros()));
    }
    for (InferenceEvent row : plain) {
      visitor.row(row, windows.startOf(row.timeMicros()));
    }
  }
}
