package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a snapshot's rows: everything that the spec declares, under the names that the log
 * has for it and features under their own, and what the snapshot adds. A masked column is text
 * whatever it was; an excluded one is not there.
 */
final class SnapshotColumns implements Serializable {
  private static final long serialVersionUID = 1;

  /** How a column is stored. */
  enum Type {
    TEXT,
    NUMBER,
    TIME,
    TEXTS
  }

  /** A row's value: String, Double, Long (microseconds) or a list of strings; null is none. */
  interface Value extends Serializable {
    Object of(SnapshotRow row);
  }

  record Column(String name, Type type, Value value) implements Serializable {}

  private final List<Column> columns = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Redaction redaction;
  private final boolean showsLabels;

  SnapshotColumns(MonitoringSpec spec, Redaction redaction) {
    this.redaction = redaction;
    EventLayout layout = EventLayout.of(spec);
    EventsSpec events = spec.events();
    String id = events.id();
    add("row_id", Type.TEXT, row -> id == null ? row.name() : redaction.show(id, row.name()));
    if (id != null) {
      text(id, id, row -> row.event().id());
    }
    add(events.time(), Type.TIME, row -> row.event().timeMicros());
    if (events.versioned()) {
      text(events.modelVersion(), events.modelVersion(), row -> row.event().version());
    }
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.role() == Field.Role.LABEL && field.path().equals("label")) {
        continue; // the curated column: what the log says, and where it says nothing the source
      }
      boolean feature = field.role() == Field.Role.FEATURE;
      field(feature ? field.name() : field.path(), field, layout.slot(i));
    }
    for (int i = 0; i < layout.extras().size(); i++) {
      int at = i;
      text(layout.extras().get(i), layout.extras().get(i), row -> row.event().extras()[at]);
    }
    this.showsLabels = !redaction.hides("label");
    addCurated(EventLabels.of(spec));
  }

  /** Whether labels may be shown as they are. */
  boolean showsLabels() {
    return showsLabels;
  }

  private void addCurated(EventLabels labels) {
    if (!showsLabels) {
      add("label", Type.TEXT, row -> redaction.show("label", labels.text(row.event())));
    } else if (labels.numeric()) {
      add("label", Type.NUMBER, row -> number(labels.number(row.event())));
    } else {
      add("label", Type.TEXT, row -> labels.text(row.event()));
    }
    add(
        "label_time",
        Type.TIME,
        row -> labels.text(row.event()) == null ? null : (Long) labels.time(row.event()));
    add("reasons", Type.TEXTS, SnapshotRow::reasons);
    add("weight", Type.NUMBER, SnapshotRow::weight);
    add("split", Type.TEXT, SnapshotRow::split);
    add("slice", Type.TEXT, row -> null);
  }

  private void field(String name, Field field, int slot) {
    if (redaction.excludes(field)) {
      return;
    }
    if (redaction.hides(field)) {
      add(name, Type.TEXT, row -> redaction.show(field, shown(row.event(), field, slot)));
    } else if (field.numeric()) {
      add(name, Type.NUMBER, row -> number(row.event().numbers()[slot]));
    } else {
      add(name, Type.TEXT, row -> row.event().categories()[slot]);
    }
  }

  private static String shown(InferenceEvent event, Field field, int slot) {
    return field.numeric() ? ValueText.of(event.numbers()[slot]) : event.categories()[slot];
  }

  private void text(String name, String column, Value value) {
    if (redaction.excludes(column)) {
      return;
    }
    add(name, Type.TEXT, row -> redaction.show(column, (String) value.of(row)));
  }

  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** The first column of a name is the one. */
  private void add(String name, Type type, Value value) {
    if (names.add(name)) {
      columns.add(new Column(name, type, value));
    }
  }

  List<Column> columns() {
    return columns;
  }
}
