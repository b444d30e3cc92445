package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Type;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.PredictionSpec;

/** The columns of a snapshot's rows: those of the log, and what the snapshot adds. */
final class SnapshotColumns {
  private SnapshotColumns() {}

  /** What a column is to those who train on it. */
  static String role(MonitoringSpec spec, String name) {
    EventsSpec events = spec.events();
    return switch (name) {
      case "row_id" -> "id";
      case "label", "weight", "split" -> name;
      case "label_time", "reasons", "slice" -> "free";
      default -> {
        if (name.equals(events.id())) {
          yield "id";
        }
        boolean feature = spec.features().stream().anyMatch(each -> each.name().equals(name));
        PredictionSpec said = events.prediction();
        boolean prediction =
            name.equals(said.score())
                || name.equals(said.label())
                || name.equals(said.value())
                || said.scores().containsValue(name);
        // What the log itself says of the truth is in the label, too.
        yield feature ? "feature" : prediction ? "prediction" : "free";
      }
    };
  }

  static ShownColumns<SnapshotRow> of(MonitoringSpec spec, Redaction redaction) {
    ShownColumns<SnapshotRow> columns = new ShownColumns<>(spec, redaction);
    columns.addName();
    columns.addLog(null);
    columns.addLabel();
    columns.add("reasons", Type.TEXTS, SnapshotRow::reasons);
    columns.add("weight", Type.NUMBER, SnapshotRow::weight);
    columns.add("split", Type.TEXT, SnapshotRow::split);
    columns.add("slice", Type.TEXT, SnapshotRow::slice);
    return columns;
  }
}
