package io.tidemark.spec;

import java.time.ZoneId;
import java.util.TreeMap;
import java.util.TreeSet;

/** The {@code events} section. */
final class EventsReader {
  private EventsReader() {}

  static EventsSpec read(SpecNode spec, Task task) {
    SpecNode node = spec.mapping("events");
    if (node == null) {
      spec.problem("events", "is missing: say at least events.time and events.prediction");
      return none();
    }
    Format format = node.choice("format", null, Format.class);
    String id = node.has("id") ? node.required("id") : null;
    boolean deduplicate = node.flag("deduplicate", id != null);
    if (deduplicate && id == null) {
      node.problem("deduplicate", "needs events.id: copies are known by their id");
    }
    String time = node.required("time");
    ZoneId zone =
        node.parsed(
            "timezone",
            ZoneId.of("UTC"),
            ZoneId::of,
            "a time zone such as UTC, +02:00 or Europe/Berlin");
    String version = node.has("model_version") ? node.required("model_version") : null;
    double maxBad = node.number("max_bad", .05, 0, 1);
    PredictionSpec prediction = prediction(node, task);
    String label = node.has("label") ? node.required("label") : null;
    Where where = where(node);
    node.end();
    return new EventsSpec(
        format, id, deduplicate, time, zone, version, maxBad, prediction, label, where);
  }

  private static Where where(SpecNode events) {
    SpecNode node = events.mapping("where");
    if (node == null) {
      return null;
    }
    TreeMap<String, TreeSet<String>> columns = new TreeMap<>();
    for (String column : node.keys()) {
      columns.put(column, new TreeSet<>(node.requiredValues(column)));
    }
    if (columns.isEmpty()) {
      events.problem("where", "names no column; give {COLUMN: VALUE}, or leave it out");
    }
    return new Where(columns);
  }

  private static EventsSpec none() {
    return new EventsSpec(
        null, null, false, "", ZoneId.of("UTC"), null, .05, noPrediction(), null, null);
  }

  private static PredictionSpec noPrediction() {
    return new PredictionSpec(null, new TreeMap<>(), null, null, null);
  }

  private static PredictionSpec prediction(SpecNode events, Task task) {
    SpecNode node = events.mapping("prediction");
    if (node == null) {
      events.problem("prediction", "is missing: " + expected(task));
      return noPrediction();
    }
    String score = node.has("score") ? node.required("score") : null;
    TreeMap<String, String> scores = new TreeMap<>();
    SpecNode classes = node.mapping("scores");
    if (classes != null) {
      for (String name : classes.keys()) {
        String column = classes.required(name);
        if (scores.put(classes.keyValue(name), column == null ? "" : column) != null) {
          classes.problem(name, "is given twice; keep one");
        }
      }
    }
    String label = node.has("label") ? node.required("label") : null;
    String positive = node.has("positive") ? node.requiredValue("positive") : null;
    String value = node.has("value") ? node.required("value") : null;
    node.end();
    boolean right =
        switch (task) {
          case BINARY -> score != null && scores.isEmpty() && value == null;
          case MULTICLASS -> score == null && value == null && (label != null || !scores.isEmpty());
          case REGRESSION -> value != null && score == null && label == null && scores.isEmpty();
        };
    if (!right) {
      events.problem("prediction", "does not fit the task: " + expected(task));
    } else if (task == Task.BINARY && positive == null) {
      node.problem("positive", "is missing: the class that the score is the probability of");
    } else if (task != Task.BINARY && positive != null) {
      node.problem("positive", "goes with task binary only");
    } else if (scores.size() == 1) {
      node.problem("scores", "names one class; a model has at least two");
    }
    return new PredictionSpec(score, scores, label, positive, value);
  }

  private static String expected(Task task) {
    return switch (task) {
      case BINARY -> "a binary model has {score: COLUMN, positive: CLASS} and maybe label: COLUMN";
      case MULTICLASS ->
          "a multiclass model has {scores: {CLASS: COLUMN, ...}}, {label: COLUMN} or both";
      case REGRESSION -> "a regression model has {value: COLUMN}";
    };
  }
}
