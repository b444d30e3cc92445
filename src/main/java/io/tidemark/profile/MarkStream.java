package io.tidemark.profile;

import io.tidemark.event.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Says of each window of a stream whether it is complete, as {@link MarkWindows} does of a run
 * without bounds: the log's first is not, nor is its last until a later one has rows. What said
 * otherwise before is passed on again.
 *
 * @param <V> what there is of a window
 */
public final class MarkStream<V>
    extends PTransform<PCollection<KV<WindowKey, V>>, PCollection<WindowRevision<V>>> {
  private static final long serialVersionUID = 1;
  private static final byte[] NOTHING = {};

  private final WindowSpec window;
  private final transient PCollection<Long> seen;
  private final SerializableFunction<V, Long> rows;
  private final SerializableFunction<V, Long> revision;

  private MarkStream(
      WindowSpec window,
      PCollection<Long> seen,
      SerializableFunction<V, Long> rows,
      SerializableFunction<V, Long> revision) {
    this.window = window;
    this.seen = seen;
    this.rows = rows;
    this.revision = revision;
  }

  /**
   * @param seen starts of windows that rows have come to, before these windows end; at least those
   *     that move an end of {@link LogSpans}
   * @param rows how many of a window; windows that were filled in have none, and are complete
   * @param revision rows behind what there is of a window
   */
  public static <V> MarkStream<V> of(
      WindowSpec window,
      PCollection<Long> seen,
      SerializableFunction<V, Long> rows,
      SerializableFunction<V, Long> revision) {
    return new MarkStream<>(window, seen, rows, revision);
  }

  @Override
  public PCollection<WindowRevision<V>> expand(PCollection<KV<WindowKey, V>> windows) {
    Coder<V> coder = ((KvCoder<WindowKey, V>) windows.getCoder()).getValueCoder();
    KvCoder<String, KV<WindowKey, byte[]>> pieces =
        KvCoder.of(StringUtf8Coder.of(), KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));
    PCollection<KV<String, KV<WindowKey, byte[]>>> states =
        windows.apply("StatesOfLog", ParDo.of(new PackFn<>(coder))).setCoder(pieces);
    PCollection<KV<String, KV<WindowKey, byte[]>>> starts =
        seen.apply("WindowsOfLog", ParDo.of(new StartFn())).setCoder(pieces);
    return PCollectionList.of(starts)
        .and(states)
        .apply("WindowsAndStates", Flatten.pCollections())
        .apply("Mark", ParDo.of(new MarkFn<>(window, coder, rows, revision)))
        .setCoder(MarkWindows.coder(windows));
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
      out.output(KV.of("", KV.of(window.getKey(), MergeStates.pack(coder, window.getValue()))));
    }
  }

  private static final class StartFn extends DoFn<Long, KV<String, KV<WindowKey, byte[]>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element Long start, OutputReceiver<KV<String, KV<WindowKey, byte[]>>> out) {
      out.output(KV.of("", KV.of(new WindowKey("", start), NOTHING)));
    }
  }

  private static final class MarkFn<V>
      extends DoFn<KV<String, KV<WindowKey, byte[]>>, WindowRevision<V>> {
    private static final long serialVersionUID = 1;

    @StateId("log")
    private final StateSpec<ValueState<LogSpans>> logSpec =
        StateSpecs.value(SerializableCoder.of(LogSpans.class));

    /** What was passed on as not complete. */
    @StateId("ends")
    private final StateSpec<MapState<WindowKey, byte[]>> endsSpec =
        StateSpecs.map(new WindowKey.KeyCoder(), ByteArrayCoder.of());

    private final WindowSpec window;
    private final Coder<V> coder;
    private final SerializableFunction<V, Long> rows;
    private final SerializableFunction<V, Long> revision;

    MarkFn(
        WindowSpec window,
        Coder<V> coder,
        SerializableFunction<V, Long> rows,
        SerializableFunction<V, Long> revision) {
      this.window = window;
      this.coder = coder;
      this.rows = rows;
      this.revision = revision;
    }

    @ProcessElement
    public void process(
        @Element KV<String, KV<WindowKey, byte[]>> piece,
        @StateId("log") ValueState<LogSpans> log,
        @StateId("ends") MapState<WindowKey, byte[]> ends,
        OutputReceiver<WindowRevision<V>> out)
        throws IOException {
      WindowKey key = piece.getValue().getKey();
      byte[] packed = piece.getValue().getValue();
      V state = packed.length == 0 ? null : MergeStates.unpack(coder, packed);
      if (state != null && rows.apply(state) == 0) {
        out.output(revision(key, true, state));
        return;
      }
      LogSpans before = log.read();
      LogSpans spans = before == null ? LogSpans.over(window) : LogSpans.over(window).merge(before);
      if (spans.add(key.start())) {
        log.write(spans);
        passOnAgain(spans, ends, key, out);
      }
      if (state != null) {
        boolean complete = complete(spans, key);
        if (complete) {
          ends.remove(key);
        } else {
          ends.put(key, packed);
        }
        out.output(revision(key, complete, state));
      }
    }

    private WindowRevision<V> revision(WindowKey key, boolean complete, V state) {
      return new WindowRevision<>(key, revision.apply(state), complete, state);
    }

    private boolean complete(LogSpans spans, WindowKey key) {
      return Wholeness.UNBOUNDED.whole(key.start(), window.endOf(key.start()), spans);
    }

    /** But for the window that is about to be passed on itself. */
    private void passOnAgain(
        LogSpans spans,
        MapState<WindowKey, byte[]> ends,
        WindowKey but,
        OutputReceiver<WindowRevision<V>> out)
        throws IOException {
      TreeMap<WindowKey, byte[]> complete = new TreeMap<>();
      for (Map.Entry<WindowKey, byte[]> each : ends.entries().read()) {
        if (complete(spans, each.getKey())) {
          complete.put(each.getKey(), each.getValue());
        }
      }
      for (Map.Entry<WindowKey, byte[]> each : complete.entrySet()) {
        ends.remove(each.getKey());
        if (!each.getKey().equals(but)) {
          out.output(revision(each.getKey(), true, MergeStates.unpack(coder, each.getValue())));
        }
      }
    }
  }
}
