package io.tidemark.labels;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers a {@link Coverage} for each (model version, window) of a bundle's events. */
public final class CoverageAggregator implements Aggregator<WindowKey, Coverage> {
  private static final long serialVersionUID = 1;

  private final Fleet<EventLabels> labels;

  private CoverageAggregator(Fleet<EventLabels> labels) {
    this.labels = labels;
  }

  /**
   * @param specs of the models that something says the truth of
   */
  public static CoverageAggregator of(Fleet<MonitoringSpec> specs) {
    return new CoverageAggregator(specs.map(EventLabels::of));
  }

  @Override
  public boolean wants(String model) {
    return labels.has(model);
  }

  @Override
  public Accumulator<WindowKey, Coverage> start(String model) {
    return new Coverages(model, labels.of(model));
  }

  private static final class Coverages implements Accumulator<WindowKey, Coverage> {
    private final String model;
    private final EventLabels labels;
    private final Map<WindowKey, Coverage> coverages = new HashMap<>();

    Coverages(String model, EventLabels labels) {
      this.model = model;
      this.labels = labels;
    }

    private Coverage at(String version, long windowStart) {
      return coverages.computeIfAbsent(
          new WindowKey(model, version, windowStart), key -> new Coverage());
    }

    @Override
    public void add(InferenceEvent event, long windowStart) {
      Coverage coverage = at(event.version(), windowStart);
      coverage.disputed += event.disputed() ? 1 : 0;
      if (event.trusted() == null && labels.own(event) != null) {
        coverage.inLog++;
      } else if (labels.has(event)) {
        coverage.joined++;
      } else {
        coverage.unlabelled++;
        if (coverage.names(event.timeMicros())) {
          coverage.name(event.timeMicros(), RowHash.name(event));
        }
      }
    }

    @Override
    public void add(EventBatch batch, int[] rows, int from, int to, long windowStart) {
      Coverage coverage = at(batch.version(rows[from]), windowStart);
      for (int i = from; i < to; i++) {
        int row = rows[i];
        coverage.disputed += batch.disputed(row) ? 1 : 0;
        boolean trusted = batch.trusted(row) != null;
        if (!trusted && labels.hasOwn(batch, row)) {
          coverage.inLog++;
        } else if (trusted || batch.label(row) != null) {
          coverage.joined++;
        } else {
          coverage.unlabelled++;
          if (coverage.names(batch.times()[row])) {
            coverage.name(batch.times()[row], RowHash.name(batch.event(row)));
          }
        }
      }
    }

    @Override
    public void drainTo(BiConsumer<WindowKey, Coverage> out) {
      coverages.forEach(out); // the order does not matter: the states are merged by key
      coverages.clear();
    }
  }
}
