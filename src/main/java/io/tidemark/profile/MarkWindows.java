package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Says of each window of a log whether it is complete. A bounded run knows where its log begins and
 * ends; a stream finds out as it goes, and passes on again what was not complete before, see {@link
 * MarkOfStreamFn}.
 *
 * @param <V> what there is of a window
 */
public final class MarkWindows<V>
    extends PTransform<PCollection<KV<WindowKey, V>>, PCollection<WindowRevision<V>>> {
  private static final long serialVersionUID = 1;
  private static final byte[] NOTHING = {};

  private final transient LogEdges edges;
  private final transient PCollectionView<Map<WindowKey, String>> standing;
  private final SerializableFunction<V, Long> rows;
  private final SerializableFunction<V, Long> revision;

  private MarkWindows(
      LogEdges edges,
      PCollectionView<Map<WindowKey, String>> standing,
      SerializableFunction<V, Long> rows,
      SerializableFunction<V, Long> revision) {
    this.edges = edges;
    this.standing = standing;
    this.rows = rows;
    this.revision = revision;
  }

  /**
   * @param standing what {@link StandingWindows} says: a window that was whole before, and has no
   *     fewer rows now, is whole; null of a stream
   * @param rows how many of a window; a stream's windows that were filled in have none, and are
   *     complete
   * @param revision rows behind what there is of a window
   */
  public static <V> MarkWindows<V> of(
      LogEdges edges,
      PCollectionView<Map<WindowKey, String>> standing,
      SerializableFunction<V, Long> rows,
      SerializableFunction<V, Long> revision) {
    return new MarkWindows<>(edges, standing, rows, revision);
  }

  @Override
  public PCollection<WindowRevision<V>> expand(PCollection<KV<WindowKey, V>> windows) {
    Coder<V> coder = ((KvCoder<WindowKey, V>) windows.getCoder()).getValueCoder();
    PCollection<WindowRevision<V>> marked =
        windows.isBounded() == PCollection.IsBounded.UNBOUNDED
            ? withStarts(windows, coder)
                .apply(
                    "Mark",
                    ParDo.of(
                        new MarkOfStreamFn<>(
                            edges.windows(), edges.bounds(), coder, rows, revision)))
            : windows.apply(
                "Mark", edges.known() ? mark() : mark().withSideInputs(edges.log(), standing));
    return marked.setCoder(WindowRevision.coder(coder));
  }

  private ParDo.SingleOutput<KV<WindowKey, V>, WindowRevision<V>> mark() {
    return ParDo.of(new MarkFn<>(revision, edges, standing));
  }

  /** Windows and the starts of those that rows come to, which the step is to see together. */
  private PCollection<KV<String, KV<WindowKey, byte[]>>> withStarts(
      PCollection<KV<WindowKey, V>> windows, Coder<V> coder) {
    KvCoder<String, KV<WindowKey, byte[]>> pieces =
        KvCoder.of(StringUtf8Coder.of(), KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));
    PCollection<KV<String, KV<WindowKey, byte[]>>> states =
        windows.apply("StatesOfLog", ParDo.of(new PackFn<>(coder))).setCoder(pieces);
    PCollection<KV<String, KV<WindowKey, byte[]>>> starts =
        edges.starts().apply("WindowsOfLog", ParDo.of(new StartFn())).setCoder(pieces);
    return PCollectionList.of(starts).and(states).apply("WindowsAndStates", Flatten.pCollections());
  }

  private static final class PackFn<V>
      extends DoFn<KV<WindowKey, V>, KV<String, KV<WindowKey, byte[]>>> {
    private static final long serialVersionUID = 1;

    private final Coder<V> coder;

    PackFn(Coder<V> coder) {
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, V> window, OutputReceiver<KV<String, KV<WindowKey, byte[]>>> out) {
      out.output(
          KV.of(
              window.getKey().model(),
              KV.of(window.getKey(), MergeStates.pack(coder, window.getValue()))));
    }
  }

  private static final class StartFn
      extends DoFn<KV<String, Long>, KV<String, KV<WindowKey, byte[]>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<String, Long> start, OutputReceiver<KV<String, KV<WindowKey, byte[]>>> out) {
      WindowKey window = WindowKey.ofAll(start.getKey(), start.getValue());
      out.output(KV.of(start.getKey(), KV.of(window, NOTHING)));
    }
  }

  private static final class MarkFn<V> extends DoFn<KV<WindowKey, V>, WindowRevision<V>> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<V, Long> revision;
    private final Fleet<WindowSpec> windows;
    private final Fleet<WindowCompleteness> bounds;
    private final PCollectionView<Map<String, LogSpans>> log;
    private final PCollectionView<Map<WindowKey, String>> standing;

    MarkFn(
        SerializableFunction<V, Long> revision,
        LogEdges edges,
        PCollectionView<Map<WindowKey, String>> standing) {
      this.revision = revision;
      this.windows = edges.windows();
      this.bounds = edges.bounds();
      this.log = edges.log();
      this.standing = standing;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      WindowKey key = context.element().getKey();
      WindowSpec window = windows.of(key.model());
      LogSpans spans =
          log == null ? null : LogSpans.of(key.model(), context.sideInput(log), window);
      boolean complete =
          bounds.of(key.model()).whole(key.start(), window.endOf(key.start()), spans)
              || (log != null && context.sideInput(standing).containsKey(key.ofAll()));
      V content = context.element().getValue();
      context.output(new WindowRevision<>(key, revision.apply(content), complete, content));
    }
  }
}
