package io.tidemark.ingest.row;

import io.tidemark.event.EventLayout;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import io.tidemark.spec.LabelsSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.io.Serializable;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Which columns of a log go where in an event. One column may have several uses (a feature that is
 * also a segment of the name, a label that is carried along).
 *
 * @param columns every use, in a fixed order
 * @param predictions those of them that a row cannot do without
 * @param needed columns without which no row is usable
 */
public record EventColumns(
    EventLayout layout,
    List<Use> columns,
    List<Use> predictions,
    List<String> needed,
    EventTime time)
    implements Serializable {

  /** What a column's value is for. */
  public enum Kind {
    ID,
    TIME,
    VERSION,
    NUMBER,
    CATEGORY,
    EXTRA
  }

  /**
   * @param path in the log
   * @param slot index in the event's array of that kind
   * @param field position in the layout, or -1
   * @param prediction a part of the prediction: without it the row is unusable
   */
  public record Use(String path, Kind kind, int slot, int field, boolean prediction)
      implements Serializable {

    /** Whether values are kept as text. */
    public boolean isText() {
      return kind != Kind.NUMBER && kind != Kind.TIME;
    }
  }

  /** Everything that the spec declares. */
  public static EventColumns all(MonitoringSpec spec) {
    EventLayout layout = EventLayout.of(spec);
    List<Use> uses = keys(spec.events());
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      Kind kind = field.numeric() ? Kind.NUMBER : Kind.CATEGORY;
      boolean prediction = field.role() == Field.Role.PREDICTION;
      uses.add(new Use(field.path(), kind, layout.slot(i), i, prediction));
    }
    for (int i = 0; i < layout.extras().size(); i++) {
      uses.add(new Use(layout.extras().get(i), Kind.EXTRA, i, -1, false));
    }
    return of(spec, layout, uses);
  }

  /**
   * Everything that the spec declares, and what tells whose a row is; where something does, a file
   * may lack what this model's rows need: it may have none of them.
   */
  public static EventColumns planned(MonitoringSpec spec) {
    return all(spec).planned(spec.events());
  }

  /**
   * What is read of rows that were made or collected on request: they are nothing without a label,
   * and need no prediction.
   *
   * @param spec see {@link MonitoringSpec#ofAugmented}
   */
  public static EventColumns augmented(MonitoringSpec spec) {
    EventColumns all = all(spec);
    List<Use> uses = new ArrayList<>();
    for (Use use : all.columns) {
      boolean label =
          use.field() >= 0 && all.layout.fields().get(use.field()).role() == Field.Role.LABEL;
      uses.add(new Use(use.path(), use.kind(), use.slot(), use.field(), label));
    }
    return of(spec, all.layout, uses);
  }

  /** As {@link #planned(MonitoringSpec)}, of these columns. */
  public EventColumns planned(EventsSpec events) {
    if (events.ownRows().isEmpty()) {
      return this;
    }
    List<Use> uses = new ArrayList<>(columns);
    for (String column : events.ownRows().orElseThrow().columns().keySet()) {
      uses.add(new Use(column, Kind.CATEGORY, -1, -1, false));
    }
    return new EventColumns(layout, List.copyOf(uses), predictions, List.of(), time);
  }

  /** Only what tells copies of a row apart from other rows: id, time and version. */
  public static EventColumns keysOnly(MonitoringSpec spec) {
    return of(spec, EventLayout.of(spec), keys(spec.events()));
  }

  /** A column of times alone, read and as they stand in the log. */
  public static EventColumns times(MonitoringSpec spec, String time) {
    List<Use> uses = new ArrayList<>();
    uses.add(new Use(time, Kind.TIME, 0, -1, false));
    uses.add(new Use(time, Kind.EXTRA, 0, -1, false));
    return of(spec, EventLayout.of(List.of(), List.of(time)), uses);
  }

  /** What a join of labels needs of events: their keys, and whether a row is usable at all. */
  public static EventColumns forJoin(MonitoringSpec spec) {
    EventLayout layout = EventLayout.of(spec);
    List<Use> uses = keys(spec.events());
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      boolean prediction = field.role() == Field.Role.PREDICTION;
      if (prediction || field.role() == Field.Role.LABEL) {
        Kind kind = field.numeric() ? Kind.NUMBER : Kind.CATEGORY;
        uses.add(new Use(field.path(), kind, layout.slot(i), i, prediction));
      }
    }
    return of(spec, layout, uses);
  }

  /** A row of the label source as an event: its value is the one field, its source an extra. */
  public static EventColumns labels(MonitoringSpec spec) {
    LabelsSpec labels = spec.labels();
    boolean numeric = spec.task() == Task.REGRESSION;
    FieldType type = numeric ? FieldType.NUMERIC : FieldType.CATEGORICAL;
    Field value = new Field("label", labels.value(), type, Field.Role.LABEL);
    EventLayout layout =
        EventLayout.of(
            List.of(value), labels.source() == null ? List.of() : List.of(labels.source()));
    List<Use> uses = new ArrayList<>();
    uses.add(new Use(labels.id(), Kind.ID, 0, -1, false));
    uses.add(new Use(labels.time(), Kind.TIME, 0, -1, false));
    uses.add(new Use(labels.value(), numeric ? Kind.NUMBER : Kind.CATEGORY, 0, 0, true));
    if (labels.source() != null) {
      uses.add(new Use(labels.source(), Kind.EXTRA, 0, -1, false));
    }
    return of(spec, layout, uses);
  }

  /** Some columns that no row needs. */
  static EventColumns of(EventLayout layout, List<Use> uses) {
    return new EventColumns(
        layout, List.copyOf(uses), List.of(), List.of(), new EventTime(ZoneOffset.UTC));
  }

  private static EventColumns of(MonitoringSpec spec, EventLayout layout, List<Use> uses) {
    List<String> needed = new ArrayList<>();
    for (Use use : uses) {
      if (use.kind() == Kind.ID || use.kind() == Kind.TIME || use.prediction()) {
        needed.add(use.path());
      }
    }
    return new EventColumns(
        layout,
        List.copyOf(uses),
        uses.stream().filter(Use::prediction).toList(),
        List.copyOf(needed),
        new EventTime(spec.events().zone()));
  }

  private static List<Use> keys(EventsSpec events) {
    List<Use> uses = new ArrayList<>();
    if (events.id() != null) {
      uses.add(new Use(events.id(), Kind.ID, 0, -1, false));
    }
    uses.add(new Use(events.time(), Kind.TIME, 0, -1, false));
    if (events.versioned()) {
      uses.add(new Use(events.modelVersion(), Kind.VERSION, 0, -1, false));
    }
    return uses;
  }

  public boolean hasId() {
    return !columns.isEmpty() && columns.get(0).kind() == Kind.ID;
  }
}
