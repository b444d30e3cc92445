package io.tidemark.detectors;

import io.tidemark.event.Broadcast;
import io.tidemark.event.MergeStates;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.DetectorState;
import io.tidemark.schema.Finding;
import io.tidemark.schema.OneDetector;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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
 * {@link DetectChanges} of a stream. Outcomes wait until none that comes before them is still to
 * come, which is when the watermark has passed their window and the allowed lateness; the
 * detectors' states are kept with the job, and after each window below the output as well. An
 * outcome that comes later still is counted and not shown: its turn has passed.
 *
 * <p>Emits a window's findings when it is settled.
 */
final class RunSettledFn extends DoFn<KV<String, byte[]>, WindowRevision<List<Finding>>> {
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

  private final Counter shown = StreamMetric.OUTCOMES_SHOWN.counter();
  private final Counter late = StreamMetric.OUTCOMES_LATE.counter();

  private final Broadcast<DetectChanges.Context> context;
  private final WindowTiming times;

  RunSettledFn(Broadcast<DetectChanges.Context> context, WindowSpec window) {
    this.context = context;
    this.times = WindowTiming.withoutLabels(window);
  }

  @StartBundle
  public void start() {
    late.inc(0); // known from the start, so that the first is seen as a rise from 0
  }

  @ProcessElement
  public void process(
      @Element KV<String, byte[]> outcomes,
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
      @Key String version,
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
    TreeMap<Long, OutcomeLog> windows = byWindow(waiting);
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
        late.inc(window.getValue().size());
        continue;
      }
      state = show(version, window.getKey(), window.getValue(), state, out);
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

  private TreeMap<Long, OutcomeLog> byWindow(BagState<byte[]> waiting) throws IOException {
    TreeMap<Long, OutcomeLog> windows = new TreeMap<>();
    for (byte[] packed : waiting.read()) {
      OutcomeLog log = MergeStates.unpack(new OutcomeLogCoder(), packed);
      for (int i = 0; i < log.size(); i++) {
        long start = times.window().startOf(log.labelTime(i));
        windows.computeIfAbsent(start, key -> new OutcomeLog()).add(log, i);
      }
    }
    return windows;
  }

  private DetectorState show(
      String version,
      long windowStart,
      OutcomeLog log,
      DetectorState before,
      OutputReceiver<WindowRevision<List<Finding>>> out)
      throws IOException {
    RunDetectors show = context.get().show();
    if (before == null) { // an earlier run may have left one
      before = context.get().states().latest(version, windowStart).orElse(null);
    }
    long next = before == null ? 0 : before.getOutcomes();
    List<DetectorRun> watches =
        show.watches(before == null ? List.<OneDetector>of() : before.getDetectors(), next);
    List<Finding> findings = new ArrayList<>();
    next = show.show(log, version, watches, next, null, findings::add);
    DetectorState after = show.state(version, watches, next, times.window().endOf(windowStart));
    context.get().states().write(after);
    shown.inc(log.size());
    out.output(
        new WindowRevision<>(new WindowKey(version, windowStart), log.size(), true, findings));
    return after;
  }
}
