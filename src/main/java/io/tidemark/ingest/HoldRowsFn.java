package io.tidemark.ingest;

import io.tidemark.event.EventFold;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.MergeStates;
import io.tidemark.event.RowHash;
import io.tidemark.profile.WindowKey;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import io.tidemark.telemetry.StreamMetric;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.state.BagState;
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
 * Holds the rows of a shard of a window until the window ends, then folds them, of copies the one
 * that stays; and again for rows that come until the window is closed. The rows themselves are held
 * because the copy that stays may come last, and what was counted cannot be taken back. A fold is
 * of the whole shard each time and replaces the one before.
 */
final class HoldRowsFn<S>
    extends DoFn<KV<KV<Long, Integer>, InferenceEvent>, KV<WindowKey, KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  @StateId("rows")
  private final StateSpec<BagState<InferenceEvent>> rowsSpec =
      StateSpecs.bag(InferenceEventCoder.of());

  @StateId("phase")
  private final StateSpec<ValueState<Integer>> phaseSpec = StateSpecs.value(VarIntCoder.of());

  @StateId("counted")
  private final StateSpec<ValueState<HeldRows>> countedSpec =
      StateSpecs.value(new HeldRows.HeldRowsCoder());

  @TimerId("window")
  private final TimerSpec windowSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("revise")
  private final TimerSpec reviseSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final FoldOutput<WindowKey, S> fold;
  private final WindowSpec window;
  private final EventLabels labels;
  private final Counter profiled = StreamMetric.ROWS_PROFILED.counter();
  private final Counter duplicate = StreamMetric.ROWS_DUPLICATE.counter();

  HoldRowsFn(FoldOutput<WindowKey, S> fold, WindowSpec window, EventLabels labels) {
    this.fold = fold;
    this.window = window;
    this.labels = labels;
  }

  @ProcessElement
  public void process(
      @Element KV<KV<Long, Integer>, InferenceEvent> row,
      @StateId("rows") BagState<InferenceEvent> rows,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      @TimerId("revise") Timer revise) {
    rows.add(row.getValue());
    WindowPhase.of(phase).element(phase, window, row.getKey().getKey(), windowTimer, revise);
  }

  @OnTimer("window")
  public void windowTimer(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<InferenceEvent> rows,
      @StateId("phase") ValueState<Integer> phase,
      @StateId("counted") ValueState<HeldRows> counted,
      @TimerId("window") Timer windowTimer,
      OutputReceiver<KV<WindowKey, KV<Integer, byte[]>>> out) {
    WindowPhase now = WindowPhase.of(phase);
    if (now.outputs()) {
      emit(key, rows, counted, out);
    }
    if (now.ends(phase, window, key.getKey(), windowTimer)) {
      rows.clear();
      counted.clear();
    }
  }

  @OnTimer("revise")
  public void revise(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<InferenceEvent> rows,
      @StateId("phase") ValueState<Integer> phase,
      @StateId("counted") ValueState<HeldRows> counted,
      OutputReceiver<KV<WindowKey, KV<Integer, byte[]>>> out) {
    if (WindowPhase.of(phase).revises(phase)) {
      emit(key, rows, counted, out);
    }
  }

  private void emit(
      KV<Long, Integer> key,
      BagState<InferenceEvent> rows,
      ValueState<HeldRows> counted,
      OutputReceiver<KV<WindowKey, KV<Integer, byte[]>>> out) {
    TreeMap<Hash128, Copies> byKey = new TreeMap<>();
    long held = 0;
    for (InferenceEvent row : rows.read()) {
      held++;
      byKey
          .computeIfAbsent(
              RowHash.copyKey(row.id(), row.version(), key.getKey()), name -> new Copies(labels))
          .add(row);
    }
    count(new HeldRows(byKey.size(), held - byKey.size()), counted);
    EventFold.Gathering<WindowKey, S> gathering = fold.fold().start();
    byKey.values().forEach(copies -> gathering.add(copies.kept(), key.getKey()));
    gathering.drainTo(
        (window, state) ->
            out.output(
                KV.of(window, KV.of(key.getValue(), MergeStates.pack(fold.stateCoder(), state)))));
  }

  /** A correction counts what has come since the shard was passed on before. */
  private void count(HeldRows now, ValueState<HeldRows> counted) {
    HeldRows before = counted.read();
    profiled.inc(now.profiled() - (before == null ? 0 : before.profiled()));
    duplicate.inc(now.duplicate() - (before == null ? 0 : before.duplicate()));
    counted.write(now);
  }
}
