package io.tidemark.ingest;

import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.MergeStates;
import io.tidemark.spec.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/** Gathers a fold's states from events that come as elements, a bundle at a time. */
final class AggregateFn<K, S> extends DoFn<InferenceEvent, KV<K, byte[]>> {
  private static final long serialVersionUID = 1;

  private final Aggregator<K, S> fold;
  private final Coder<S> coder;
  private final WindowSpec window;

  private transient Aggregator.Accumulator<K, S> gathering;
  private transient WindowCursor windows;

  AggregateFn(Aggregator<K, S> fold, Coder<S> coder, WindowSpec window) {
    this.fold = fold;
    this.coder = coder;
    this.window = window;
  }

  @StartBundle
  public void start() {
    gathering = fold.start();
    windows = new WindowCursor(window);
  }

  @ProcessElement
  public void process(@Element InferenceEvent event) {
    gathering.add(event, windows.startOf(event.timeMicros()));
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    List<KV<K, byte[]>> states = new ArrayList<>();
    gathering.drainTo((key, state) -> states.add(KV.of(key, MergeStates.pack(coder, state))));
    for (KV<K, byte[]> state : states) {
      context.output(state, BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }
    gathering = null;
  }
}
