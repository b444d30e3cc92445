package io.tidemark.spec;

import io.tidemark.stats.DetectorMethod;
import io.tidemark.stats.performance.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The {@code performance} section. */
final class PerformanceReader {
  private PerformanceReader() {}

  /** Null where there is none. */
  static PerformanceSpec read(SpecNode spec, Task task) {
    SpecNode node = spec.mapping("performance");
    if (node == null) {
      return null;
    }
    List<String> metrics = metrics(node, task);
    String estimate =
        node.parsed("estimate", null, text -> text.equals("cbpe") ? text : null, "cbpe");
    List<String> detectors = node.has("detectors") ? detectors(node) : PerformanceSpec.DETECTORS;
    Duration update =
        node.parsed("update", PerformanceSpec.UPDATE, Duration::parse, "a duration such as PT1H");
    node.end();
    return new PerformanceSpec(metrics, estimate, detectors, update);
  }

  /** The metrics that there are of a task. */
  static List<Metric> suiting(Task task) {
    return switch (task) {
      case BINARY -> Metric.BINARY;
      case MULTICLASS -> Metric.MULTICLASS;
      case REGRESSION -> Metric.REGRESSION;
    };
  }

  private static List<String> metrics(SpecNode node, Task task) {
    List<Metric> suiting = suiting(task);
    List<String> names = node.texts("metrics");
    String list = String.join(", ", suiting.stream().map(Metric::id).toList());
    for (String name : names) {
      Optional<Metric> metric = Metric.of(name);
      if (metric.isEmpty()) {
        node.problem("metrics", name + " is none of " + list);
      } else if (!suiting.contains(metric.get())) {
        String of = task.name().toLowerCase(Locale.ROOT);
        node.problem("metrics", name + " is no metric of task " + of + "; choose from " + list);
      }
    }
    return List.copyOf(names);
  }

  private static List<String> detectors(SpecNode node) {
    String known = DetectorMethod.ids();
    List<String> names = node.texts("detectors");
    for (String name : names) {
      if (name.equals("e_detector")) {
        node.problem("detectors", "e_detector is not there yet; choose from " + known);
      } else if (DetectorMethod.of(name).isEmpty()) {
        node.problem("detectors", name + " is none of " + known);
      }
    }
    return List.copyOf(names);
  }
}
