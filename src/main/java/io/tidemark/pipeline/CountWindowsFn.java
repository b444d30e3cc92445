package io.tidemark.pipeline;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import java.util.Map;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Turns what stages tell of windows, again and again, into what each telling adds to an account: of
 * each stage and model version the latest revision counts. Stages come to a window far apart, and a
 * window may be told of once more when rows come after a long silence, so it is remembered until
 * event time has gone on by two months after it was closed; what would be told of it then counts
 * anew.
 */
final class CountWindowsFn
    extends DoFn<KV<WindowKey, KV<KV<String, String>, WindowTold>>, KV<String, RunAccount>> {
  private static final long serialVersionUID = 1;
  private static final Instant NOBODY_WAITS = GlobalWindow.INSTANCE.maxTimestamp();
  private static final Duration REMEMBERED = Duration.standardDays(30);

  /** What counts, by who told it. */
  @StateId("told")
  private final StateSpec<MapState<KV<String, String>, WindowTold>> toldSpec =
      StateSpecs.map(WindowTold.TELLER, new WindowTold.ToldCoder());

  /** Whether it was closed a month ago. */
  @StateId("closed")
  private final StateSpec<ValueState<Boolean>> closedSpec = StateSpecs.value(BooleanCoder.of());

  @TimerId("forget")
  private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Fleet<WindowTiming> times;

  CountWindowsFn(Fleet<WindowTiming> times) {
    this.times = times;
  }

  @ProcessElement
  public void process(
      @Element KV<WindowKey, KV<KV<String, String>, WindowTold>> element,
      @StateId("told") MapState<KV<String, String>, WindowTold> told,
      @TimerId("forget") Timer forget,
      OutputReceiver<KV<String, RunAccount>> out) {
    WindowKey window = element.getKey();
    KV<String, String> teller = element.getValue().getKey();
    WindowTold now = element.getValue().getValue();
    WindowTiming own = times.find(window.model()).orElse(null);
    if (own == null) {
      return; // it has left
    }
    WindowTold known = told.get(teller).read();
    WindowTold before = known == null ? WindowTold.NOTHING : known;
    if (now.revision() < before.revision()) {
      return; // written again after a failure
    }
    boolean first = now.comparisons() > 0 && !hasFindings(told);
    if (Boolean.TRUE.equals(told.isEmpty().read())) {
      set(forget.withOutputTimestamp(NOBODY_WAITS), own.closes(window.start()));
    }
    told.put(teller, now);
    RunAccount more = RunAccount.ofFindings(first ? 1 : 0, 0, 0).plus(now.since(before));
    out.output(KV.of(window.model(), more));
  }

  private static boolean hasFindings(MapState<KV<String, String>, WindowTold> told) {
    for (Map.Entry<KV<String, String>, WindowTold> each : told.entries().read()) {
      if (each.getValue().comparisons() > 0) {
        return true;
      }
    }
    return false;
  }

  private static void set(Timer forget, Instant closed) {
    Instant last = GlobalWindow.INSTANCE.maxTimestamp();
    boolean ever = closed.isBefore(last.minus(REMEMBERED));
    forget.set(ever ? closed.plus(REMEMBERED) : last);
  }

  /**
   * A window without rows may be told of when it has been closed for long: once more, from then.
   */
  @OnTimer("forget")
  public void forget(
      @StateId("told") MapState<KV<String, String>, WindowTold> told,
      @StateId("closed") ValueState<Boolean> closed,
      @TimerId("forget") Timer forget) {
    if (closed.read() == null) {
      closed.write(true);
      forget.withOutputTimestamp(NOBODY_WAITS).offset(REMEMBERED).setRelative();
    } else {
      told.clear();
      closed.clear();
    }
  }
}
