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
 * event time has gone on by a month after it was closed, and then for an hour on the wall clock
 * after it was last told of: where a topic gets quiet, event time goes on by years at once, and
 * stages are still on their way. What would be told of it then counts anew.
 */
final class CountWindowsFn
    extends DoFn<KV<WindowKey, KV<KV<String, String>, WindowTold>>, KV<String, RunAccount>> {
  private static final long serialVersionUID = 1;
  private static final Instant NOBODY_WAITS = GlobalWindow.INSTANCE.maxTimestamp();
  private static final Duration REMEMBERED = Duration.standardDays(30);
  private static final Duration ON_THEIR_WAY = Duration.standardHours(1);

  /** What counts, by who told it. */
  @StateId("told")
  private final StateSpec<MapState<KV<String, String>, WindowTold>> toldSpec =
      StateSpecs.map(WindowTold.TELLER, new WindowTold.ToldCoder());

  /** Whether it was closed a month ago. */
  @StateId("closed")
  private final StateSpec<ValueState<Boolean>> closedSpec = StateSpecs.value(BooleanCoder.of());

  @TimerId("forget")
  private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("gone")
  private final TimerSpec goneSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final Fleet<WindowTiming> times;

  CountWindowsFn(Fleet<WindowTiming> times) {
    this.times = times;
  }

  @ProcessElement
  public void process(
      @Element KV<WindowKey, KV<KV<String, String>, WindowTold>> element,
      @StateId("told") MapState<KV<String, String>, WindowTold> told,
      @StateId("closed") ValueState<Boolean> closed,
      @TimerId("forget") Timer forget,
      @TimerId("gone") Timer gone,
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
    boolean first = ofLog(teller, now) && !isOfLog(told);
    if (Boolean.TRUE.equals(told.isEmpty().read())) {
      set(forget.withOutputTimestamp(NOBODY_WAITS), own.closes(window.start()));
    }
    if (closed.read() != null) {
      gone.withOutputTimestamp(NOBODY_WAITS).offset(ON_THEIR_WAY).setRelative();
    }
    told.put(teller, now);
    RunAccount more = RunAccount.ofFindings(first ? 1 : 0, 0, 0).plus(now.since(before));
    out.output(KV.of(window.model(), more));
  }

  /** Every window of the log has findings of drift; those of labels may lie beyond it. */
  private static boolean ofLog(KV<String, String> teller, WindowTold told) {
    return teller.getKey().equals(WindowTold.DRIFT) && told.comparisons() > 0;
  }

  private static boolean isOfLog(MapState<KV<String, String>, WindowTold> told) {
    for (Map.Entry<KV<String, String>, WindowTold> each : told.entries().read()) {
      if (ofLog(each.getKey(), each.getValue())) {
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

  @OnTimer("forget")
  public void forget(@StateId("closed") ValueState<Boolean> closed, @TimerId("gone") Timer gone) {
    closed.write(true);
    gone.withOutputTimestamp(NOBODY_WAITS).offset(ON_THEIR_WAY).setRelative();
  }

  @OnTimer("gone")
  public void gone(
      @StateId("told") MapState<KV<String, String>, WindowTold> told,
      @StateId("closed") ValueState<Boolean> closed) {
    told.clear();
    closed.clear();
  }
}
