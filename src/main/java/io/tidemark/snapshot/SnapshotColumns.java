package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Type;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.PredictionSpec;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The columns of a snapshot's rows: those of the log, and what the snapshot adds. The truth stands
 * in {@code label} alone: what the log itself says of it, and what the model has predicted, is left
 * out unless {@code snapshot.columns} names it, for whoever trains on all columns would train on
 * the answer.
 */
final class SnapshotColumns {
  private static final Set<String> OF_CHOICE =
      Set.of("reasons", "weight", "split", "slice", "origin", MonitoringSpec.REQUEST_ID);

  private SnapshotColumns() {}

  /** What a column is to those who train on it. */
  static String role(MonitoringSpec spec, String name) {
    EventsSpec events = spec.events();
    return switch (name) {
      case "row_id" -> "id";
      case "label", "weight", "split" -> name;
      case "label_time", "reasons", "slice", "origin" -> "free";
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

  /** Whether a column tells of the row itself, and not of its choice. */
  static boolean ofRow(String name) {
    return !OF_CHOICE.contains(name);
  }

  private static boolean leftOut(MonitoringSpec spec, Field field) {
    return field.role() != Field.Role.FEATURE && !spec.snapshot().outcomes().contains(field.path());
  }

  /** The log's label and prediction columns that a snapshot does not have, sorted. */
  static SortedSet<String> leftOut(MonitoringSpec spec) {
    TreeSet<String> columns = new TreeSet<>();
    Set<String> excluded = spec.excluded(); // these are named nowhere
    for (Field field : spec.fields()) {
      boolean own = field.role() == Field.Role.LABEL && field.path().equals("label");
      if (leftOut(spec, field) && !own && !excluded.contains(field.path())) {
        columns.add(field.path());
      }
    }
    return columns;
  }

  /**
   * @param augmented whether rows may be there that are not of the log
   */
  static ShownColumns<SnapshotRow> of(MonitoringSpec spec, Redaction redaction, boolean augmented) {
    ShownColumns<SnapshotRow> columns = new ShownColumns<>(spec, redaction);
    columns.addName();
    columns.addLog(null, field -> !leftOut(spec, field));
    columns.addLabel();
    columns.add("reasons", Type.TEXTS, SnapshotRow::reasons);
    columns.add("weight", Type.NUMBER, SnapshotRow::weight);
    columns.add("split", Type.TEXT, SnapshotRow::split);
    columns.addAboutFeatures("slice", SnapshotRow::slice);
    if (augmented) {
      columns.add("origin", Type.TEXT, SnapshotRow::origin);
      columns.add(MonitoringSpec.REQUEST_ID, Type.TEXT, SnapshotRow::request);
    }
    return columns;
  }
}
