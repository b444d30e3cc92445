package io.tidemark.ingest.hold;

import io.tidemark.event.EventBatch;
import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.WindowPhase;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.Serializable;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
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
    extends DoFn<KV<KV<WindowKey, Integer>, byte[]>, KV<WindowKey, KV<Integer, byte[]>>> {
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
  private final Fleet<OfModel> models;
  private final ModelCounter profiled;
  private final ModelCounter duplicate;

  /** How a model's rows are held. */
  record OfModel(WindowTiming times, boolean deduplicate, EventLabels labels)
      implements Serializable {
    static OfModel of(MonitoringSpec spec) {
      return new OfModel(
          WindowTiming.withoutLabels(spec.window()),
          spec.events().deduplicate(),
          EventLabels.of(spec));
    }
  }

  BufferWindowFn(WindowAggregates folds, Fleet<OfModel> models) {
    this.folds = Broadcast.of(folds);
    this.models = models;
    this.profiled = StreamMetric.ROWS_PROFILED.counter(models.models());
    this.duplicate = StreamMetric.ROWS_DUPLICATE.counter(models.models());
  }

  @ProcessElement
  public void process(
      @Element KV<KV<WindowKey, Integer>, byte[]> more,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      @TimerId("revise") Timer revise) {
    rows.add(more.getValue());
    WindowKey window = more.getKey().getKey();
    WindowTiming times = models.of(window.model()).times();
    WindowPhase.of(phase).element(phase, times, window.start(), windowTimer, revise);
  }

  @OnTimer("window")
  public void windowTimer(
      @Key KV<WindowKey, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("phase") ValueState<Integer> phase,
      @StateId("counted") ValueState<HeldCounts> counted,
      @TimerId("window") Timer windowTimer,
      MultiOutputReceiver out) {
    OfModel own = models.find(key.getKey().model()).orElse(null);
    WindowPhase now = WindowPhase.of(phase);
    boolean ends = true;
    if (own == null) { // the model has left
      phase.clear();
    } else {
      ends = now.ends(phase, own.times(), key.getKey().start(), windowTimer);
      emit(key, rows, counted, now.outputs(), ends, out);
    }
    if (ends) {
      rows.clear();
      counted.clear();
    }
  }

  @OnTimer("revise")
  public void revise(
      @Key KV<WindowKey, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("phase") ValueState<Integer> phase,
      @StateId("counted") ValueState<HeldCounts> counted,
      MultiOutputReceiver out) {
    if (models.has(key.getKey().model()) && WindowPhase.of(phase).revises(phase)) {
      emit(key, rows, counted, true, false, out);
    }
  }

  private void emit(
      KV<WindowKey, Integer> key,
      BagState<byte[]> rows,
      ValueState<HeldCounts> counted,
      boolean revised,
      boolean last,
      MultiOutputReceiver out) {
    WindowAggregates all = folds.get();
    String model = key.getKey().model();
    OfModel own = models.of(model);
    boolean once = last && all.comesOnce(model);
    if (!revised && !once) {
      return;
    }
    HeldRows held =
        new HeldRows(own.deduplicate(), own.labels(), new WindowCursor(own.times().window()));
    rows.read().forEach(block -> held.add(EventBlock.unpack(all.rows().of(model).layout(), block)));
    count(model, held.counts(), counted, out);
    WindowAggregates.Pass pass = all.new Pass(model, last);
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
  private void count(
      String model, HeldCounts now, ValueState<HeldCounts> counted, MultiOutputReceiver out) {
    HeldCounts known = counted.read();
    HeldCounts before = known == null ? HeldCounts.NONE : known;
    if (now.equals(before)) {
      return;
    }
    long more = now.profiled() - before.profiled();
    long copies = now.duplicate() - before.duplicate();
    profiled.inc(model, more);
    duplicate.inc(model, copies);
    counted.write(now);
    out.get(AggregateTopic.COUNTS)
        .output(
            KV.of(
                model, RowCounts.settled(more, copies, now.conflicting() - before.conflicting())));
  }
}
