package io.tidemark.profile;

import io.tidemark.event.WallClock;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.KvCoder;
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
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * {@link AddEmptyWindows} of a stream: gaps between windows with rows, once event time has passed
 * the window after the gap, so that none that ended before it is still to come. And, for rows
 * without a version, the windows after the last row as time passes them. That is done only while
 * rows come in step with the wall clock, and up to it: the end of a log that is read again is not a
 * model's silence, nor is the future to which a job that is drained sets event time. Of bounds that
 * were asked for the windows before the first row, and once time has passed the upper one those
 * after the last, had none.
 */
final class EmptyOfStreamFn extends DoFn<KV<ModelVersion, Long>, KV<WindowKey, WindowProfile>> {
  private static final long serialVersionUID = 1;

  /** So long after its end a window without rows is silent, for the clocks of machines differ. */
  private static final Duration GRACE = Duration.standardSeconds(1);

  /** Windows that came, each with its element's time in milliseconds. */
  @StateId("seen")
  private final StateSpec<BagState<KV<Long, Long>>> seenSpec =
      StateSpecs.bag(KvCoder.of(VarLongCoder.of(), VarLongCoder.of()));

  /** The earliest of these times. */
  @StateId("first")
  private final StateSpec<ValueState<Long>> firstSpec = StateSpecs.value(VarLongCoder.of());

  /** The latest window with rows, or filled. */
  @StateId("last")
  private final StateSpec<ValueState<Long>> lastSpec = StateSpecs.value(VarLongCoder.of());

  /** Wall clock when it came, microseconds. */
  @StateId("came")
  private final StateSpec<ValueState<Long>> cameSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("passed")
  private final TimerSpec passedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  /** Event time has passed the upper bound. */
  @TimerId("bound")
  private final TimerSpec boundSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("silence")
  private final TimerSpec silenceSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Broadcast<Fleet<AddEmptyWindows.Gaps>> gaps;
  private final Broadcast<ProfileLayouts> layouts;
  private final WallClock clock;

  EmptyOfStreamFn(
      Broadcast<Fleet<AddEmptyWindows.Gaps>> gaps,
      Broadcast<ProfileLayouts> layouts,
      WallClock clock) {
    this.gaps = gaps;
    this.layouts = layouts;
    this.clock = clock;
  }

  @ProcessElement
  public void process(
      @Element KV<ModelVersion, Long> present,
      @StateId("seen") BagState<KV<Long, Long>> seen,
      @StateId("first") ValueState<Long> first,
      @Timestamp Instant at,
      @TimerId("passed") Timer passed) {
    seen.add(KV.of(present.getValue(), at.getMillis()));
    Long before = first.read();
    if (before == null || at.getMillis() < before) {
      first.write(at.getMillis());
      passed.set(at);
    }
  }

  @OnTimer("passed")
  public void passed(
      OnTimerContext context,
      @Key ModelVersion version,
      @StateId("seen") BagState<KV<Long, Long>> seen,
      @StateId("first") ValueState<Long> first,
      @StateId("last") ValueState<Long> last,
      @StateId("came") ValueState<Long> came,
      @TimerId("passed") Timer passed,
      @TimerId("bound") Timer bound,
      @TimerId("silence") Timer silence,
      OutputReceiver<KV<WindowKey, WindowProfile>> out) {
    AddEmptyWindows.Gaps own = gaps.get().find(version.model()).orElse(null);
    if (own == null) { // the model has left
      seen.clear();
      first.clear();
      last.clear();
      came.clear();
      return;
    }
    long now = context.fireTimestamp().getMillis();
    TreeSet<Long> starts = new TreeSet<>();
    List<KV<Long, Long>> rest = new ArrayList<>();
    LongSummaryStatistics times = new LongSummaryStatistics();
    for (KV<Long, Long> each : seen.read()) {
      if (each.getValue() <= now) {
        starts.add(each.getKey());
      } else {
        rest.add(each);
        times.accept(each.getValue());
      }
    }
    seen.clear();
    first.clear();
    if (!rest.isEmpty()) {
      rest.forEach(seen::add);
      first.write(times.getMin());
      // At once, for they may be many; and event time is held for the first of them.
      passed.withOutputTimestamp(new Instant(times.getMin())).set(new Instant(times.getMax()));
    }
    Long before = last.read();
    for (long start : starts) {
      if (before == null && own.from() != Long.MIN_VALUE) {
        before = own.window().startOf(own.from());
        if (before < start) {
          emit(version, before, out);
        }
      }
      if (before != null) {
        fill(own, version, before, start, out);
      }
      before = before == null ? start : Long.valueOf(Math.max(before, start));
    }
    if (own.to() != Long.MAX_VALUE) {
      bound.set(timer(own.to()));
    }
    if (before != null && !before.equals(last.read())) {
      remember(own, before, last, came, silence);
    } else if (before != null) {
      arm(own, before, silence);
    }
  }

  private void remember(
      AddEmptyWindows.Gaps own,
      long start,
      ValueState<Long> last,
      ValueState<Long> came,
      Timer silence) {
    last.write(start);
    came.write(clock.micros());
    arm(own, start, silence);
  }

  private static void arm(AddEmptyWindows.Gaps own, long start, Timer silence) {
    WindowSpec window = own.window();
    long next = window.endOf(start);
    if (!own.versions() && next < own.to()) {
      silence.set(timer(window.endOf(next)));
    }
  }

  private static Instant timer(long end) {
    return new Instant(Math.floorDiv(end + 999, 1000)).plus(GRACE);
  }

  @OnTimer("bound")
  public void bound(
      @Key ModelVersion version,
      @StateId("last") ValueState<Long> last,
      OutputReceiver<KV<WindowKey, WindowProfile>> out) {
    AddEmptyWindows.Gaps own = gaps.get().find(version.model()).orElse(null);
    Long before = last.read();
    if (own != null && before != null && own.to() <= clock.micros()) {
      fill(own, version, before, own.to(), out);
      last.write(own.window().startOf(own.to() - 1));
    }
  }

  /** Windows between two. */
  private void fill(
      AddEmptyWindows.Gaps own,
      ModelVersion version,
      long before,
      long start,
      OutputReceiver<KV<WindowKey, WindowProfile>> out) {
    AddEmptyWindows.gap(own.window(), before, start, own.longest())
        .forEach(empty -> emit(version, empty, out));
  }

  @OnTimer("silence")
  public void silence(
      @Key ModelVersion version,
      @StateId("seen") BagState<KV<Long, Long>> seen,
      @StateId("last") ValueState<Long> last,
      @StateId("came") ValueState<Long> came,
      @TimerId("silence") Timer silence,
      OutputReceiver<KV<WindowKey, WindowProfile>> out) {
    if (!seen.isEmpty().read()) {
      return; // rows have come, and gaps before them are found when event time has passed them
    }
    Long before = last.read();
    Long at = came.read();
    if (before == null || at == null) {
      return;
    }
    AddEmptyWindows.Gaps own = gaps.get().find(version.model()).orElse(null);
    if (own == null) {
      last.clear();
      came.clear();
      return;
    }
    long next = own.window().endOf(before);
    long end = own.window().endOf(next);
    if (at < end && end <= clock.micros()) {
      emit(version, next, out);
      remember(own, next, last, came, silence);
    }
  }

  private void emit(
      ModelVersion version, long start, OutputReceiver<KV<WindowKey, WindowProfile>> out) {
    WindowKey key = version.window(start);
    out.output(KV.of(key, new WindowProfile(layouts.get().of(key))));
  }
}
