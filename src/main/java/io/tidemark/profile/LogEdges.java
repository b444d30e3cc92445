package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.spec.WindowSpec;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Where each model's log begins and ends, for what lies there may be cut off.
 *
 * @param bounds of a run
 * @param log where a bounded run has rows of a model: all versions together, because one begins
 *     inside the log; null where both bounds were asked for, and of a stream
 * @param starts of windows that a stream's rows come to, before these windows end, at least those
 *     that move an end of {@link LogSpans}; null of a bounded run
 */
public record LogEdges(
    Fleet<WindowSpec> windows,
    Fleet<WindowCompleteness> bounds,
    PCollectionView<Map<String, LogSpans>> log,
    PCollection<KV<String, Long>> starts) {
  /** Of starts: model and time. */
  public static final KvCoder<String, Long> STARTS =
      KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());

  /** Of a run that was asked for the windows between two bounds. */
  public static LogEdges asked(Fleet<WindowSpec> windows, Fleet<WindowCompleteness> bounds) {
    return new LogEdges(windows, bounds, null, null);
  }

  /**
   * Of a log without bounds on both sides.
   *
   * @param starts of the windows that have rows, by model
   */
  public static LogEdges found(
      Fleet<WindowSpec> windows,
      Fleet<WindowCompleteness> bounds,
      PCollection<KV<String, Long>> starts) {
    return starts.isBounded() == PCollection.IsBounded.UNBOUNDED
        ? new LogEdges(windows, bounds, null, starts)
        : new LogEdges(
            windows,
            bounds,
            starts
                .apply("StartsByModel", GroupByKey.create())
                .apply("SpansOfLog", ParDo.of(new SpansFn(windows)))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(LogSpans.class)))
                .apply("ViewSpans", View.asMap()),
            null);
  }

  /** Whether nothing has to be found out. */
  boolean known() {
    return log == null;
  }

  private static final class SpansFn
      extends DoFn<KV<String, Iterable<Long>>, KV<String, LogSpans>> {
    private static final long serialVersionUID = 1;

    private final Fleet<WindowSpec> windows;

    SpansFn(Fleet<WindowSpec> windows) {
      this.windows = windows;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<Long>> model, OutputReceiver<KV<String, LogSpans>> out) {
      LogSpans spans = LogSpans.over(windows.of(model.getKey()));
      model.getValue().forEach(spans::add);
      out.output(KV.of(model.getKey(), spans));
    }
  }
}
