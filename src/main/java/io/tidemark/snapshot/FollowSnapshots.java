package io.tidemark.snapshot;

import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
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
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream's snapshots, a period each, once nothing can change the period's rows any more. Two
 * phases, so that a reader sees all of a snapshot or none, once, whatever fails: the parts and the
 * manifest are put in place unseen, under names that say their content; and a step that the runner
 * gives the same input again after a failure publishes them, when the checkpoint that holds its
 * input is done. Emits the paths of the manifests.
 */
public final class FollowSnapshots
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollection<String>> {
  private static final long serialVersionUID = 1;

  private final transient PreparePeriod prepare;
  private final transient StreamTimes times;
  private final transient PCollection<KV<WindowKey, KV<Long, List<DriftedField>>>> drifted;

  private FollowSnapshots(
      PreparePeriod prepare,
      StreamTimes times,
      PCollection<KV<WindowKey, KV<Long, List<DriftedField>>>> drifted) {
    this.prepare = prepare;
    this.times = times;
    this.drifted = drifted;
  }

  /**
   * Takes candidate rows as a {@link PoolFold} gathers them, packed by a {@link RowPoolCoder}, each
   * once.
   *
   * @param baselines hash of the baseline of each model version, and of the others under "", that
   *     the drift was found against
   * @param times when windows close
   * @param drifted what rang in a window, and the window's revision, once it is written; the
   *     highest revision counts
   */
  public static FollowSnapshots of(
      MonitoringSpec spec,
      Shipped<PoolSettings> pools,
      Redaction redaction,
      SortedMap<String, String> baselines,
      String output,
      StreamTimes times,
      PCollection<KV<WindowKey, KV<Long, List<DriftedField>>>> drifted) {
    return new FollowSnapshots(
        new PreparePeriod(spec, pools, redaction, new TreeMap<>(baselines), output, Reach.STREAM),
        times,
        drifted);
  }

  /** The coder of what drifted. */
  public static KvCoder<WindowKey, KV<Long, List<DriftedField>>> driftedCoder() {
    return KvCoder.of(
        new WindowKey.KeyCoder(),
        KvCoder.of(VarLongCoder.of(), ListCoder.of(new DriftedField.FieldCoder())));
  }

  @Override
  public PCollection<String> expand(PCollection<KV<WindowKey, byte[]>> pools) {
    WindowSpec period = prepare.spec().snapshot().period();
    KvCoder<Long, KV<WindowKey, KV<Integer, byte[]>>> coder =
        KvCoder.of(
            VarLongCoder.of(),
            KvCoder.of(
                new WindowKey.KeyCoder(), KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of())));
    PCollection<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> candidates =
        pools.apply("PeriodOfPool", ParDo.of(new PoolFn(period))).setCoder(coder);
    PCollection<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> reasons =
        drifted.apply("PeriodOfDrift", ParDo.of(new DriftFn(period))).setCoder(coder);
    return PCollectionList.of(candidates)
        .and(reasons)
        .apply("PoolsAndDrift", Flatten.pCollections())
        .apply("SelectAndPrepare", ParDo.of(new PeriodFn(Shipped.of(prepare), times)))
        .setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()))
        .apply("Publish", ParDo.of(new PublishFn(prepare.output(), prepare.spec().model())))
        .setCoder(StringUtf8Coder.of())
        .apply("CountPublished", ParDo.of(new CountFn()))
        .setCoder(StringUtf8Coder.of());
  }

  /** What a piece of a period is. */
  private static final int POOL = 0;

  private static final int DRIFT = 1;

  private static final KvCoder<Long, List<DriftedField>> REVISION =
      KvCoder.of(VarLongCoder.of(), ListCoder.of(new DriftedField.FieldCoder()));

  private static final class PoolFn
      extends DoFn<KV<WindowKey, byte[]>, KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec period;

    PoolFn(WindowSpec period) {
      this.period = period;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, byte[]> pool,
        OutputReceiver<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      long start = period.startOf(pool.getKey().start());
      out.output(KV.of(start, KV.of(pool.getKey(), KV.of(POOL, pool.getValue()))));
    }
  }

  private static final class DriftFn
      extends DoFn<
          KV<WindowKey, KV<Long, List<DriftedField>>>,
          KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec period;

    DriftFn(WindowSpec period) {
      this.period = period;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Long, List<DriftedField>>> window,
        OutputReceiver<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      long start = period.startOf(window.getKey().start());
      byte[] revision = MergeStates.pack(REVISION, window.getValue());
      out.output(KV.of(start, KV.of(window.getKey(), KV.of(DRIFT, revision))));
    }
  }

  private static final class PeriodFn
      extends DoFn<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>, KV<Long, String>> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(FollowSnapshots.class);

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

    private final Counter prepared = StreamMetric.SNAPSHOTS_PREPARED.counter();
    private final Counter refused = StreamMetric.SNAPSHOTS_REFUSED.counter();

    private final Shipped<PreparePeriod> prepare;
    private final StreamTimes times;

    PeriodFn(Shipped<PreparePeriod> prepare, StreamTimes times) {
      this.prepare = prepare;
      this.times = times;
    }

    @StartBundle
    public void start() {
      prepared.inc(0); // known from the start, so that the first is seen as a rise from 0
      refused.inc(0);
    }

    @ProcessElement
    public void process(
        @Element KV<Long, KV<WindowKey, KV<Integer, byte[]>>> piece,
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
        if (before == null || revision(before).getKey() <= revision(bytes).getKey()) {
          drifted.put(window, bytes);
        }
      }
      if (waits.read() == null) {
        waits.write(true);
        long end = prepare.get().spec().snapshot().period().endOf(piece.getKey());
        // Findings are revised a moment after the window's last rows.
        closed.set(times.closes(end - 1).plus(1));
      }
    }

    private static KV<Long, List<DriftedField>> revision(byte[] bytes) throws IOException {
      return MergeStates.unpack(REVISION, bytes);
    }

    @OnTimer("closed")
    public void closed(
        @Key Long period,
        @StateId("pools") BagState<KV<WindowKey, byte[]>> pools,
        @StateId("drifted") MapState<WindowKey, byte[]> drifted,
        @StateId("waits") ValueState<Boolean> waits,
        OutputReceiver<KV<Long, String>> out)
        throws IOException {
      List<DriftedField> all = new ArrayList<>();
      for (byte[] bytes : drifted.values().read()) {
        all.addAll(revision(bytes).getValue());
      }
      PreparePeriod.Prepared done = prepare.get().prepare(period, pools.read(), all, Reach.STREAM);
      if (done.manifest() != null) {
        prepared.inc();
        out.output(KV.of(period, done.manifest()));
      }
      if (done.refusal() != null) {
        refused.inc();
        LOG.warn("{}", done.refusal());
      }
      pools.clear();
      drifted.clear();
      waits.clear();
    }
  }

  private static final class PublishFn extends DoFn<KV<Long, String>, String> {
    private static final long serialVersionUID = 1;

    private final String output;
    private final String model;

    PublishFn(String output, String model) {
      this.output = output;
      this.model = model;
    }

    @RequiresStableInput
    @ProcessElement
    public void process(@Element KV<Long, String> period, OutputReceiver<String> out)
        throws IOException {
      out.output(new CommitSnapshot(output, model, period.getKey()).publish(period.getValue()));
    }
  }

  /** By itself: what a step with stable input counts does not get to Flink's metrics. */
  private static final class CountFn extends DoFn<String, String> {
    private static final long serialVersionUID = 1;

    private final Counter published = StreamMetric.SNAPSHOTS_PUBLISHED.counter();

    @StartBundle
    public void start() {
      published.inc(0); // known from the start, so that the first is seen as a rise from 0
    }

    @ProcessElement
    public void process(@Element String manifest, OutputReceiver<String> out) {
      published.inc();
      out.output(manifest);
    }
  }
}
