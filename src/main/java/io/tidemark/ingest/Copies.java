package io.tidemark.ingest;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Hash128;
import java.util.HashSet;
import java.util.Set;

/**
 * The copies of one row, of which the one with the smallest (time, content hash) stays, in whatever
 * order they come.
 */
final class Copies {
  private final EventLabels labels;
  private InferenceEvent kept;
  private Hash128 content;
  private long rows;
  private long same;

  /** What the log's copies say the label is. */
  private final Set<String> said = new HashSet<>();

  Copies(EventLabels labels) {
    this.labels = labels;
  }

  void add(InferenceEvent copy) {
    rows++;
    String label = labels.own(copy);
    if (label != null) {
      said.add(label);
    }
    Hash128 hash = RowHash.content(copy);
    if (kept != null && hash.equals(content)) {
      same++;
    } else if (kept == null || before(copy, hash)) {
      kept = copy;
      content = hash;
      same = 1;
    }
  }

  long rows() {
    return rows;
  }

  /** Copies whose content differs from that of the one that stays. */
  long conflicting() {
    return rows - same;
  }

  /** Copies that say different labels contradict each other, as labels of a source do. */
  InferenceEvent kept() {
    return said.size() > 1 ? kept.withLabel(kept.label(), kept.labelMicros(), true) : kept;
  }

  private boolean before(InferenceEvent copy, Hash128 hash) {
    int order = Long.compare(copy.timeMicros(), kept.timeMicros());
    return order != 0 ? order < 0 : hash.compareTo(content) < 0;
  }
}
