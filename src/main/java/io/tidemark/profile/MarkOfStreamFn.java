package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;

/**
 * {@link MarkWindows} of a stream: what no bound was asked of, the log's first window is not
 * complete, nor is its last until a later one has rows. What said otherwise before is passed on
 * again.
 *
 * @param <V> what there is of a window
 */
final class MarkOfStreamFn<V> extends DoFn<KV<String, KV<WindowKey, byte[]>>, WindowRevision<V>> {
  private static final long serialVersionUID = 1;

  @StateId("log")
  private final StateSpec<ValueState<LogSpans>> logSpec =
      StateSpecs.value(SerializableCoder.of(LogSpans.class));

  /** What was passed on as not complete. */
  @StateId("ends")
  private final StateSpec<MapState<WindowKey, byte[]>> endsSpec =
      StateSpecs.map(new WindowKey.KeyCoder(), ByteArrayCoder.of());

  private final Fleet<WindowSpec> windows;
  private final Fleet<WindowCompleteness> bounds;
  private final Coder<V> coder;
  private final SerializableFunction<V, Long> rows;
  private final SerializableFunction<V, Long> revision;

  MarkOfStreamFn(
      Fleet<WindowSpec> windows,
      Fleet<WindowCompleteness> bounds,
      Coder<V> coder,
      SerializableFunction<V, Long> rows,
      SerializableFunction<V, Long> revision) {
    this.windows = windows;
    this.bounds = bounds;
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
    WindowSpec window = windows.of(key.model());
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
    long end = windows.of(key.model()).endOf(key.start());
    return bounds.of(key.model()).whole(key.start(), end, spans);
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
