package io.tidemark.spec;

import io.tidemark.stats.performance.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code retrain} section. */
final class RetrainReader {
  private static final String CONCEPT_DRIFT = "concept_drift";
  private static final String PERFORMANCE = "performance_below";
  private static final String ROWS = "rows_at_least";
  private static final String NEW_SLICE = "new_slice";
  private static final String EVERY = "every";

  private final SpecNode section;
  private final SpecNode when;

  private RetrainReader(SpecNode section, SpecNode when) {
    this.section = section;
    this.when = when;
  }

  /**
   * Null where there is none.
   *
   * @param labelled whether something says what the truth was
   * @param slices null: turned off
   * @param snapshot null: turned off
   */
  static RetrainSpec read(
      SpecNode spec,
      Task task,
      boolean labelled,
      PerformanceSpec performance,
      SlicesSpec slices,
      SnapshotSpec snapshot) {
    if (spec.isOff("retrain")) {
      return null;
    }
    SpecNode node = spec.mapping("retrain");
    if (node == null) {
      return null;
    }
    if (snapshot == null) {
      spec.problem("retrain", "comes with a period's snapshot, and snapshots are turned off");
    }
    SpecNode when = node.entries("when");
    if (when.keys().isEmpty()) {
      node.problem(
          "when",
          "names no condition; there are "
              + String.join(
                  ", ", List.of(CONCEPT_DRIFT, PERFORMANCE, ROWS, NEW_SLICE, EVERY + ": P30D")));
    }
    RetrainReader reader = new RetrainReader(node, when);
    RetrainSpec read = reader.read(task, labelled, performance, slices, snapshot);
    when.end();
    node.end();
    return read;
  }

  private RetrainSpec read(
      Task task,
      boolean labelled,
      PerformanceSpec performance,
      SlicesSpec slices,
      SnapshotSpec snapshot) {
    boolean conceptDrift = bare(CONCEPT_DRIFT);
    boolean newSlice = bare(NEW_SLICE);
    boolean below = asks(PERFORMANCE);
    SortedMap<String, Double> bounds = below ? bounds(task, performance) : new TreeMap<>();
    long rows = 0;
    if (asks(ROWS)) {
      long usual = snapshot == null ? 1 : snapshot.rows();
      rows = when.integer(ROWS, usual, 1);
    }
    Duration every = null;
    if (asks(EVERY)) {
      every = duration(when, EVERY);
      if (!when.has(EVERY)) {
        when.problem(EVERY, "has no duration; write it as every: P30D");
      }
    }
    if (!labelled) {
      for (String condition : List.of(CONCEPT_DRIFT, PERFORMANCE, ROWS, NEW_SLICE)) {
        if (asks(condition)) {
          when.problem(condition, "needs labels; declare events.label or labels");
        }
      }
    }
    if (newSlice && slices == null) {
      when.problem(NEW_SLICE, "needs slices, which are turned off");
    }
    Duration cooldown = section.has("cooldown") ? duration(section, "cooldown") : null;
    return new RetrainSpec(
        conceptDrift,
        below,
        bounds,
        rows,
        newSlice,
        every,
        cooldown == null ? Duration.ZERO : cooldown);
  }

  /** Whether a condition is named, with a value or without. */
  private boolean asks(String condition) {
    when.has(condition);
    return when.keys().contains(condition);
  }

  private boolean bare(String condition) {
    boolean asked = asks(condition);
    if (asked && when.has(condition)) {
      when.problem(condition, "takes no value");
    }
    return asked;
  }

  private SortedMap<String, Double> bounds(Task task, PerformanceSpec performance) {
    SortedMap<String, Double> bounds = new TreeMap<>();
    SpecNode node = when.mapping(PERFORMANCE);
    if (node == null) {
      return bounds;
    }
    if (node.keys().isEmpty()) {
      when.problem(
          PERFORMANCE, "names no metric; write it bare, or as performance_below: {f1: 0.8}");
    }
    List<Metric> suiting = PerformanceReader.suiting(task);
    boolean named = performance != null && !performance.metrics().isEmpty();
    for (String name : node.keys()) {
      bounds.put(name, node.number(name, 0, -Double.MAX_VALUE, Double.MAX_VALUE));
      Optional<Metric> metric = Metric.of(name);
      if (metric.isEmpty() || !suiting.contains(metric.get())) {
        node.problem(
            name,
            "is no metric here; choose from "
                + String.join(", ", suiting.stream().map(Metric::id).toList()));
      } else if (metric.get().better() == 0) {
        node.problem(name, "has no end that is better, so nothing is below it");
      } else if (named && !performance.metrics().contains(name)) {
        node.problem(name, "is not measured; add it to performance.metrics");
      }
    }
    node.end();
    return bounds;
  }

  private static Duration duration(SpecNode node, String key) {
    return node.parsed(
        key,
        null,
        text -> {
          Duration duration = Duration.parse(text);
          return duration.isNegative() || duration.isZero() ? null : duration;
        },
        "a duration such as P30D");
  }
}
