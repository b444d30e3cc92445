package io.tidemark.snapshot;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CurateSnapshot} of a stream: keeps a period's candidates, and the latest revision of what
 * drifted in each of its windows, until nothing can change them any more; then the period is
 * prepared. A window is kept below the output as well when it is closed, for a run that goes on
 * where the stream is stopped, and again when it turns out later that it was whole.
 */
final class PrepareClosedFn
    extends DoFn<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>, KV<WindowKey, String>> {
  private static final long serialVersionUID = 1;

  /** What a piece of a period is: candidates of a window, or a revision of what drifted in it. */
  static final int POOL = 0;

  static final int DRIFT = 1;

  private static final WindowRevision.RevisionCoder<List<DriftedField>> REVISION =
      CurateSnapshot.driftedCoder();
  private static final Logger LOG = LoggerFactory.getLogger(CurateSnapshot.class);

  @StateId("pools")
  private final StateSpec<BagState<KV<WindowKey, byte[]>>> poolsSpec =
      StateSpecs.bag(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));

  @StateId("drifted")
  private final StateSpec<MapState<WindowKey, byte[]>> driftedSpec =
      StateSpecs.map(new WindowKey.KeyCoder(), ByteArrayCoder.of());

  /** Candidates of windows that are not closed yet. */
  @StateId("open")
  private final StateSpec<BagState<KV<WindowKey, byte[]>>> openSpec =
      StateSpecs.bag(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));

  /** Windows in which something else drifted than is kept below the output. */
  @StateId("changed")
  private final StateSpec<BagState<WindowKey>> changedSpec =
      StateSpecs.bag(new WindowKey.KeyCoder());

  /** When the timer is due, milliseconds. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("closed")
  private final TimerSpec closedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final ModelCounter prepared;
  private final ModelCounter refused;

  private final Broadcast<Fleet<PrepareSnapshot>> prepare;
  private final Fleet<WindowTiming> times;

  PrepareClosedFn(Broadcast<Fleet<PrepareSnapshot>> prepare, Fleet<WindowTiming> times) {
    this.prepare = prepare;
    this.times = times;
    this.prepared = StreamMetric.SNAPSHOTS_PREPARED.counter(times.models());
    this.refused = StreamMetric.SNAPSHOTS_REFUSED.counter(times.models());
  }

  @StartBundle
  public void start() {
    prepared.begin();
    refused.begin();
  }

  @ProcessElement
  public void process(
      @Element KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>> piece,
      @StateId("open") BagState<KV<WindowKey, byte[]>> open,
      @StateId("drifted") MapState<WindowKey, byte[]> drifted,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("due") ValueState<Long> due,
      @TimerId("closed") Timer closed)
      throws IOException {
    WindowKey window = piece.getValue().getKey();
    byte[] bytes = piece.getValue().getValue().getValue();
    if (piece.getValue().getValue().getKey() == POOL) {
      open.add(KV.of(window, bytes));
    } else {
      byte[] before = drifted.get(window).read();
      if (before != null && revision(before).revision() > revision(bytes).revision()) {
        return;
      }
      drifted.put(window, bytes);
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

  private static WindowRevision<List<DriftedField>> revision(byte[] bytes) throws IOException {
    return MergeStates.unpack(REVISION, bytes);
  }

  @OnTimer("closed")
  public void closed(
      OnTimerContext context,
      @Key WindowKey period,
      @StateId("open") BagState<KV<WindowKey, byte[]>> open,
      @StateId("pools") BagState<KV<WindowKey, byte[]>> pools,
      @StateId("drifted") MapState<WindowKey, byte[]> drifted,
      @StateId("changed") BagState<WindowKey> changed,
      @StateId("due") ValueState<Long> due,
      @TimerId("closed") Timer closed,
      MultiOutputReceiver out)
      throws IOException {
    due.clear();
    PrepareSnapshot own = prepare.get().find(period.model()).orElse(null);
    if (own == null) { // it has left
      open.clear();
      pools.clear();
      drifted.clear();
      changed.clear();
      return;
    }
    Instant now = context.fireTimestamp();
    keep(own, now, open, pools, drifted, changed);
    long end = own.spec().snapshot().period().endOf(period.start());
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
    tell(period, prepared(own, period, pools, drifted), out);
    pools.clear();
    drifted.clear();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Keeps the windows that are closed by now for later runs. */
  private void keep(
      PrepareSnapshot own,
      Instant now,
      BagState<KV<WindowKey, byte[]>> open,
      BagState<KV<WindowKey, byte[]>> pools,
      MapState<WindowKey, byte[]> drifted,
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
    TreeMap<WindowKey, WindowRevision<List<DriftedField>>> judged = new TreeMap<>();
    for (WindowKey each : windows) {
      byte[] bytes = drifted.get(each).read();
      if (bytes != null) {
        judged.put(each, revision(bytes));
      }
    }
    own.keep(ready, judged);
    ready.forEach(pools::add);
    open.clear();
    rest.forEach(open::add);
    changed.clear();
    later.forEach(changed::add);
  }

  private static PrepareSnapshot.Prepared prepared(
      PrepareSnapshot own,
      WindowKey period,
      BagState<KV<WindowKey, byte[]>> pools,
      MapState<WindowKey, byte[]> drifted)
      throws IOException {
    List<DriftedField> all = new ArrayList<>();
    TreeSet<WindowKey> whole = new TreeSet<>();
    for (byte[] bytes : drifted.values().read()) {
      WindowRevision<List<DriftedField>> revision = revision(bytes);
      all.addAll(revision.content());
      if (revision.complete()) {
        whole.add(revision.window());
      }
    }
    return own.prepare(period.start(), pools.read(), all, whole, own.asked());
  }

  private void tell(WindowKey period, PrepareSnapshot.Prepared done, MultiOutputReceiver out) {
    if (done.manifest() != null) {
      prepared.inc(period.model(), 1);
      out.get(CurateSnapshot.PREPARED).output(KV.of(period, done.manifest()));
    }
    if (done.refusal() != null) {
      refused.inc(period.model(), 1);
      LOG.warn("{}", done.refusal());
      out.get(CurateSnapshot.REFUSED).output(KV.of(period.model(), done.refusal()));
    }
  }
}
