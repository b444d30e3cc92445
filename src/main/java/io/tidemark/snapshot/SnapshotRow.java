package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.ShownRow;
import java.util.List;

/**
 * A row of a snapshot.
 *
 * @param name the row's id, or its content's hash
 * @param reasons why it was chosen, sorted
 * @param weight how many rows of the period it stands for
 * @param split train, validation, test or unlabelled
 * @param slice the worst slice that it is in, in words; null: none
 */
record SnapshotRow(
    String name,
    InferenceEvent event,
    List<String> reasons,
    double weight,
    String split,
    String slice)
    implements ShownRow {

  /** The same row where it stands for others, too. */
  SnapshotRow standingFor(List<String> why, double rows) {
    return new SnapshotRow(name, event, why, rows, split, slice);
  }
}
