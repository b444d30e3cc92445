package io.tidemark.spec;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The {@code performance} section. */
final class PerformanceReader {
  private static final Set<String> METRICS =
      new java.util.TreeSet<>(
          List.of(
              "accuracy",
              "precision",
              "recall",
              "specificity",
              "f1",
              "roc_auc",
              "average_precision",
              "log_loss",
              "brier",
              "ece",
              "mae",
              "rmse",
              "mape",
              "r2",
              "bias"));
  private static final Set<String> DETECTORS =
      new java.util.TreeSet<>(List.of("adwin", "ddm", "eddm", "hddm_a", "hddm_w", "page_hinkley"));

  private PerformanceReader() {}

  /** Null where there is none. */
  static PerformanceSpec read(SpecNode spec) {
    SpecNode node = spec.mapping("performance");
    if (node == null) {
      return null;
    }
    List<String> metrics = names(node, "metrics", METRICS);
    String estimate =
        node.parsed("estimate", null, text -> text.equals("cbpe") ? text : null, "cbpe");
    List<String> detectors =
        node.has("detectors") ? names(node, "detectors", DETECTORS) : PerformanceSpec.DETECTORS;
    Duration update =
        node.parsed("update", Duration.ofHours(1), Duration::parse, "a duration such as PT1H");
    node.end();
    return new PerformanceSpec(metrics, estimate, detectors, update);
  }

  private static List<String> names(SpecNode node, String key, Set<String> known) {
    List<String> names = node.texts(key);
    for (String name : names) {
      if (!known.contains(name)) {
        node.problem(key, name + " is none of " + String.join(", ", known));
      }
    }
    return List.copyOf(names);
  }
}
