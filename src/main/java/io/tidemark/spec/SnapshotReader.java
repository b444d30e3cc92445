package io.tidemark.spec;

import io.tidemark.spec.SnapshotSpec.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The {@code snapshot} section. */
final class SnapshotReader {
  private static final Split DEFAULT_SPLIT = new Split(.8, .1, .1, false);
  private static final int DEFAULT_ROWS = 10_000;

  private SnapshotReader() {}

  /** Null where it is turned off. */
  static SnapshotSpec read(
      SpecNode spec,
      WindowSpec window,
      EventsSpec events,
      LabelsSpec labels,
      List<Field> features,
      Task task,
      List<String> segments) {
    if (spec.isOff("snapshot")) {
      return null;
    }
    SpecNode node = spec.mapping("snapshot");
    TreeSet<String> outcomes = outcomes(events);
    List<String> columns = new ArrayList<>();
    TreeSet<String> asked = new TreeSet<>(); // of the outcomes
    for (String column : node == null ? List.<String>of() : node.texts("columns")) {
      boolean outcome = outcomes.contains(column) && !SnapshotNames.reserved(column);
      (outcome ? asked : columns).add(column);
    }
    String group = node == null ? null : node.text("group");
    if (group != null && !columns.contains(group) && !declared(events, features).contains(group)) {
      columns.add(group); // it has to be read
    }
    checkNames(spec, node, events, features, columns);
    if (node == null) {
      return new SnapshotSpec(
          window,
          DEFAULT_ROWS,
          DEFAULT_SPLIT,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          0,
          null,
          Collections.emptySortedMap(),
          SnapshotSpec.DEFAULT_NEAR_TOLERANCE,
          SnapshotSpec.DEFAULT_AUGMENTED,
          SnapshotSpec.DEFAULT_HALF_WIDTH);
    }
    WindowSpec period = period(node, window);
    long rows = node.integer("rows", DEFAULT_ROWS, 1);
    if (rows > 10_000_000) {
      node.problem("rows", "must be at most 10000000, not " + rows);
    }
    Split split = split(node);
    Set<String> declared = declared(events, features);
    for (String column : columns) {
      if (declared.contains(column)) {
        node.problem("columns", column + " is declared already, so every snapshot has it");
      }
    }
    Set<String> known = new HashSet<>(declared);
    known.addAll(columns);
    if (labels != null) { // they are no snapshot columns by these names, but they are shown
      known.add(labels.id());
      known.add(labels.value());
      known.add(labels.time());
      if (labels.source() != null) {
        known.add(labels.source());
      }
    }
    List<String> mask = hidden(node, "mask", known);
    List<String> exclude = hidden(node, "exclude", known);
    HiddenReader hidden =
        new HiddenReader(node, MonitoringSpec.fields(task, events, features), events, labels);
    hidden.check("mask", mask, segments);
    hidden.check("exclude", exclude, segments);
    hidden.checkDisjoint(mask, exclude);
    List<String> personal = node.texts("allow_personal");
    hidden.checkAllowed(personal, columns, mask, exclude);
    long seed = node.integer("seed", 0, Long.MIN_VALUE);
    SortedMap<String, Double> quotas = quotas(node, events, labels, task);
    Double augmented = quotas.remove(SnapshotSpec.AUGMENTED); // beside the others: not of the log
    double nearTolerance = nearTolerance(node);
    double halfWidth = halfWidth(node);
    node.end();
    return new SnapshotSpec(
        period,
        (int) Math.min(rows, 10_000_000),
        split,
        List.copyOf(columns),
        List.copyOf(asked),
        List.copyOf(mask),
        List.copyOf(exclude),
        List.copyOf(personal),
        seed,
        group,
        quotas,
        nearTolerance,
        augmented == null ? SnapshotSpec.DEFAULT_AUGMENTED : augmented,
        halfWidth);
  }

  /** Of the rows to train on. */
  private static final double MOST_AUGMENTED = .9;

  /** Half a million rows. */
  private static final double LEAST_HALF_WIDTH = .001;

  private static double nearTolerance(SpecNode snapshot) {
    if (snapshot.isOff("near_duplicates")) {
      return SnapshotSpec.KEEP_NEAR_DUPLICATES;
    }
    SpecNode node = snapshot.mapping("near_duplicates");
    if (node == null) {
      return SnapshotSpec.DEFAULT_NEAR_TOLERANCE;
    }
    double tolerance = node.number("tolerance", SnapshotSpec.DEFAULT_NEAR_TOLERANCE, 0, 1);
    node.end();
    return tolerance;
  }

  private static double halfWidth(SpecNode snapshot) {
    if (snapshot.isOff("acquisition")) {
      return 0;
    }
    SpecNode node = snapshot.mapping("acquisition");
    if (node == null) {
      return SnapshotSpec.DEFAULT_HALF_WIDTH;
    }
    double halfWidth =
        node.number("half_width", SnapshotSpec.DEFAULT_HALF_WIDTH, LEAST_HALF_WIDTH, 1);
    node.end();
    return halfWidth;
  }

  private static SortedMap<String, Double> quotas(
      SpecNode snapshot, EventsSpec events, LabelsSpec labels, Task task) {
    SpecNode node = snapshot.mapping("quotas");
    SortedMap<String, Double> quotas = new TreeMap<>();
    if (node == null) {
      return quotas;
    }
    double sum = 0;
    for (String reason : node.keys()) {
      if (reason.equals(SnapshotSpec.AUGMENTED)) {
        quotas.put(reason, node.number(reason, 0, 0, MOST_AUGMENTED));
      } else if (SnapshotSpec.REASONS.contains(reason)) {
        double share = node.number(reason, 0, 0, 1);
        quotas.put(reason, share);
        sum += share;
      }
    }
    node.end();
    if (sum > 1 + 1e-9) {
      snapshot.problem("quotas", "must sum to 1 at most, not " + sum);
    }
    boolean scored = events.prediction().score() != null || !events.prediction().scores().isEmpty();
    if (quotas.containsKey("uncertain") && (task == Task.REGRESSION || !scored)) {
      node.problem("uncertain", "needs scores of classes");
    }
    if (quotas.containsKey("error") && events.label() == null && labels == null) {
      node.problem("error", "needs labels; declare events.label or labels");
    }
    return quotas;
  }

  private static void checkNames(
      SpecNode spec,
      SpecNode snapshot,
      EventsSpec events,
      List<Field> features,
      List<String> columns) {
    SnapshotNames names = new SnapshotNames();
    SpecNode section = spec.mapping("events");
    if (section != null) {
      // the snapshot's row_id is the id itself, and its label the log's
      logColumn(names, section, "id", "row_id".equals(events.id()) ? null : events.id());
      logColumn(names, section, "label", "label".equals(events.label()) ? null : events.label());
      logColumn(names, section, "time", events.time());
      logColumn(names, section, "model_version", events.modelVersion());
      PredictionSpec prediction = events.prediction();
      logColumn(names, section, "prediction", prediction.score());
      logColumn(names, section, "prediction", prediction.label());
      logColumn(names, section, "prediction", prediction.value());
      for (String column : prediction.scores().values()) {
        logColumn(names, section, "prediction", column);
      }
    }
    SpecNode declared = spec.mapping("features");
    for (Field feature : features) {
      problem(declared, feature.name(), names.add(feature.name(), feature.path()));
    }
    for (String column : columns) {
      if (SnapshotNames.reserved(column)) {
        snapshot.problem(
            "columns",
            column
                + " is the name of a column that the snapshot adds; leave it out, or rename it in"
                + " the log; where it is a feature, declare it under another name with its path");
      } else {
        problem(snapshot, "columns", names.add(column, column));
      }
    }
  }

  private static void logColumn(SnapshotNames names, SpecNode events, String key, String column) {
    if (column == null) {
      return;
    }
    if (SnapshotNames.reserved(column)) {
      events.problem(
          key,
          column
              + " is the name of a column that the snapshot adds; rename it in the log, or turn the"
              + " snapshot off");
    } else {
      problem(events, key, names.add(column, column));
    }
  }

  private static void problem(SpecNode node, String key, String message) {
    if (message != null) {
      node.problem(key, message);
    }
  }

  private static List<String> hidden(SpecNode node, String key, Set<String> known) {
    List<String> names = node.texts(key);
    for (String name : names) {
      if (!known.contains(name)) {
        node.problem(
            key, name + " is no column of this spec; what is not declared is in no output");
      }
    }
    return names;
  }

  /** What the log itself says of the truth, and what the model predicted. */
  private static TreeSet<String> outcomes(EventsSpec events) {
    PredictionSpec prediction = events.prediction();
    TreeSet<String> columns = new TreeSet<>(prediction.scores().values());
    for (String column :
        new String[] {events.label(), prediction.score(), prediction.label(), prediction.value()}) {
      if (column != null) {
        columns.add(column);
      }
    }
    return columns;
  }

  private static Set<String> declared(EventsSpec events, List<Field> features) {
    Set<String> names = new HashSet<>();
    names.add(events.time());
    for (String column : new String[] {events.id(), events.modelVersion()}) {
      if (column != null) {
        names.add(column);
      }
    }
    names.addAll(outcomes(events));
    for (Field feature : features) {
      names.add(feature.name());
      names.add(feature.path());
    }
    return names;
  }

  private static WindowSpec period(SpecNode node, WindowSpec window) {
    WindowSpec period =
        WindowReader.size(node, "period", window.zone(), window.origin(), window.allowedLateness());
    if (period == null) {
      return window;
    }
    if (!period.multipleOf(window)) {
      node.problem("period", "must be a whole multiple of window.size");
      return window;
    }
    return period;
  }

  private static Split split(SpecNode snapshot) {
    SpecNode node = snapshot.mapping("split");
    if (node == null) {
      return DEFAULT_SPLIT;
    }
    double train = node.number("train", 0, 0, 1);
    double validation = node.number("validation", 0, 0, 1);
    double test = node.number("test", 0, 0, 1);
    boolean byTime = node.choice("by", By.HASH, By.class) == By.TIME;
    node.end();
    if (Math.abs(train + validation + test - 1) > 1e-9) {
      snapshot.problem("split", "must sum to 1, not " + (train + validation + test));
    }
    return new Split(train, validation, test, byTime);
  }

  /** What says which split a row is in. */
  private enum By {
    HASH,
    TIME
  }
}
