package io.tidemark.snapshot;

import io.tidemark.event.Broadcast;
import io.tidemark.event.MergeStates;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.Reach;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CurateSnapshot} of a stream: keeps a period's candidates, and the latest revision of what
 * drifted in each of its windows, until nothing can change them any more; then the period is
 * prepared.
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

  @StateId("waits")
  private final StateSpec<ValueState<Boolean>> waitsSpec = StateSpecs.value(BooleanCoder.of());

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
      @StateId("pools") BagState<KV<WindowKey, byte[]>> pools,
      @StateId("drifted") MapState<WindowKey, byte[]> drifted,
      @StateId("waits") ValueState<Boolean> waits,
      @TimerId("closed") Timer closed)
      throws IOException {
    WindowKey window = piece.getValue().getKey();
    byte[] bytes = piece.getValue().getValue().getValue();
    if (piece.getValue().getValue().getKey() == POOL) {
      pools.add(KV.of(window, bytes));
    } else {
      byte[] before = drifted.get(window).read();
      if (before == null || revision(before).revision() <= revision(bytes).revision()) {
        drifted.put(window, bytes);
      }
    }
    if (waits.read() == null) {
      waits.write(true);
      WindowKey period = piece.getKey();
      PrepareSnapshot own = prepare.get().of(period.model());
      long end = own.spec().snapshot().period().endOf(period.start());
      // Findings are revised a moment after the window's last rows.
      closed.set(times.of(period.model()).closes(end - 1).plus(1));
    }
  }

  private static WindowRevision<List<DriftedField>> revision(byte[] bytes) throws IOException {
    return MergeStates.unpack(REVISION, bytes);
  }

  @OnTimer("closed")
  public void closed(
      @Key WindowKey period,
      @StateId("pools") BagState<KV<WindowKey, byte[]>> pools,
      @StateId("drifted") MapState<WindowKey, byte[]> drifted,
      @StateId("waits") ValueState<Boolean> waits,
      MultiOutputReceiver out)
      throws IOException {
    List<DriftedField> all = new ArrayList<>();
    for (byte[] bytes : drifted.values().read()) {
      all.addAll(revision(bytes).content());
    }
    Optional<PrepareSnapshot> own = prepare.get().find(period.model()); // empty: it has left
    PrepareSnapshot.Prepared done =
        own.isEmpty()
            ? PrepareSnapshot.Prepared.NOTHING
            : own.get().prepare(period.start(), pools.read(), all, Reach.STREAM);
    if (done.manifest() != null) {
      prepared.inc(period.model(), 1);
      out.get(CurateSnapshot.PREPARED).output(KV.of(period, done.manifest()));
    }
    if (done.refusal() != null) {
      refused.inc(period.model(), 1);
      LOG.warn("{}", done.refusal());
      out.get(CurateSnapshot.REFUSED).output(KV.of(period.model(), done.refusal()));
    }
    pools.clear();
    drifted.clear();
    waits.clear();
  }
}
