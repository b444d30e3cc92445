package io.tidemark.snapshot;

import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers a {@link StratifiedSample} for each (model version, window) of a bundle's events. */
public final class CandidateAggregator implements Aggregator<WindowKey, StratifiedSample> {
  private static final long serialVersionUID = 1;

  private final Broadcast<Fleet<PoolSettings>> settings;

  public CandidateAggregator(Broadcast<Fleet<PoolSettings>> settings) {
    this.settings = settings;
  }

  @Override
  public boolean wants(String model) {
    return settings.get().has(model);
  }

  @Override
  public Accumulator<WindowKey, StratifiedSample> start(String model) {
    PoolSettings own = settings.get().of(model);
    return new Accumulator<>() {
      private final Map<WindowKey, StratifiedSample> pools = new HashMap<>();
      private WindowKey lastKey;
      private StratifiedSample last;

      @Override
      public void add(InferenceEvent event, long windowStart) {
        boolean same =
            last != null
                && lastKey.start() == windowStart
                && lastKey.version().equals(event.version());
        if (!same) {
          lastKey = new WindowKey(model, event.version(), windowStart);
          last = pools.computeIfAbsent(lastKey, key -> own.newPool(key.version()));
        }
        last.add(own.blanks().without(event));
      }

      @Override
      public void drainTo(BiConsumer<WindowKey, StratifiedSample> out) {
        pools.forEach(out); // the order does not matter: pools are merged by key
        pools.clear();
        last = null;
      }
    };
  }
}
