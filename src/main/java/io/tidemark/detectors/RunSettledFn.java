package io.tidemark.detectors;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.schema.OneDetector;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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
 * {@link DetectChanges} of a stream. Outcomes wait until none that comes before them is still to
 * come, which is when the watermark has passed their window and the allowed lateness; the
 * detectors' states are kept with the job, and after each window below the output as well. An
 * outcome that comes later still is counted and not shown: its turn has passed.
 *
 * <p>Emits a window's findings when it is settled.
 */
final class RunSettledFn extends DoFn<KV<ModelVersion, byte[]>, WindowRevision<List<Finding>>> {
  private static final long serialVersionUID = 1;

  /** Outcomes that wait, as logs. */
  @StateId("waiting")
  private final StateSpec<BagState<byte[]>> waitingSpec = StateSpecs.bag(ByteArrayCoder.of());

  @StateId("detectors")
  private final StateSpec<ValueState<DetectorState>> detectorsSpec =
      StateSpecs.value(RecordCoder.of(DetectorState.class));

  /** When the timer is due, microseconds. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("settled")
  private final TimerSpec settledSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final ModelCounter shown;
  private final ModelCounter late;

  private final Broadcast<Fleet<DetectChanges.Context>> contexts;

  RunSettledFn(Broadcast<Fleet<DetectChanges.Context>> contexts) {
    this.contexts = contexts;
    this.shown = StreamMetric.OUTCOMES_SHOWN.counter(contexts.get().models());
    this.late = StreamMetric.OUTCOMES_LATE.counter(contexts.get().models());
  }

  private static WindowTiming times(DetectChanges.Context model) {
    return WindowTiming.withoutLabels(model.show().spec().window());
  }

  @StartBundle
  public void start() {
    late.begin();
  }

  @ProcessElement
  public void process(
      @Element KV<ModelVersion, byte[]> outcomes,
      @StateId("waiting") BagState<byte[]> waiting,
      @StateId("due") ValueState<Long> due,
      @TimerId("settled") Timer settled)
      throws IOException {
    waiting.add(outcomes.getValue());
    OutcomeLog log = MergeStates.unpack(new OutcomeLogCoder(), outcomes.getValue());
    long first = Long.MAX_VALUE;
    for (int i = 0; i < log.size(); i++) {
      first = Math.min(first, log.labelTime(i));
    }
    if (log.size() > 0) {
      WindowTiming times = times(contexts.get().of(outcomes.getKey().model()));
      wake(times.settles(times.window().startOf(first)), due, settled);
    }
  }

  private static void wake(long time, ValueState<Long> due, Timer settled) {
    Long before = due.read();
    if (before == null || time < before) {
      due.write(time);
      // A step before this one may hold its outcomes at that time for a moment.
      settled.set(WindowTiming.timer(time).plus(1));
    }
  }

  @OnTimer("settled")
  public void settled(
      @Key ModelVersion version,
      @StateId("waiting") BagState<byte[]> waiting,
      @StateId("detectors") ValueState<DetectorState> detectors,
      @StateId("due") ValueState<Long> due,
      @TimerId("settled") Timer settled,
      OutputReceiver<WindowRevision<List<Finding>>> out)
      throws IOException {
    Long now = due.read();
    due.clear();
    if (now == null) {
      return;
    }
    DetectChanges.Context model = contexts.get().find(version.model()).orElse(null);
    if (model == null) { // it has left
      waiting.clear();
      detectors.clear();
      return;
    }
    WindowTiming times = times(model);
    TreeMap<Long, OutcomeLog> windows = byWindow(times.window(), waiting);
    waiting.clear();
    DetectorState state = detectors.read();
    long passed = state == null ? Long.MIN_VALUE : WindowSpec.micros(state.getAt());
    Iterator<Map.Entry<Long, OutcomeLog>> each = windows.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Long, OutcomeLog> window = each.next();
      if (times.settles(window.getKey()) > now) {
        break;
      }
      each.remove();
      if (window.getKey() < passed) {
        late.inc(version.model(), window.getValue().size());
        continue;
      }
      state = show(model, version, window.getKey(), window.getValue(), state, out);
    }
    if (state != null) {
      detectors.write(state);
    }
    for (OutcomeLog rest : windows.values()) {
      waiting.add(MergeStates.pack(new OutcomeLogCoder(), rest));
    }
    if (!windows.isEmpty()) {
      wake(times.settles(windows.firstKey()), due, settled);
    }
  }

  private static TreeMap<Long, OutcomeLog> byWindow(WindowSpec window, BagState<byte[]> waiting)
      throws IOException {
    TreeMap<Long, OutcomeLog> windows = new TreeMap<>();
    for (byte[] packed : waiting.read()) {
      OutcomeLog log = MergeStates.unpack(new OutcomeLogCoder(), packed);
      for (int i = 0; i < log.size(); i++) {
        long start = window.startOf(log.labelTime(i));
        windows.computeIfAbsent(start, key -> new OutcomeLog()).add(log, i);
      }
    }
    return windows;
  }

  private DetectorState show(
      DetectChanges.Context model,
      ModelVersion version,
      long windowStart,
      OutcomeLog log,
      DetectorState before,
      OutputReceiver<WindowRevision<List<Finding>>> out)
      throws IOException {
    RunDetectors show = model.show();
    if (before == null) { // an earlier run may have left one
      before = model.states().latest(version.version(), windowStart).orElse(null);
    }
    long next = before == null ? 0 : before.getOutcomes();
    List<DetectorRun> watches =
        show.watches(before == null ? List.<OneDetector>of() : before.getDetectors(), next);
    List<Finding> findings = new ArrayList<>();
    next = show.show(log, version.version(), watches, next, null, findings::add);
    DetectorState after =
        show.state(version.version(), watches, next, times(model).window().endOf(windowStart));
    model.states().write(after);
    shown.inc(version.model(), log.size());
    out.output(new WindowRevision<>(version.window(windowStart), log.size(), true, findings));
    return after;
  }
}
