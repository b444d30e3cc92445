package io.tidemark.snapshot;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.ShownRow;
import io.tidemark.spec.SnapshotSpec;
import java.util.List;

/**
 * A row of a snapshot.
 *
 * @param name the row's id, or its content's hash
 * @param reasons why it was chosen, sorted
 * @param weight how many rows of the period it stands for
 * @param split train, validation, test or unlabelled
 * @param slice the worst slice that it is in, in words; null: none
 * @param made null: it is the log's
 */
record SnapshotRow(
    String name,
    InferenceEvent event,
    List<String> reasons,
    double weight,
    String split,
    String slice,
    Made made)
    implements ShownRow {

  /**
   * What is known of a row that was made or collected on request.
   *
   * @param request the id of the request that it answers; null: it says none
   */
  record Made(String request) {}

  /** A row of the log. */
  SnapshotRow(
      String name,
      InferenceEvent event,
      List<String> reasons,
      double weight,
      String split,
      String slice) {
    this(name, event, reasons, weight, split, slice, null);
  }

  /** A row that was made or collected on request: to train on, and for itself. */
  static SnapshotRow of(AugmentedRow row) {
    return new SnapshotRow(
        row.candidate().name(),
        row.event(),
        List.of(SnapshotSpec.AUGMENTED),
        1,
        SplitRows.TRAIN,
        null,
        new Made(row.request()));
  }

  String origin() {
    return made == null ? "log" : SnapshotSpec.AUGMENTED;
  }

  String request() {
    return made == null ? null : made.request();
  }

  /** The same row where it stands for others, too. */
  SnapshotRow standingFor(List<String> why, double rows) {
    return new SnapshotRow(name, event, why, rows, split, slice, made);
  }
}
