package io.tidemark.ingest.hold;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.WindowAggregate;
import io.tidemark.event.WindowPhase;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Puts a window together from the states of its parts when it ends, and again when a part changes.
 * A part's state under a number of its own replaces the one before; states under {@link #MORE} add
 * up.
 */
final class AssembleWindowFn<S> extends DoFn<KV<WindowKey, KV<Integer, byte[]>>, KV<WindowKey, S>> {
  private static final long serialVersionUID = 1;
  static final int MORE = -1;

  /** The part of a window that has no rows. */
  static final int EMPTY = -2;

  @StateId("parts")
  private final StateSpec<MapState<Integer, byte[]>> partsSpec =
      StateSpecs.map(VarIntCoder.of(), ByteArrayCoder.of());

  @StateId("phase")
  private final StateSpec<ValueState<Integer>> phaseSpec = StateSpecs.value(VarIntCoder.of());

  @TimerId("window")
  private final TimerSpec windowSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("revise")
  private final TimerSpec reviseSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final AggregateOutput<WindowKey, S> fold;
  private final MergeStates.Merge<S> merge;
  private final Fleet<WindowTiming> times;

  AssembleWindowFn(WindowAggregate<S> fold, Fleet<WindowTiming> times) {
    this.fold = fold.fold();
    this.merge = fold.merge();
    this.times = times;
  }

  @ProcessElement
  public void process(
      @Element KV<WindowKey, KV<Integer, byte[]>> part,
      @StateId("parts") MapState<Integer, byte[]> parts,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      @TimerId("revise") Timer revise)
      throws IOException {
    int number = part.getValue().getKey();
    byte[] state = part.getValue().getValue();
    byte[] before = number == MORE ? parts.get(MORE).read() : null;
    parts.put(number, before == null ? state : merged(before, state));
    WindowTiming own = times.of(part.getKey().model());
    WindowPhase.of(phase).element(phase, own, part.getKey().start(), windowTimer, revise);
  }

  private byte[] merged(byte[] one, byte[] other) throws IOException {
    S both =
        merge.merge(
            MergeStates.unpack(fold.stateCoder(), one),
            MergeStates.unpack(fold.stateCoder(), other));
    return MergeStates.pack(fold.stateCoder(), both);
  }

  @OnTimer("window")
  public void windowTimer(
      @Key WindowKey key,
      @StateId("parts") MapState<Integer, byte[]> parts,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      OutputReceiver<KV<WindowKey, S>> out)
      throws IOException {
    WindowTiming own = times.find(key.model()).orElse(null);
    if (own == null) { // the model has left
      phase.clear();
      parts.clear();
      return;
    }
    WindowPhase now = WindowPhase.of(phase);
    if (now.outputs()) {
      emit(key, parts, out);
    }
    if (now.ends(phase, own, key.start(), windowTimer)) {
      parts.clear();
    }
  }

  @OnTimer("revise")
  public void revise(
      @Key WindowKey key,
      @StateId("parts") MapState<Integer, byte[]> parts,
      @StateId("phase") ValueState<Integer> phase,
      OutputReceiver<KV<WindowKey, S>> out)
      throws IOException {
    if (times.has(key.model()) && WindowPhase.of(phase).revises(phase)) {
      emit(key, parts, out);
    }
  }

  private void emit(
      WindowKey key, MapState<Integer, byte[]> parts, OutputReceiver<KV<WindowKey, S>> out)
      throws IOException {
    TreeMap<Integer, byte[]> inOrder = new TreeMap<>();
    for (Map.Entry<Integer, byte[]> part : parts.entries().read()) {
      inOrder.put(part.getKey(), part.getValue());
    }
    S merged = null;
    for (byte[] packed : inOrder.values()) {
      S state = MergeStates.unpack(fold.stateCoder(), packed);
      merged = merged == null ? state : merge.merge(merged, state);
    }
    if (merged != null) {
      out.output(KV.of(key, merged));
    }
  }
}
