package io.tidemark.profile;

import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.event.ValueText;
import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.personal.PersonalCounts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The columns of a log's rows that are written out: everything that the spec declares, under the
 * names that the log has for it and features under their own, and what else a stage adds. A masked
 * column is text whatever it was; an excluded one is not there.
 *
 * @param <R> what the stage has of a row
 */
public final class ShownColumns<R extends ShownRow> implements Serializable {
  private static final long serialVersionUID = 1;

  /** How a column is stored. */
  public enum Type {
    TEXT,
    NUMBER,
    /** A whole number. */
    COUNT,
    TIME,
    TEXTS
  }

  /**
   * A row's value: String, Double, Long (a count, or microseconds) or a list of strings; null is
   * none.
   */
  public interface Value<R> extends Serializable {
    Object of(R row);
  }

  /** A column, and where its values are from. */
  public record Column<R>(String name, Type type, Value<R> value) implements Serializable {}

  private final List<Column<R>> columns = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> freeText = new HashMap<>(); // the feature by column; "": none
  private final Set<String> aboutFeatures = new HashSet<>();
  private List<BlockedColumn> blocked = List.of();

  /** How text begins that names a value of a feature that shows nothing. */
  private List<String> values = List.of();

  private final MonitoringSpec spec;
  private final Redaction redaction;

  public ShownColumns(MonitoringSpec spec, Redaction redaction) {
    this.spec = spec;
    this.redaction = redaction;
  }

  /** Whether labels may be shown as they are. */
  public boolean showsLabels() {
    return !redaction.hides("label");
  }

  /** Adds what names the row. */
  public void addName() {
    String id = spec.events().id();
    add("row_id", Type.TEXT, row -> id == null ? row.name() : redaction.show(id, row.name()));
  }

  /**
   * Adds the columns of the log, but for its label where that is called so.
   *
   * @param otherwise what is added to the name of one that there is already; null: it is left out,
   *     the first column of a name is the one
   */
  public void addLog(String otherwise) {
    addLog(otherwise, field -> true);
  }

  /**
   * As {@link #addLog(String)}, of the monitored fields those alone that are to be there.
   *
   * @param shown whether a field's column is to be there
   */
  public void addLog(String otherwise, Predicate<Field> shown) {
    EventLayout layout = EventLayout.of(spec);
    EventsSpec events = spec.events();
    Set<String> before = otherwise == null ? Set.of() : Set.copyOf(names);
    Namer namer = name -> before.contains(name) ? name + otherwise : name;
    if (events.id() != null) {
      text(namer.of(events.id()), events.id(), row -> row.event().id());
    }
    add(namer.of(events.time()), Type.TIME, row -> row.event().timeMicros());
    if (events.versioned()) {
      String version = events.modelVersion();
      text(namer.of(version), version, row -> row.event().version());
    }
    for (int i = 0; i < layout.fields().size(); i++) {
      Field field = layout.fields().get(i);
      if (field.role() == Field.Role.LABEL && field.path().equals("label")) {
        continue; // the label's own column: what the log says, and where it is silent the source
      }
      if (!shown.test(field)) {
        continue;
      }
      boolean feature = field.role() == Field.Role.FEATURE;
      field(namer.of(feature ? field.name() : field.path()), field, layout.slot(i));
    }
    for (int i = 0; i < layout.extras().size(); i++) {
      int at = i;
      String column = layout.extras().get(i);
      free(namer.of(column), "", redaction.hides(column) || allowed(column));
      text(namer.of(column), column, row -> row.event().extras()[at]);
    }
  }

  private interface Namer {
    String of(String column);
  }

  /** Adds the label that counts, and when it was given. */
  public void addLabel() {
    EventLabels labels = EventLabels.of(spec);
    if (!showsLabels()) {
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
      boolean free = spec.events().freeText(field);
      free(name, field.name(), !free || allowed(field.name()) || allowed(field.path()));
      add(name, Type.TEXT, row -> row.event().categories()[slot]);
    }
  }

  private boolean allowed(String column) {
    return spec.allowedPersonal().contains(column);
  }

  /** Notes that a column that is to be added is free text, which may hold personal data. */
  private void free(String name, String feature, boolean not) {
    if (!not && !names.contains(name)) {
      freeText.put(name, feature);
    }
  }

  /** Adds text that names values of features: {@code feature = value}. */
  public void addAboutFeatures(String name, Value<R> value) {
    aboutFeatures.add(name);
    add(name, Type.TEXT, value);
  }

  /**
   * The same columns for these rows: where a value of a column of free text looks like personal
   * data and the spec does not allow it, all of the column's are null, and so is what names values
   * of it. A function of the rows, in whatever order; what is masked is never looked at.
   *
   * @param rows all that are written
   */
  public ShownColumns<R> withoutPersonal(Iterable<R> rows) {
    List<BlockedColumn> found = new ArrayList<>();
    Set<String> without = new HashSet<>();
    List<String> hidden = new ArrayList<>();
    for (Column<R> column : columns) {
      String feature = freeText.get(column.name());
      if (feature == null) {
        continue;
      }
      PersonalCounts counts = new PersonalCounts();
      rows.forEach(row -> counts.add((String) column.value().of(row)));
      if (counts.rows() > 0) {
        without.add(column.name());
        found.add(new BlockedColumn(column.name(), counts.kinds(), counts.rows()));
        if (!feature.isEmpty()) {
          hidden.add(feature + " = ");
        }
      }
    }
    ShownColumns<R> shown = new ShownColumns<>(spec, redaction);
    shown.blocked = List.copyOf(found);
    shown.values = List.copyOf(hidden);
    for (Column<R> column : columns) {
      Value<R> value = column.value();
      if (without.contains(column.name())) {
        value = row -> null;
      } else if (!hidden.isEmpty() && aboutFeatures.contains(column.name())) {
        value = row -> unless(hidden, (String) column.value().of(row));
      }
      shown.add(column.name(), column.type(), value);
    }
    return shown;
  }

  private static String unless(List<String> names, String text) {
    return text == null || names.stream().anyMatch(text::contains) ? null : text;
  }

  /**
   * Text that names values of features, as {@link #addAboutFeatures} shows it; null: it names one
   * of a column that shows nothing.
   */
  public String unlessPersonal(String text) {
    return unless(values, text);
  }

  /** Columns that show nothing because of personal data, in their order. */
  public List<BlockedColumn> blocked() {
    return blocked;
  }

  private static String shown(InferenceEvent event, Field field, int slot) {
    return field.numeric() ? ValueText.of(event.numbers()[slot]) : event.categories()[slot];
  }

  private void text(String name, String column, Value<R> value) {
    if (redaction.excludes(column)) {
      return;
    }
    add(name, Type.TEXT, row -> redaction.show(column, (String) value.of(row)));
  }

  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** Adds a column. The first one of a name is the one. */
  public void add(String name, Type type, Value<R> value) {
    if (names.add(name)) {
      columns.add(new Column<>(name, type, value));
    }
  }

  public List<Column<R>> columns() {
    return columns;
  }
}
