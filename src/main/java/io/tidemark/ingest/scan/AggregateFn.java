package io.tidemark.ingest.scan;

import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.spec.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/** Gathers a fold's states from models' events that come as elements, a bundle at a time. */
final class AggregateFn<K, S> extends DoFn<KV<String, InferenceEvent>, KV<K, byte[]>> {
  private static final long serialVersionUID = 1;

  private final Aggregator<K, S> fold;
  private final Coder<S> coder;
  private final Fleet<WindowSpec> windows;
  private transient TreeMap<String, Gathering<K, S>> models;

  private record Gathering<K, S>(Aggregator.Accumulator<K, S> states, WindowCursor windows) {}

  AggregateFn(Aggregator<K, S> fold, Coder<S> coder, Fleet<WindowSpec> windows) {
    this.fold = fold;
    this.coder = coder;
    this.windows = windows;
  }

  @StartBundle
  public void start() {
    models = new TreeMap<>();
  }

  @ProcessElement
  public void process(@Element KV<String, InferenceEvent> row) {
    if (!fold.wants(row.getKey())) {
      return;
    }
    Gathering<K, S> own =
        models.computeIfAbsent(
            row.getKey(),
            model -> new Gathering<>(fold.start(model), new WindowCursor(windows.of(model))));
    InferenceEvent event = row.getValue();
    own.states().add(event, own.windows().startOf(event.timeMicros()));
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    List<KV<K, byte[]>> states = new ArrayList<>();
    for (Gathering<K, S> each : models.values()) {
      each.states().drainTo((key, state) -> states.add(KV.of(key, MergeStates.pack(coder, state))));
    }
    for (KV<K, byte[]> state : states) {
      context.output(state, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }
    models = null;
  }
}
