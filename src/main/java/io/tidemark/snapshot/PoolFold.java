package io.tidemark.snapshot;

import io.tidemark.event.EventFold;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Shipped;
import io.tidemark.flow.WindowKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers a {@link RowPool} for each (model version, window) of a bundle's events. */
public final class PoolFold implements EventFold<WindowKey, RowPool> {
  private static final long serialVersionUID = 1;

  private final Shipped<PoolSettings> settings;

  public PoolFold(Shipped<PoolSettings> settings) {
    this.settings = settings;
  }

  @Override
  public Gathering<WindowKey, RowPool> start() {
    return new Gathering<>() {
      private final Map<WindowKey, RowPool> pools = new HashMap<>();
      private WindowKey lastKey;
      private RowPool last;

      @Override
      public void add(InferenceEvent event, long windowStart) {
        boolean same =
            last != null
                && lastKey.start() == windowStart
                && lastKey.version().equals(event.version());
        if (!same) {
          lastKey = new WindowKey(event.version(), windowStart);
          last = pools.computeIfAbsent(lastKey, key -> settings.get().newPool(key.version()));
        }
        last.add(event);
      }

      @Override
      public void drainTo(BiConsumer<WindowKey, RowPool> out) {
        pools.forEach(out); // the order does not matter: pools are merged by key
        pools.clear();
        last = null;
      }
    };
  }
}
