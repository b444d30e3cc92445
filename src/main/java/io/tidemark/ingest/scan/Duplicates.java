package io.tidemark.ingest.scan;

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
public final class Duplicates {
  private final EventLabels labels;
  private InferenceEvent kept;

  /** Of the one that stays, once there are two. */
  private Hash128 content;

  private long rows;
  private long same;

  /** What the log's copies say the label is. */
  private Set<String> said = Set.of();

  public Duplicates(EventLabels labels) {
    this.labels = labels;
  }

  public void add(InferenceEvent copy) {
    rows++;
    if (kept == null) {
      kept = copy; // mostly the only one: nothing is asked of it
      same = 1;
      return;
    }
    if (content == null) {
      say(kept);
      content = RowHash.content(kept);
    }
    say(copy);
    Hash128 hash = RowHash.content(copy);
    if (hash.equals(content)) {
      same++;
    } else if (before(copy, hash)) {
      kept = copy;
      content = hash;
      same = 1;
    }
  }

  private void say(InferenceEvent copy) {
    String label = labels.own(copy);
    if (label != null && !said.contains(label)) {
      Set<String> more = new HashSet<>(said);
      more.add(label);
      said = more;
    }
  }

  long rows() {
    return rows;
  }

  /** Copies whose content differs from that of the one that stays. */
  public long conflicting() {
    return rows - same;
  }

  /** Copies that say different labels contradict each other, as labels of a source do. */
  public InferenceEvent kept() {
    return said.size() > 1 ? kept.withLabel(kept.label(), kept.labelMicros(), true) : kept;
  }

  private boolean before(InferenceEvent copy, Hash128 hash) {
    int order = Long.compare(copy.timeMicros(), kept.timeMicros());
    return order != 0 ? order < 0 : hash.compareTo(content) < 0;
  }
}
