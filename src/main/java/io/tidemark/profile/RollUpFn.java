package io.tidemark.profile;

import io.tidemark.event.MergeStates;
import io.tidemark.event.StreamTimes;
import io.tidemark.event.WindowPhase;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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
 * {@link RollUpWindows} of a stream: a longer window is passed on when it ends, and again when one
 * of its windows has changed.
 */
final class RollUpFn
    extends DoFn<KV<WindowKey, WindowRevision<byte[]>>, WindowRevision<WindowProfile>> {
  private static final long serialVersionUID = 1;

  @StateId("windows")
  private final StateSpec<MapState<Long, WindowRevision<byte[]>>> windowsSpec =
      StateSpecs.map(VarLongCoder.of(), WindowRevision.coder(ByteArrayCoder.of()));

  @StateId("phase")
  private final StateSpec<ValueState<Integer>> phaseSpec = StateSpecs.value(VarIntCoder.of());

  @TimerId("window")
  private final TimerSpec windowSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("revise")
  private final TimerSpec reviseSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final RollUpWindows.Rule rule;
  private final WindowProfileCoder coder;
  private final StreamTimes times;

  RollUpFn(RollUpWindows.Rule rule, WindowProfileCoder coder) {
    this.rule = rule;
    this.coder = coder;
    this.times = StreamTimes.withoutLabels(rule.horizon());
  }

  @ProcessElement
  public void process(
      @Element KV<WindowKey, WindowRevision<byte[]>> part,
      @StateId("windows") MapState<Long, WindowRevision<byte[]>> windows,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      @TimerId("revise") Timer revise) {
    WindowRevision<byte[]> profile = part.getValue();
    long start = profile.window().start();
    WindowRevision<byte[]> before = windows.get(start).read();
    // A window that is filled in may come after its first rows.
    if (before == null || before.revision() <= profile.revision()) {
      windows.put(start, profile);
      WindowPhase.of(phase).element(phase, times, part.getKey().start(), windowTimer, revise);
    }
  }

  @OnTimer("window")
  public void windowTimer(
      @Key WindowKey key,
      @StateId("windows") MapState<Long, WindowRevision<byte[]>> windows,
      @StateId("phase") ValueState<Integer> phase,
      @TimerId("window") Timer windowTimer,
      OutputReceiver<WindowRevision<WindowProfile>> out)
      throws IOException {
    WindowPhase now = WindowPhase.of(phase);
    boolean complete = now.outputs() && passOn(key, windows, out);
    if (now.ends(phase, times, key.start(), windowTimer)) {
      end(complete || complete(key.start(), windows), windows, phase);
    }
  }

  @OnTimer("revise")
  public void revise(
      @Key WindowKey key,
      @StateId("windows") MapState<Long, WindowRevision<byte[]>> windows,
      @StateId("phase") ValueState<Integer> phase,
      OutputReceiver<WindowRevision<WindowProfile>> out)
      throws IOException {
    WindowPhase now = WindowPhase.of(phase);
    if (now.revises(phase)) {
      passOn(key, windows, out);
    } else if (now.revisesClosed()) {
      end(passOn(key, windows, out), windows, phase);
    }
  }

  /**
   * Windows that had no rows are filled in once a later one has some, which may be long after the
   * horizon's window has closed, and a last window is complete once there is a later one: what has
   * gaps waits for that.
   */
  private static void end(
      boolean complete, MapState<Long, WindowRevision<byte[]>> windows, ValueState<Integer> phase) {
    if (complete) {
      windows.clear();
      phase.clear();
    } else {
      WindowPhase.lingers(phase);
    }
  }

  private boolean complete(long start, MapState<Long, WindowRevision<byte[]>> windows) {
    int complete = 0;
    for (WindowRevision<byte[]> each : windows.values().read()) {
      complete += each.complete() ? 1 : 0;
    }
    return complete == rule.windowsOf(start);
  }

  /** Whether that is final: all windows were there, and complete. */
  private boolean passOn(
      WindowKey key,
      MapState<Long, WindowRevision<byte[]>> windows,
      OutputReceiver<WindowRevision<WindowProfile>> out)
      throws IOException {
    TreeMap<Long, byte[]> inOrder = new TreeMap<>();
    for (Map.Entry<Long, WindowRevision<byte[]>> each : windows.entries().read()) {
      inOrder.put(each.getKey(), each.getValue().content());
    }
    RollUpWindows.Merged merged = new RollUpWindows.Merged();
    for (byte[] packed : inOrder.values()) {
      merged.add(MergeStates.unpack(coder, packed));
    }
    boolean complete = complete(key.start(), windows);
    out.output(merged.as(key, complete));
    return complete;
  }
}
