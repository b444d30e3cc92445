package io.tidemark.drift;

import io.tidemark.event.Moment;
import io.tidemark.event.StreamTimes;
import io.tidemark.profile.WindowKey;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.WindowSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * {@link ApplyPersistence} of a stream: lets a window's findings ring only where k of the last n
 * windows exceeded. A window is judged again when it or one of those that it looks back at has
 * changed. Takes and gives windows whole, with the rows behind them.
 */
final class LookBack
    extends PTransform<
        PCollection<KV<WindowKey, KV<Long, List<Comparison>>>>,
        PCollection<KV<WindowKey, KV<Long, List<Comparison>>>>> {
  private static final long serialVersionUID = 1;

  static final KvCoder<Long, List<Comparison>> FOUND =
      KvCoder.of(VarLongCoder.of(), ListCoder.of(new Comparison.ComparisonCoder()));

  private final DriftSpec.Persistence rule;
  private final WindowSpec window;

  LookBack(DriftSpec.Persistence rule, WindowSpec window) {
    this.rule = rule;
    this.window = window;
  }

  @Override
  public PCollection<KV<WindowKey, KV<Long, List<Comparison>>>> expand(
      PCollection<KV<WindowKey, KV<Long, List<Comparison>>>> windows) {
    return windows
        .apply("ByVersion", ParDo.of(new ByVersionFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), KvCoder.of(VarLongCoder.of(), FOUND)))
        .apply("LookBackAtWindows", ParDo.of(new LookBackFn(rule, window)))
        .setCoder(KvCoder.of(new WindowKey.KeyCoder(), FOUND));
  }

  private static final class ByVersionFn
      extends DoFn<
          KV<WindowKey, KV<Long, List<Comparison>>>,
          KV<String, KV<Long, KV<Long, List<Comparison>>>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Long, List<Comparison>>> window,
        OutputReceiver<KV<String, KV<Long, KV<Long, List<Comparison>>>>> out) {
      WindowKey key = window.getKey();
      out.output(KV.of(key.version(), KV.of(key.start(), window.getValue())));
    }
  }

  private static final class LookBackFn
      extends DoFn<
          KV<String, KV<Long, KV<Long, List<Comparison>>>>,
          KV<WindowKey, KV<Long, List<Comparison>>>> {
    private static final long serialVersionUID = 1;

    /** Windows that end together come in any order. */
    private static final Duration MOMENT = Duration.millis(500);

    /** After so many windows no gap is filled in any more. */
    private static final int LONGEST_GAP = 1000;

    @StateId("windows")
    private final StateSpec<MapState<Long, KV<Long, List<Comparison>>>> windowsSpec =
        StateSpecs.map(VarLongCoder.of(), FOUND);

    @StateId("came")
    private final StateSpec<BagState<Long>> cameSpec = StateSpecs.bag(VarLongCoder.of());

    @StateId("held")
    private final StateSpec<ValueState<Instant>> heldSpec = StateSpecs.value(InstantCoder.of());

    /** Up to where event time is known to have come, in microseconds. */
    @StateId("passed")
    private final StateSpec<ValueState<Long>> passedSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("moment")
    private final TimerSpec momentSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    @TimerId("closed")
    private final TimerSpec closedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final DriftSpec.Persistence rule;
    private final WindowSpec window;

    LookBackFn(DriftSpec.Persistence rule, WindowSpec window) {
      this.rule = rule;
      this.window = window;
    }

    @ProcessElement
    public void process(
        @Element KV<String, KV<Long, KV<Long, List<Comparison>>>> found,
        @StateId("windows") MapState<Long, KV<Long, List<Comparison>>> windows,
        @StateId("came") BagState<Long> came,
        @StateId("held") ValueState<Instant> hold,
        @Timestamp Instant at,
        @TimerId("moment") Timer moment) {
      long start = found.getValue().getKey();
      KV<Long, List<Comparison>> before = windows.get(start).read();
      // A window that is filled in may come after its first rows.
      if (before == null || before.getKey() <= found.getValue().getValue().getKey()) {
        windows.put(start, found.getValue().getValue());
        came.add(start);
        Moment.element(hold, at, moment, MOMENT);
      }
    }

    @OnTimer("moment")
    public void moment(
        @Key String version,
        @StateId("windows") MapState<Long, KV<Long, List<Comparison>>> windows,
        @StateId("came") BagState<Long> came,
        @StateId("held") ValueState<Instant> hold,
        @StateId("passed") ValueState<Long> passed,
        @TimerId("closed") Timer closed,
        OutputReceiver<KV<WindowKey, KV<Long, List<Comparison>>>> out) {
      TreeMap<Long, KV<Long, List<Comparison>>> held = new TreeMap<>();
      TreeMap<Long, Set<String>> exceeded = new TreeMap<>();
      for (Map.Entry<Long, KV<Long, List<Comparison>>> each : windows.entries().read()) {
        held.put(each.getKey(), each.getValue());
        exceeded.put(each.getKey(), exceeded(each.getValue().getValue()));
      }
      TreeSet<Long> changed = new TreeSet<>();
      for (long start : came.read()) {
        long end = start;
        for (int ahead = 0; ahead < rule.of(); ahead++) {
          changed.add(end);
          end = window.endOf(end);
        }
      }
      changed.retainAll(held.keySet());
      for (long start : changed) {
        KV<Long, List<Comparison>> found = held.get(start);
        List<Comparison> judged =
            found.getValue().stream().map(each -> judge(each, start, exceeded)).toList();
        out.output(KV.of(new WindowKey(version, start), KV.of(found.getKey(), judged)));
      }
      came.clear();
      hold.clear();
      settle(windows, held, passed.read(), closed);
    }

    @OnTimer("closed")
    public void closed(
        OnTimerContext context,
        @StateId("windows") MapState<Long, KV<Long, List<Comparison>>> windows,
        @StateId("came") BagState<Long> came,
        @StateId("passed") ValueState<Long> passed,
        @TimerId("closed") Timer closed) {
      long now = context.fireTimestamp().getMillis() * 1000;
      passed.write(now);
      if (came.isEmpty().read()) { // else what came is judged first, in a moment
        TreeMap<Long, KV<Long, List<Comparison>>> held = new TreeMap<>();
        windows.entries().read().forEach(each -> held.put(each.getKey(), each.getValue()));
        settle(windows, held, now, closed);
      }
    }

    /** Lets go of what is settled, and wakes when the next window may be. */
    private void settle(
        MapState<Long, KV<Long, List<Comparison>>> windows,
        TreeMap<Long, KV<Long, List<Comparison>>> held,
        Long passed,
        Timer closed) {
      long now = passed == null ? Long.MIN_VALUE : passed;
      settled(held, now).forEach(windows::remove);
      held.keySet().stream()
          .mapToLong(this::closes)
          .filter(each -> each > now)
          .min()
          .ifPresent(each -> closed.set(StreamTimes.timer(each)));
    }

    /** When nothing more can change the last window that looks back at one. */
    private long closes(long start) {
      long last = start;
      for (int ahead = 1; ahead < rule.of(); ahead++) {
        last = window.endOf(last);
      }
      return window.endOf(last) + window.allowedLateness().toNanos() / 1000;
    }

    private static Set<String> exceeded(List<Comparison> found) {
      Set<String> series = new HashSet<>();
      for (Comparison each : found) {
        if (each.finding().getExceeded()) {
          series.add(Series.of(each.finding()));
        }
      }
      return series;
    }

    private Comparison judge(Comparison comparison, long last, Map<Long, Set<String>> exceeded) {
      if (!comparison.finding().getExceeded()) {
        return comparison;
      }
      String series = Series.of(comparison.finding());
      int count = 0;
      long start = last;
      for (int back = 0; back < rule.of(); back++) {
        count += exceeded.getOrDefault(start, Set.of()).contains(series) ? 1 : 0;
        start = window.startOf(start - 1);
      }
      return PersistenceFn.judge(comparison, count, rule);
    }

    /**
     * Windows that no other will look back at, and that will not be judged again: all that would
     * look back are there, and event time says that they, and so those before, are closed. That a
     * later window has come does not: windows that end together come in any order, and on a busy
     * machine far apart. Where one is missing, it may still be filled in.
     */
    private TreeSet<Long> settled(TreeMap<Long, KV<Long, List<Comparison>>> held, long now) {
      TreeSet<Long> settled = new TreeSet<>();
      if (held.isEmpty()) {
        return settled;
      }
      TreeSet<Long> recent = new TreeSet<>();
      long start = held.lastKey();
      for (int back = 0; back < LONGEST_GAP + rule.of(); back++) {
        recent.add(start);
        start = window.startOf(start - 1);
      }
      for (long each : held.keySet()) {
        boolean there = true;
        long ahead = each;
        for (int i = 1; i < rule.of(); i++) {
          ahead = window.endOf(ahead);
          there &= held.containsKey(ahead);
        }
        if (there && closes(each) <= now || !recent.contains(each)) {
          settled.add(each);
        }
      }
      return settled;
    }
  }
}
