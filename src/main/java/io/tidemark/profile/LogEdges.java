package io.tidemark.profile;

import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Where a log begins and ends, for what lies there may be cut off.
 *
 * @param bounds of a run
 * @param log where a bounded run has rows: all versions together, because one begins inside the
 *     log; null where both bounds were asked for, and of a stream
 * @param starts of windows that a stream's rows come to, before these windows end, at least those
 *     that move an end of {@link LogSpans}; null of a bounded run
 */
public record LogEdges(
    WindowSpec window,
    WindowCompleteness bounds,
    PCollectionView<LogSpans> log,
    PCollection<Long> starts) {

  /** Of a run that was asked for the windows between two bounds. */
  public static LogEdges asked(WindowSpec window, WindowCompleteness bounds) {
    return new LogEdges(window, bounds, null, null);
  }

  /**
   * Of a log without bounds on both sides.
   *
   * @param starts of the windows that have rows
   */
  public static LogEdges found(
      WindowSpec window, WindowCompleteness bounds, PCollection<Long> starts) {
    return starts.isBounded() == PCollection.IsBounded.UNBOUNDED
        ? new LogEdges(window, bounds, null, starts)
        : new LogEdges(
            window,
            bounds,
            starts.apply("SpansOfLog", Combine.globally(new SpansFn(window)).asSingletonView()),
            null);
  }

  /** Whether nothing has to be found out. */
  boolean known() {
    return log == null;
  }

  private static final class SpansFn extends Combine.CombineFn<Long, LogSpans, LogSpans>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final WindowSpec window;

    SpansFn(WindowSpec window) {
      this.window = window;
    }

    @Override
    public LogSpans createAccumulator() {
      return LogSpans.over(window);
    }

    @Override
    public LogSpans addInput(LogSpans spans, Long start) {
      spans.add(start);
      return spans;
    }

    @Override
    public LogSpans mergeAccumulators(Iterable<LogSpans> all) {
      LogSpans merged = LogSpans.over(window);
      all.forEach(merged::merge);
      return merged;
    }

    @Override
    public LogSpans extractOutput(LogSpans spans) {
      return spans;
    }

    @Override
    public Coder<LogSpans> getAccumulatorCoder(CoderRegistry registry, Coder<Long> input) {
      return SerializableCoder.of(LogSpans.class);
    }

    @Override
    public Coder<LogSpans> getDefaultOutputCoder(CoderRegistry registry, Coder<Long> input) {
      return SerializableCoder.of(LogSpans.class);
    }
  }
}
