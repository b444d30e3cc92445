package io.tidemark.ingest;

import io.tidemark.event.Broadcast;
import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Where no row has to be held, a bundle's rows are gathered at once. */
final class PreAggregateFn extends DoFn<List<InferenceEvent>, KV<WindowKey, KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  private final Broadcast<WindowAggregates> folds;
  private final WindowSpec window;
  private final Counter profiled = StreamMetric.ROWS_PROFILED.counter();

  private transient WindowAggregates.Pass pass;
  private transient WindowCursor cursor;
  private transient Instant least;

  PreAggregateFn(WindowAggregates folds, WindowSpec window) {
    this.folds = Broadcast.of(folds);
    this.window = window;
  }

  @StartBundle
  public void start() {
    pass = folds.get().new Pass(false);
    pass.takeOutcomes(Long.MIN_VALUE, Long.MAX_VALUE);
    cursor = new WindowCursor(window);
    least = null;
  }

  @ProcessElement
  public void process(@Element List<InferenceEvent> events, @Timestamp Instant timestamp) {
    profiled.inc(events.size());
    for (InferenceEvent event : events) {
      pass.add(event, cursor.startOf(event.timeMicros()), true);
    }
    least = least == null || timestamp.isBefore(least) ? timestamp : least;
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    if (least != null) {
      pass.outputAll(
          AssembleWindowFn.MORE,
          new WindowAggregates.Output() {
            @Override
            public <T> void to(TupleTag<T> tag, T element) {
              context.output(tag, element, least, GlobalWindow.INSTANCE);
            }
          });
    }
    pass = null;
  }
}
