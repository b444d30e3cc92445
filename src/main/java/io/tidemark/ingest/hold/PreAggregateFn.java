package io.tidemark.ingest.hold;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Of models of which no row has to be held, a bundle's rows are gathered at once. */
final class PreAggregateFn
    extends DoFn<KV<String, List<InferenceEvent>>, KV<WindowKey, KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  private final Broadcast<WindowAggregates> folds;
  private final ModelCounter profiled;

  private transient TreeMap<String, Gathering> models;
  private transient Instant least;

  /** A bundle's rows of a model. */
  private static final class Gathering {
    private final WindowAggregates.Pass pass;
    private final WindowCursor cursor;
    private long rows;

    Gathering(WindowAggregates folds, String model) {
      this.pass = folds.new Pass(model, false);
      this.cursor = new WindowCursor(folds.rows().of(model).window());
      pass.takeOutcomes(Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  PreAggregateFn(WindowAggregates folds) {
    this.folds = Broadcast.of(folds);
    this.profiled = StreamMetric.ROWS_PROFILED.counter(folds.rows().models());
  }

  @StartBundle
  public void start() {
    models = new TreeMap<>();
    least = null;
  }

  @ProcessElement
  public void process(
      @Element KV<String, List<InferenceEvent>> rows, @Timestamp Instant timestamp) {
    if (!folds.get().rows().has(rows.getKey())) {
      return; // they are held
    }
    profiled.inc(rows.getKey(), rows.getValue().size());
    Gathering own =
        models.computeIfAbsent(rows.getKey(), model -> new Gathering(folds.get(), model));
    own.rows += rows.getValue().size();
    for (InferenceEvent event : rows.getValue()) {
      own.pass.add(event, own.cursor.startOf(event.timeMicros()), true);
    }
    least = least == null || timestamp.isBefore(least) ? timestamp : least;
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    WindowAggregates.Output out =
        new WindowAggregates.Output() {
          @Override
          public <T> void to(TupleTag<T> tag, T element) {
            context.output(tag, element, least, GlobalWindow.INSTANCE);
          }
        };
    models.forEach(
        (model, each) -> {
          each.pass.outputAll(AssembleWindowFn.MORE, out);
          out.to(AggregateTopic.COUNTS, KV.of(model, RowCounts.settled(each.rows, 0, 0)));
        });
    models = null;
  }
}
