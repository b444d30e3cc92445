package io.tidemark.simulate;

import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of a simulated log, in the order that they are written, and their places. */
final class LogColumns {
  /** How a column is stored. */
  enum Type {
    TEXT,
    NUMBER,
    WHOLE,
    TIME
  }

  /** A column; dots in its path are nested records. */
  record Column(String path, Type type) {}

  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final Map<String, Integer> places = new HashMap<>();

  private void add(String path, Type type) {
    if (path != null && columns.putIfAbsent(path, new Column(path, type)) == null) {
      places.put(path, places.size());
    }
  }

  static LogColumns of(MonitoringSpec spec, List<NumericFeature> numeric) {
    LogColumns log = new LogColumns();
    EventsSpec events = spec.events();
    log.add(events.id(), Type.TEXT);
    log.add(events.time(), Type.TIME);
    log.add(events.modelVersion(), Type.TEXT);
    for (NumericFeature feature : numeric) {
      if (feature.whole()) {
        log.add(feature.field().path(), Type.WHOLE);
      }
    }
    for (Field field : spec.fields()) {
      log.add(field.path(), field.numeric() ? Type.NUMBER : Type.TEXT);
    }
    if (spec.snapshot() != null) {
      spec.snapshot().columns().forEach(column -> log.add(column, Type.TEXT));
    }
    return log;
  }

  static LogColumns ofLabels(MonitoringSpec spec) {
    LogColumns log = new LogColumns();
    log.add(spec.labels().id(), Type.TEXT);
    log.add(spec.labels().value(), spec.task() == Task.REGRESSION ? Type.NUMBER : Type.TEXT);
    log.add(spec.labels().time(), Type.TIME);
    log.add(spec.labels().source(), Type.TEXT);
    return log;
  }

  List<Column> all() {
    return List.copyOf(columns.values());
  }

  /**
   * @throws NullPointerException if there is no such column
   */
  int place(String path) {
    return places.get(path);
  }

  /** Puts a value in its place; a column that the spec does not have, null, has none. */
  void set(Object[] values, String path, Object value) {
    if (path != null) {
      values[place(path)] = value;
    }
  }

  int size() {
    return places.size();
  }
}
