package io.tidemark.drift;

import io.tidemark.event.Moment;
import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.coders.KvCoder;
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
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * {@link RequirePersistence} of a stream: a model version's windows, the latest revision of each,
 * judged again when one of those that they look back at has changed.
 */
final class LookBackFn
    extends DoFn<KV<String, WindowRevision<List<Comparison>>>, WindowRevision<List<Comparison>>> {
  private static final long serialVersionUID = 1;

  /** Windows that end together come in any order. */
  private static final Duration MOMENT = Duration.millis(500);

  /** After so many windows no gap is filled in any more. */
  private static final int LONGEST_GAP = 1000;

  @StateId("windows")
  private final StateSpec<MapState<Long, WindowRevision<List<Comparison>>>> windowsSpec =
      StateSpecs.map(VarLongCoder.of(), Comparison.ofWindow());

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

  private final PersistenceRule rule;

  private LookBackFn(PersistenceRule rule) {
    this.rule = rule;
  }

  static PCollection<WindowRevision<List<Comparison>>> apply(
      PCollection<WindowRevision<List<Comparison>>> windows, PersistenceRule rule) {
    return windows
        .apply(
            "NameVersion",
            WithKeys.<String, WindowRevision<List<Comparison>>>of(
                    window -> window.window().version())
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), windows.getCoder()))
        .apply("LookBack", ParDo.of(new LookBackFn(rule)))
        .setCoder(windows.getCoder());
  }

  @ProcessElement
  public void process(
      @Element KV<String, WindowRevision<List<Comparison>>> element,
      @StateId("windows") MapState<Long, WindowRevision<List<Comparison>>> windows,
      @StateId("came") BagState<Long> came,
      @StateId("held") ValueState<Instant> hold,
      @Timestamp Instant at,
      @TimerId("moment") Timer moment) {
    WindowRevision<List<Comparison>> found = element.getValue();
    long start = found.window().start();
    WindowRevision<List<Comparison>> before = windows.get(start).read();
    // A window that is filled in may come after its first rows.
    if (before == null || before.revision() <= found.revision()) {
      windows.put(start, found);
      came.add(start);
      Moment.element(hold, at, moment, MOMENT);
    }
  }

  @OnTimer("moment")
  public void moment(
      @StateId("windows") MapState<Long, WindowRevision<List<Comparison>>> windows,
      @StateId("came") BagState<Long> came,
      @StateId("held") ValueState<Instant> hold,
      @StateId("passed") ValueState<Long> passed,
      @TimerId("closed") Timer closed,
      OutputReceiver<WindowRevision<List<Comparison>>> out)
      throws IOException {
    TreeMap<Long, WindowRevision<List<Comparison>>> held = new TreeMap<>();
    TreeMap<Long, Set<String>> exceeded = new TreeMap<>();
    for (Map.Entry<Long, WindowRevision<List<Comparison>>> each : windows.entries().read()) {
      held.put(each.getKey(), each.getValue());
      exceeded.put(each.getKey(), PersistenceRule.exceeded(each.getValue().content()));
    }
    TreeSet<Long> changed = new TreeSet<>();
    for (long start : came.read()) {
      long end = start;
      for (int ahead = 0; ahead < rule.windows(); ahead++) {
        changed.add(end);
        end = rule.window().endOf(end);
      }
    }
    changed.retainAll(held.keySet());
    for (long start : changed) {
      WindowRevision<List<Comparison>> found = held.get(start);
      out.output(
          found.with(
              rule.judge(
                  found.content(),
                  start,
                  (at, series) -> exceeded.getOrDefault(at, Set.of()).contains(series))));
    }
    came.clear();
    hold.clear();
    settle(windows, held, passed.read(), closed);
  }

  @OnTimer("closed")
  public void closed(
      OnTimerContext context,
      @StateId("windows") MapState<Long, WindowRevision<List<Comparison>>> windows,
      @StateId("came") BagState<Long> came,
      @StateId("passed") ValueState<Long> passed,
      @TimerId("closed") Timer closed) {
    long now = context.fireTimestamp().getMillis() * 1000;
    passed.write(now);
    if (came.isEmpty().read()) { // else what came is judged first, in a moment
      TreeMap<Long, WindowRevision<List<Comparison>>> held = new TreeMap<>();
      windows.entries().read().forEach(each -> held.put(each.getKey(), each.getValue()));
      settle(windows, held, now, closed);
    }
  }

  /** Lets go of what is settled, and wakes when the next window may be. */
  private void settle(
      MapState<Long, WindowRevision<List<Comparison>>> windows,
      TreeMap<Long, WindowRevision<List<Comparison>>> held,
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
    for (int ahead = 1; ahead < rule.windows(); ahead++) {
      last = rule.window().endOf(last);
    }
    return rule.window().endOf(last) + rule.window().allowedLateness().toNanos() / 1000;
  }

  /**
   * Windows that no other will look back at, and that will not be judged again: all that would look
   * back are there, and event time says that they, and so those before, are closed. That a later
   * window has come does not: windows that end together come in any order, and on a busy machine
   * far apart. Where one is missing, it may still be filled in.
   */
  private TreeSet<Long> settled(TreeMap<Long, WindowRevision<List<Comparison>>> held, long now) {
    TreeSet<Long> settled = new TreeSet<>();
    if (held.isEmpty()) {
      return settled;
    }
    WindowSpec window = rule.window();
    TreeSet<Long> recent = new TreeSet<>();
    long start = held.lastKey();
    for (int back = 0; back < LONGEST_GAP + rule.windows(); back++) {
      recent.add(start);
      start = window.startOf(start - 1);
    }
    for (long each : held.keySet()) {
      boolean there = true;
      long ahead = each;
      for (int i = 1; i < rule.windows(); i++) {
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
