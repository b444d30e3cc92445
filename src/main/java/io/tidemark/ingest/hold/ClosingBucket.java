package io.tidemark.ingest.hold;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.PredictionKeys;
import io.tidemark.event.RowHash;
import io.tidemark.event.WindowTiming;
import io.tidemark.stats.Hash128;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the labels' accounts need of a bucket that closes: the labels whose predictions it has, with
 * these, and those that it answers for because no other bucket closes later. Packed as a join of
 * files has them.
 */
final class ClosingBucket {
  private final EventLabels labelsOf;
  private final boolean numeric;
  private final PredictionKeys predictions;
  private final LabelRows labels;
  private final Set<Hash128> labelled = new HashSet<>();
  private boolean empty = true;

  /**
   * @param ids of all its predictions
   */
  ClosingBucket(
      WindowTiming times,
      long start,
      EventLabels labelsOf,
      List<LabelRows.Row> held,
      Set<Hash128> ids) {
    this.labelsOf = labelsOf;
    this.numeric = labelsOf.numeric();
    this.predictions = new PredictionKeys(labelsOf.inLog());
    this.labels = new LabelRows(numeric);
    for (LabelRows.Row label : held) {
      Hash128 id = new Hash128(label.high(), label.low());
      boolean own = ids.contains(id);
      if (own) {
        labelled.add(id);
      }
      if (own || times.lastStretch(label.timeMicros()) == start) {
        add(label);
      }
    }
  }

  private void add(LabelRows.Row label) {
    empty = false;
    labels.add(
        new String(label.id(), StandardCharsets.UTF_8),
        label.timeMicros(),
        label.value(),
        label.number(),
        label.source(),
        label.file(),
        label.position());
  }

  /** Takes a prediction, of copies the one that stays, without a joined label. */
  void add(InferenceEvent prediction) {
    Hash128 id = RowHash.ofId(prediction.id());
    if (labelled.contains(id)) {
      predictions.add(
          id,
          prediction.timeMicros(),
          prediction.version(),
          PredictionKeys.hashOf(labelsOf.own(prediction)));
    }
  }

  boolean isEmpty() {
    return empty;
  }

  /** Packs of both. */
  List<byte[]> packed() {
    List<byte[]> packs = new ArrayList<>();
    packs.add(predictions.packed());
    packs.add(labels.packed());
    return packs;
  }
}
