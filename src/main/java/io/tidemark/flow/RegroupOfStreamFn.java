package io.tidemark.flow;

import java.io.IOException;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.InstantCoder;
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
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * {@link RegroupRevisions} of a stream. What changes under a key is put together for a moment, for
 * windows that end together come in any order, and then judged; before the key opens it is kept
 * until event time comes there. Windows are let go when event time has settled them: that a later
 * one has come says nothing, on a busy machine they come far apart.
 */
final class RegroupOfStreamFn<K, T, U> extends DoFn<KV<K, WindowRevision<T>>, WindowRevision<U>> {
  private static final long serialVersionUID = 1;
  private static final Duration MOMENT = Duration.millis(500);

  @StateId("windows")
  private final StateSpec<MapState<WindowKey, WindowRevision<T>>> windowsSpec;

  @StateId("changed")
  private final StateSpec<BagState<WindowKey>> changedSpec =
      StateSpecs.bag(new WindowKey.KeyCoder());

  /** Event time at which the key is held for what has changed. */
  @StateId("held")
  private final StateSpec<ValueState<Instant>> heldSpec = StateSpecs.value(InstantCoder.of());

  /** Up to where event time is known to have come, microseconds. */
  @StateId("passed")
  private final StateSpec<ValueState<Long>> passedSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("moment")
  private final TimerSpec momentSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  @TimerId("due")
  private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Regrouping<K, T, U> rule;

  RegroupOfStreamFn(Regrouping<K, T, U> rule, Coder<WindowRevision<T>> coder) {
    this.rule = rule;
    this.windowsSpec = StateSpecs.map(new WindowKey.KeyCoder(), coder);
  }

  @ProcessElement
  public void process(
      @Element KV<K, WindowRevision<T>> element,
      @StateId("windows") MapState<WindowKey, WindowRevision<T>> windows,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("held") ValueState<Instant> held,
      @StateId("passed") ValueState<Long> passed,
      @Timestamp Instant at,
      @TimerId("moment") Timer moment,
      @TimerId("due") Timer due) {
    WindowRevision<T> window = element.getValue();
    WindowRevision<T> before = windows.get(window.window()).read();
    if (before != null && before.revision() > window.revision()) {
      return; // a window that is filled in may come after its first rows
    }
    windows.put(window.window(), window);
    changed.add(window.window());
    long opens = rule.opens(element.getKey());
    if (passed(passed) < opens) {
      due.set(timer(opens));
    } else {
      DebounceTimer.element(held, at, moment, MOMENT);
    }
  }

  @OnTimer("moment")
  public void moment(
      @Key K key,
      @StateId("windows") MapState<WindowKey, WindowRevision<T>> windows,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("held") ValueState<Instant> held,
      @StateId("passed") ValueState<Long> passed,
      @TimerId("due") Timer due,
      OutputReceiver<WindowRevision<U>> out)
      throws IOException {
    held.clear();
    judge(key, windows, changed, passed, due, out);
  }

  @OnTimer("due")
  public void due(
      OnTimerContext context,
      @Key K key,
      @StateId("windows") MapState<WindowKey, WindowRevision<T>> windows,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("held") ValueState<Instant> held,
      @StateId("passed") ValueState<Long> passed,
      @TimerId("due") Timer due,
      OutputReceiver<WindowRevision<U>> out)
      throws IOException {
    passed.write(Math.max(passed(passed), context.fireTimestamp().getMillis() * 1000));
    held.clear();
    judge(key, windows, changed, passed, due, out);
  }

  private void judge(
      K key,
      MapState<WindowKey, WindowRevision<T>> windows,
      BagState<WindowKey> changed,
      ValueState<Long> passed,
      Timer due,
      OutputReceiver<WindowRevision<U>> out)
      throws IOException {
    if (!rule.knows(key)) {
      windows.clear();
      changed.clear();
      passed.clear();
      return;
    }
    TreeMap<WindowKey, WindowRevision<T>> all = new TreeMap<>();
    windows.entries().read().forEach(each -> all.put(each.getKey(), each.getValue()));
    TreeSet<WindowKey> news = new TreeSet<>();
    changed.read().forEach(news::add);
    if (!news.isEmpty()) {
      rule.judge(key, all, news).forEach(out::output);
      changed.clear();
    }
    long now = passed(passed);
    for (WindowKey settled : rule.settled(key, all, now)) {
      windows.remove(settled);
      all.remove(settled);
    }
    long next = all.isEmpty() ? Long.MAX_VALUE : rule.settles(key, all, now);
    if (next != Long.MAX_VALUE) {
      due.set(timer(next));
    }
    if (all.isEmpty()) {
      passed.clear();
    }
  }

  private static long passed(ValueState<Long> passed) {
    Long known = passed.read();
    return known == null ? Long.MIN_VALUE : known;
  }

  /** A time as a timer: milliseconds, rounded up. */
  private static Instant timer(long micros) {
    return new Instant(Math.floorDiv(micros + 999, 1000));
  }
}
