package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Type;
import io.tidemark.spec.MonitoringSpec;

/** The columns of a snapshot's rows: those of the log, and what the snapshot adds. */
final class SnapshotColumns {
  private SnapshotColumns() {}

  static ShownColumns<SnapshotRow> of(MonitoringSpec spec, Redaction redaction) {
    ShownColumns<SnapshotRow> columns = new ShownColumns<>(spec, redaction);
    columns.addName();
    columns.addLog(null);
    columns.addLabel();
    columns.add("reasons", Type.TEXTS, SnapshotRow::reasons);
    columns.add("weight", Type.NUMBER, SnapshotRow::weight);
    columns.add("split", Type.TEXT, SnapshotRow::split);
    columns.add("slice", Type.TEXT, row -> null);
    return columns;
  }
}
