package io.tidemark.telemetry;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** A counter of each model. Not thread-safe. */
public final class ModelCounter implements Serializable {
  private static final long serialVersionUID = 1;

  private final StreamMetric metric;
  private final TreeSet<String> models;
  private transient Map<String, Counter> counters;

  ModelCounter(StreamMetric metric, Set<String> models) {
    this.metric = metric;
    this.models = new TreeSet<>(models);
  }

  /** Makes them known from the start, so that the first is seen as a rise from 0. */
  public void begin() {
    if (counters == null) {
      counters = new HashMap<>();
      models.forEach(model -> of(model).inc(0));
    }
  }

  private Counter of(String model) {
    return counters.computeIfAbsent(
        model, any -> Metrics.counter(StreamMetric.NAMESPACE, metric.of(model)));
  }

  public void inc(String model, long by) {
    begin();
    of(model).inc(by);
  }
}
