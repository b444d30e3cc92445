package io.tidemark.profile;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
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
import org.joda.time.Instant;

/**
 * {@link ClosePeriods} of a stream: keeps the states of a period's windows, and the latest revision
 * of what was found in each of these, until nothing can change them any more; then the period is
 * concluded. A window is kept below the output as well when it is closed, for a run that goes on
 * where the stream is stopped, and again when it turns out later that it was whole.
 */
final class ClosePeriodFn<N, O> extends DoFn<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>, O> {
  private static final long serialVersionUID = 1;

  @StateId("states")
  private final StateSpec<BagState<KV<WindowKey, byte[]>>> statesSpec =
      StateSpecs.bag(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));

  @StateId("found")
  private final StateSpec<MapState<WindowKey, byte[]>> foundSpec =
      StateSpecs.map(new WindowKey.KeyCoder(), ByteArrayCoder.of());

  /** States of windows that are not closed yet. */
  @StateId("open")
  private final StateSpec<BagState<KV<WindowKey, byte[]>>> openSpec =
      StateSpecs.bag(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));

  /** Windows of which something else was found than is kept below the output. */
  @StateId("changed")
  private final StateSpec<BagState<WindowKey>> changedSpec =
      StateSpecs.bag(new WindowKey.KeyCoder());

  /** What other stages have found in the period. */
  @StateId("told")
  private final StateSpec<BagState<byte[]>> toldSpec = StateSpecs.bag(ByteArrayCoder.of());

  /** When the timer is due, milliseconds. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("closed")
  private final TimerSpec closedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Broadcast<Fleet<PeriodStage<N, O>>> stages;
  private final Fleet<WindowTiming> times;
  private final WindowRevision.RevisionCoder<N> coder;

  ClosePeriodFn(
      Broadcast<Fleet<PeriodStage<N, O>>> stages,
      Fleet<WindowTiming> times,
      WindowRevision.RevisionCoder<N> coder) {
    this.stages = stages;
    this.times = times;
    this.coder = coder;
  }

  @ProcessElement
  public void process(
      @Element KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>> piece,
      @StateId("open") BagState<KV<WindowKey, byte[]>> open,
      @StateId("states") BagState<KV<WindowKey, byte[]>> states,
      @StateId("found") MapState<WindowKey, byte[]> found,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("told") BagState<byte[]> told,
      @StateId("due") ValueState<Long> due,
      @TimerId("closed") Timer closed)
      throws IOException {
    WindowKey window = piece.getValue().getKey();
    byte[] bytes = piece.getValue().getValue().getValue();
    int kind = piece.getValue().getValue().getKey();
    if (kind == PeriodPiece.STATE) {
      open.add(KV.of(window, bytes));
    } else if (kind == PeriodPiece.BEFORE) { // its own period keeps it for later runs
      states.add(KV.of(window, bytes));
      wake(closes(piece.getKey()), due, closed);
      return;
    } else if (kind == PeriodPiece.TOLD) { // when the stage that tells it has closed the period
      told.add(bytes);
      if (due.read() == null) {
        wake(closes(piece.getKey()), due, closed);
      }
      return;
    } else {
      byte[] before = found.get(window).read();
      if (before != null && revision(before).revision() > revision(bytes).revision()) {
        return;
      }
      found.put(window, bytes);
      changed.add(window);
    }
    wake(closes(window), due, closed);
  }

  private static void wake(Instant time, ValueState<Long> due, Timer closed) {
    Long before = due.read();
    if (before == null || time.getMillis() < before) {
      due.write(time.getMillis());
      closed.set(time);
    }
  }

  /** Findings are revised a moment after the window's last rows. */
  private Instant closes(WindowKey window) {
    return times.of(window.model()).closes(window.start()).plus(1);
  }

  private WindowRevision<N> revision(byte[] bytes) throws IOException {
    return MergeStates.unpack(coder, bytes);
  }

  @OnTimer("closed")
  public void closed(
      OnTimerContext context,
      @Key WindowKey period,
      @StateId("open") BagState<KV<WindowKey, byte[]>> open,
      @StateId("states") BagState<KV<WindowKey, byte[]>> states,
      @StateId("found") MapState<WindowKey, byte[]> found,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("told") BagState<byte[]> told,
      @StateId("due") ValueState<Long> due,
      @TimerId("closed") Timer closed,
      OutputReceiver<O> out)
      throws IOException {
    due.clear();
    PeriodStage<N, O> own = stages.get().find(period.model()).orElse(null);
    if (own == null) { // it has left
      open.clear();
      states.clear();
      found.clear();
      changed.clear();
      told.clear();
      return;
    }
    Instant now = context.fireTimestamp();
    keep(own, now, open, states, found, changed);
    long end = own.period().endOf(period.start());
    Instant last = closes(period.at(end - 1));
    if (now.isBefore(last)) {
      Instant next = last;
      for (KV<WindowKey, byte[]> each : open.read()) {
        next = earlier(next, closes(each.getKey()));
      }
      for (WindowKey each : changed.read()) {
        next = earlier(next, closes(each));
      }
      wake(next, due, closed);
      return;
    }
    close(own, period, states, found, told).forEach(out::output);
    states.clear();
    found.clear();
    told.clear();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Keeps the windows that are closed by now for later runs. */
  private void keep(
      PeriodStage<N, O> own,
      Instant now,
      BagState<KV<WindowKey, byte[]>> open,
      BagState<KV<WindowKey, byte[]>> states,
      MapState<WindowKey, byte[]> found,
      BagState<WindowKey> changed)
      throws IOException {
    List<KV<WindowKey, byte[]>> ready = new ArrayList<>();
    List<KV<WindowKey, byte[]>> rest = new ArrayList<>();
    for (KV<WindowKey, byte[]> each : open.read()) {
      (closes(each.getKey()).isAfter(now) ? rest : ready).add(each);
    }
    TreeSet<WindowKey> windows = new TreeSet<>();
    TreeSet<WindowKey> later = new TreeSet<>();
    for (WindowKey each : changed.read()) {
      (closes(each).isAfter(now) ? later : windows).add(each);
    }
    ready.forEach(each -> windows.add(each.getKey()));
    TreeMap<WindowKey, WindowRevision<N>> judged = new TreeMap<>();
    for (WindowKey each : windows) {
      byte[] bytes = found.get(each).read();
      if (bytes != null) {
        judged.put(each, revision(bytes));
      }
    }
    own.keep(ready, judged);
    ready.forEach(states::add);
    open.clear();
    rest.forEach(open::add);
    changed.clear();
    later.forEach(changed::add);
  }

  private List<O> close(
      PeriodStage<N, O> own,
      WindowKey period,
      BagState<KV<WindowKey, byte[]>> states,
      MapState<WindowKey, byte[]> found,
      BagState<byte[]> told)
      throws IOException {
    TreeMap<WindowKey, WindowRevision<N>> judged = new TreeMap<>();
    TreeSet<WindowKey> whole = new TreeSet<>();
    for (byte[] bytes : found.values().read()) {
      WindowRevision<N> revision = revision(bytes);
      judged.put(revision.window(), revision);
      if (revision.complete()) {
        whole.add(revision.window());
      }
    }
    List<byte[]> all = new ArrayList<>();
    told.read().forEach(all::add);
    return own.close(period, states.read(), judged, whole, all, own.asked());
  }
}
