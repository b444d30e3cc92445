package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Says of each window of a run whether it is complete, as {@link MarkStream} does of a stream's.
 *
 * @param <V> what there is of a window
 */
public final class MarkWindows<V>
    extends PTransform<PCollection<KV<WindowKey, V>>, PCollection<WindowRevision<V>>> {
  private static final long serialVersionUID = 1;

  private final SerializableFunction<V, Long> revision;
  private final WindowSpec window;
  private final Wholeness wholeness;
  private final transient PCollectionView<LogSpans> log;
  private final transient PCollectionView<Map<Long, String>> standing;

  private MarkWindows(
      SerializableFunction<V, Long> revision,
      WindowSpec window,
      Wholeness wholeness,
      PCollectionView<LogSpans> log,
      PCollectionView<Map<Long, String>> standing) {
    this.revision = revision;
    this.window = window;
    this.wholeness = wholeness;
    this.log = log;
    this.standing = standing;
  }

  /**
   * @param revision rows behind what there is of a window
   * @param log of the run's windows with rows; null where both bounds were asked for
   * @param standing what {@link StandingWindows} says: a window that was whole before, and has no
   *     fewer rows now, is whole
   */
  public static <V> MarkWindows<V> of(
      SerializableFunction<V, Long> revision,
      WindowSpec window,
      Wholeness wholeness,
      PCollectionView<LogSpans> log,
      PCollectionView<Map<Long, String>> standing) {
    return new MarkWindows<>(revision, window, wholeness, log, standing);
  }

  /** Where a log has rows: all versions together, because one begins inside the log. */
  public static PTransform<PCollection<KV<WindowKey, WindowProfile>>, PCollectionView<LogSpans>>
      spans(WindowSpec window) {
    return new SpansOf(window);
  }

  /** The coder of windows that are marked. */
  static <V> WindowRevision.RevisionCoder<V> coder(PCollection<KV<WindowKey, V>> windows) {
    return WindowRevision.coder(((KvCoder<WindowKey, V>) windows.getCoder()).getValueCoder());
  }

  @Override
  public PCollection<WindowRevision<V>> expand(PCollection<KV<WindowKey, V>> windows) {
    ParDo.SingleOutput<KV<WindowKey, V>, WindowRevision<V>> mark =
        ParDo.of(new MarkFn<>(revision, window, wholeness, log, standing));
    return windows
        .apply("Mark", log == null ? mark : mark.withSideInputs(log, standing))
        .setCoder(coder(windows));
  }

  private static final class MarkFn<V> extends DoFn<KV<WindowKey, V>, WindowRevision<V>> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<V, Long> revision;
    private final WindowSpec window;
    private final Wholeness wholeness;
    private final PCollectionView<LogSpans> log;
    private final PCollectionView<Map<Long, String>> standing;

    MarkFn(
        SerializableFunction<V, Long> revision,
        WindowSpec window,
        Wholeness wholeness,
        PCollectionView<LogSpans> log,
        PCollectionView<Map<Long, String>> standing) {
      this.revision = revision;
      this.window = window;
      this.wholeness = wholeness;
      this.log = log;
      this.standing = standing;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      WindowKey key = context.element().getKey();
      LogSpans spans = log == null ? null : context.sideInput(log);
      boolean complete =
          wholeness.whole(key.start(), window.endOf(key.start()), spans)
              || (log != null && context.sideInput(standing).containsKey(key.start()));
      V content = context.element().getValue();
      context.output(new WindowRevision<>(key, revision.apply(content), complete, content));
    }
  }

  private static final class SpansOf
      extends PTransform<PCollection<KV<WindowKey, WindowProfile>>, PCollectionView<LogSpans>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec window;

    SpansOf(WindowSpec window) {
      this.window = window;
    }

    @Override
    public PCollectionView<LogSpans> expand(PCollection<KV<WindowKey, WindowProfile>> windows) {
      return windows.apply("Spans", Combine.globally(new SpansFn(window)).asSingletonView());
    }
  }

  private static final class SpansFn
      extends Combine.CombineFn<KV<WindowKey, WindowProfile>, LogSpans, LogSpans>
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
    public LogSpans addInput(LogSpans spans, KV<WindowKey, WindowProfile> present) {
      spans.add(present.getKey().start());
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
    public Coder<LogSpans> getAccumulatorCoder(
        CoderRegistry registry, Coder<KV<WindowKey, WindowProfile>> input) {
      return SerializableCoder.of(LogSpans.class);
    }

    @Override
    public Coder<LogSpans> getDefaultOutputCoder(
        CoderRegistry registry, Coder<KV<WindowKey, WindowProfile>> input) {
      return SerializableCoder.of(LogSpans.class);
    }
  }
}
