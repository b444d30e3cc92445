package io.tidemark.ingest;

import io.tidemark.event.Broadcast;
import io.tidemark.event.EventBatch;
import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.WindowPhase;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.telemetry.StreamMetric;
import org.apache.beam.sdk.coders.ByteArrayCoder;
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
 * of the whole shard each time and replaces the one before; what comes once comes at the close.
 */
final class BufferWindowFn
    extends DoFn<KV<KV<Long, Integer>, byte[]>, KV<WindowKey, KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  @StateId("rows")
  private final StateSpec<BagState<byte[]>> rowsSpec = StateSpecs.bag(ByteArrayCoder.of());

  @StateId("phase")
  private final StateSpec<ValueState<Integer>> phaseSpec = StateSpecs.value(VarIntCoder.of());

  @StateId("counted")
  private final StateSpec<ValueState<HeldCounts>> countedSpec =
      StateSpecs.value(new HeldCounts.CountsCoder());

  @TimerId("window")
  private final TimerSpec windowSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("revise")
  private final TimerSpec reviseSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final Broadcast<WindowAggregates> folds;
  private final WindowTiming times;
  private final boolean deduplicate;
  private final EventLabels labels;
  private final Counter profiled = StreamMetric.ROWS_PROFILED.counter();
  private final Counter duplicate = StreamMetric.ROWS_DUPLICATE.counter();

  BufferWindowFn(
      WindowAggregates folds, WindowTiming times, boolean deduplicate, EventLabels labels) {
    this.folds = Broadcast.of(folds);
    this.times = times;
    this.deduplicate = deduplicate;
    this.labels = labels;
  }

  @ProcessElement
  public void process(
      @Element KV<KV<Long, Integer>, byte[]> more,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      @TimerId("revise") Timer revise) {
    rows.add(more.getValue());
    WindowPhase.of(phase).element(phase, times, more.getKey().getKey(), windowTimer, revise);
  }

  @OnTimer("window")
  public void windowTimer(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("phase") ValueState<Integer> phase,
      @StateId("counted") ValueState<HeldCounts> counted,
      @TimerId("window") Timer windowTimer,
      MultiOutputReceiver out) {
    WindowPhase now = WindowPhase.of(phase);
    boolean ends = now.ends(phase, times, key.getKey(), windowTimer);
    emit(key, rows, counted, now.outputs(), ends, out);
    if (ends) {
      rows.clear();
      counted.clear();
    }
  }

  @OnTimer("revise")
  public void revise(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("phase") ValueState<Integer> phase,
      @StateId("counted") ValueState<HeldCounts> counted,
      MultiOutputReceiver out) {
    if (WindowPhase.of(phase).revises(phase)) {
      emit(key, rows, counted, true, false, out);
    }
  }

  private void emit(
      KV<Long, Integer> key,
      BagState<byte[]> rows,
      ValueState<HeldCounts> counted,
      boolean revised,
      boolean last,
      MultiOutputReceiver out) {
    WindowAggregates all = folds.get();
    boolean once = last && (!all.last().isEmpty() || all.outcomes() != null);
    if (!revised && !once) {
      return;
    }
    HeldRows held = new HeldRows(deduplicate, labels, new WindowCursor(times.window()));
    rows.read().forEach(block -> held.add(EventBlock.unpack(all.layout(), block)));
    count(held.counts(), counted);
    WindowAggregates.Pass pass = all.new Pass(last);
    if (last) {
      pass.takeOutcomes(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    held.forEach(
        new HeldRows.Visitor() {
          @Override
          public void rows(EventBatch batch, int[] which, int count, WindowCursor windows) {
            pass.add(batch, which, count, revised);
          }

          @Override
          public void row(InferenceEvent row, long windowStart) {
            pass.add(row, windowStart, revised);
          }
        });
    pass.outputAll(key.getValue(), WindowAggregates.Output.of(out));
  }

  /** A correction counts what has come since the shard was passed on before. */
  private void count(HeldCounts now, ValueState<HeldCounts> counted) {
    HeldCounts before = counted.read();
    profiled.inc(now.profiled() - (before == null ? 0 : before.profiled()));
    duplicate.inc(now.duplicate() - (before == null ? 0 : before.duplicate()));
    counted.write(now);
  }
}
