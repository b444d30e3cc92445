package io.tidemark.profile;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.WindowKey;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers a {@link WindowOutcomes} for each (model version, window) of a bundle's events. */
public final class PerformanceAggregator implements Aggregator<WindowKey, WindowOutcomes> {
  private static final long serialVersionUID = 1;

  private final Broadcast<OutcomeLayouts> layouts;

  public PerformanceAggregator(Broadcast<OutcomeLayouts> layouts) {
    this.layouts = layouts;
  }

  @Override
  public boolean wants(String model) {
    return layouts.get().has(model);
  }

  @Override
  public Accumulator<WindowKey, WindowOutcomes> start(String model) {
    return new Outcomes(model, layouts.get());
  }

  private static final class Outcomes implements Accumulator<WindowKey, WindowOutcomes> {
    private final String model;
    private final OutcomeLayouts layouts;
    private final Map<WindowKey, WindowOutcomes> outcomes = new HashMap<>();
    private final Map<OutcomeLayout, OutcomeReader> readers = new IdentityHashMap<>();

    // Neighbouring rows mostly share a window.
    private String lastVersion;
    private long lastStart;
    private WindowOutcomes last;
    private OutcomeReader reader;

    Outcomes(String model, OutcomeLayouts layouts) {
      this.model = model;
      this.layouts = layouts;
    }

    @Override
    public void add(InferenceEvent event, long windowStart) {
      turnTo(event.version(), windowStart);
      reader.read(event);
      last.add(reader);
    }

    @Override
    public void add(EventBatch batch, int[] rows, int from, int to, long windowStart) {
      turnTo(batch.version(rows[from]), windowStart);
      for (int i = from; i < to; i++) {
        reader.read(batch, rows[i]);
        last.add(reader);
      }
    }

    private void turnTo(String version, long windowStart) {
      if (last == null || windowStart != lastStart || !version.equals(lastVersion)) {
        lastVersion = version;
        lastStart = windowStart;
        last =
            outcomes.computeIfAbsent(
                new WindowKey(model, version, windowStart),
                key -> new WindowOutcomes(layouts.of(key)));
        reader = readers.computeIfAbsent(last.layout(), OutcomeReader::new);
      }
    }

    @Override
    public void drainTo(BiConsumer<WindowKey, WindowOutcomes> out) {
      outcomes.forEach(out); // the order does not matter: the states are merged by key
      outcomes.clear();
      last = null;
    }
  }
}
