package io.tidemark.snapshot;

import io.tidemark.event.Broadcast;
import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.LogSpans;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * From the windows' candidate rows and what drifted to a committed snapshot a period. Windows that
 * were not read are taken from what earlier runs left.
 *
 * <p>Two phases, so that a reader sees all of a snapshot or none, once, whatever fails: the parts
 * and the manifest are put in place unseen, under names that say their content; then they are
 * published. A bounded run publishes when all its periods are prepared; a stream publishes a period
 * once nothing can change its rows any more, in a step that the runner gives the same input again
 * after a failure, when the checkpoint that holds its input is done.
 */
public final class CurateSnapshot
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The folder of the rows that later runs may choose of each window. */
  public static final String CANDIDATES = StoredPools.TABLE;

  /** Paths of the manifests that were published. */
  public static final TupleTag<String> PUBLISHED = new TupleTag<>("published") {};

  /** Why a snapshot that is there stays as it is, in words. */
  public static final TupleTag<String> REFUSED = new TupleTag<>("refused") {};

  /** Manifests that are in place, by their period. */
  static final TupleTag<KV<Long, String>> PREPARED = new TupleTag<>("prepared") {};

  private final transient PrepareSnapshot prepare;
  private final transient WindowTiming times;
  private final transient LogEdges edges;
  private final transient PCollection<WindowRevision<List<DriftedField>>> drifted;

  private CurateSnapshot(
      PrepareSnapshot prepare,
      WindowTiming times,
      LogEdges edges,
      PCollection<WindowRevision<List<DriftedField>>> drifted) {
    this.prepare = prepare;
    this.times = times;
    this.edges = edges;
    this.drifted = drifted;
  }

  /**
   * Takes candidate rows as a {@link CandidateAggregator} gathers them, packed by a {@link
   * StratifiedSampleCoder}.
   *
   * @param baselines hash of the baseline of each model version, and of the others under "", that
   *     the drift was found against
   * @param reach which windows the run can speak for
   * @param times when a stream's windows close
   * @param drifted what rang in a window, once it is written: nobody is to read of a snapshot whose
   *     reasons are not there yet
   */
  public static CurateSnapshot of(
      MonitoringSpec spec,
      Broadcast<PoolSettings> pools,
      Redaction redaction,
      SortedMap<String, String> baselines,
      String output,
      Reach reach,
      WindowTiming times,
      LogEdges edges,
      PCollection<WindowRevision<List<DriftedField>>> drifted) {
    return new CurateSnapshot(
        new PrepareSnapshot(spec, pools, redaction, new TreeMap<>(baselines), output, reach),
        times,
        edges,
        drifted);
  }

  /** The coder of what drifted. */
  public static WindowRevision.RevisionCoder<List<DriftedField>> driftedCoder() {
    return WindowRevision.coder(ListCoder.of(new DriftedField.FieldCoder()));
  }

  /** Whether later runs can complete a period from what a run leaves of its windows. */
  public static boolean keepsCandidates(Redaction redaction) {
    return StoredPools.allowed(redaction);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> pools) {
    WindowSpec period = prepare.spec().snapshot().period();
    KvCoder<Long, KV<WindowKey, KV<Integer, byte[]>>> coder =
        KvCoder.of(
            VarLongCoder.of(),
            KvCoder.of(
                new WindowKey.KeyCoder(), KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of())));
    PCollection<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> pieces =
        PCollectionList.of(
                pools.apply("PeriodOfPool", ParDo.of(new PoolFn(period))).setCoder(coder))
            .and(drifted.apply("PeriodOfDrift", ParDo.of(new DriftFn(period))).setCoder(coder))
            .apply("PoolsAndDrift", Flatten.pCollections());
    return pools.isBounded() == PCollection.IsBounded.UNBOUNDED
        ? whenClosed(pieces)
        : atEnd(pieces);
  }

  private PCollectionTuple whenClosed(
      PCollection<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> pieces) {
    PCollectionTuple periods =
        pieces.apply(
            "SelectAndPrepare",
            ParDo.of(new PrepareClosedFn(Broadcast.of(prepare), times))
                .withOutputTags(PREPARED, TupleTagList.of(REFUSED)));
    return published(
        periods,
        prepared(periods)
            .apply(
                "Publish", ParDo.of(new PublishStableFn(prepare.output(), prepare.spec().model())))
            .setCoder(StringUtf8Coder.of())
            .apply("CountPublished", ParDo.of(new CountFn())));
  }

  private PCollectionTuple atEnd(PCollection<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> pieces) {
    ParDo.SingleOutput<KV<Long, Iterable<KV<WindowKey, KV<Integer, byte[]>>>>, KV<Long, String>>
        select = ParDo.of(new PrepareFn(Broadcast.of(prepare), edges.log()));
    PCollectionTuple periods =
        pieces
            .apply("GroupByPeriod", GroupByKey.create())
            .apply(
                "SelectAndPrepare",
                (edges.log() == null ? select : select.withSideInputs(edges.log()))
                    .withOutputTags(PREPARED, TupleTagList.of(REFUSED)));
    return published(
        periods,
        prepared(periods)
            // Nothing of a run is visible before all of it is prepared.
            .apply(
                "AllOfTheRun",
                WithKeys.<Long, KV<Long, String>>of(0L).withKeyType(TypeDescriptor.of(Long.class)))
            .setCoder(
                KvCoder.of(VarLongCoder.of(), KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())))
            .apply("GroupPrepared", GroupByKey.create())
            .apply("Publish", ParDo.of(new PublishFn(prepare.output(), prepare.spec().model()))));
  }

  private static PCollection<KV<Long, String>> prepared(PCollectionTuple periods) {
    return periods.get(PREPARED).setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()));
  }

  private static PCollectionTuple published(
      PCollectionTuple periods, PCollection<String> manifests) {
    return PCollectionTuple.of(PUBLISHED, manifests.setCoder(StringUtf8Coder.of()))
        .and(REFUSED, periods.get(REFUSED).setCoder(StringUtf8Coder.of()));
  }

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
      out.output(KV.of(start, KV.of(pool.getKey(), KV.of(PrepareClosedFn.POOL, pool.getValue()))));
    }
  }

  private static final class DriftFn
      extends DoFn<
          WindowRevision<List<DriftedField>>, KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec period;

    DriftFn(WindowSpec period) {
      this.period = period;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<DriftedField>> window,
        OutputReceiver<KV<Long, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      long start = period.startOf(window.window().start());
      byte[] revision = MergeStates.pack(driftedCoder(), window);
      out.output(KV.of(start, KV.of(window.window(), KV.of(PrepareClosedFn.DRIFT, revision))));
    }
  }

  private static final class PrepareFn
      extends DoFn<KV<Long, Iterable<KV<WindowKey, KV<Integer, byte[]>>>>, KV<Long, String>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<PrepareSnapshot> prepare;
    private final PCollectionView<LogSpans> log;

    /**
     * @param log null where both bounds were asked for
     */
    PrepareFn(Broadcast<PrepareSnapshot> prepare, PCollectionView<LogSpans> log) {
      this.prepare = prepare;
      this.log = log;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      long period = context.element().getKey();
      List<KV<WindowKey, byte[]>> pools = new ArrayList<>();
      List<DriftedField> drifted = new ArrayList<>();
      for (KV<WindowKey, KV<Integer, byte[]>> piece : context.element().getValue()) {
        byte[] bytes = piece.getValue().getValue();
        if (piece.getValue().getKey() == PrepareClosedFn.POOL) {
          pools.add(KV.of(piece.getKey(), bytes));
        } else {
          drifted.addAll(MergeStates.unpack(driftedCoder(), bytes).content());
        }
      }
      PrepareSnapshot run = prepare.get();
      Reach reach =
          log == null
              ? run.asked()
              : context.sideInput(log).edges(run.asked(), run.spec().window());
      PrepareSnapshot.Prepared prepared = run.prepare(period, pools, drifted, reach);
      if (prepared.manifest() != null) {
        context.output(KV.of(period, prepared.manifest()));
      }
      if (prepared.refusal() != null) {
        context.output(REFUSED, prepared.refusal());
      }
    }
  }

  private static final class PublishFn extends DoFn<KV<Long, Iterable<KV<Long, String>>>, String> {
    private static final long serialVersionUID = 1;

    private final String output;
    private final String model;

    PublishFn(String output, String model) {
      this.output = output;
      this.model = model;
    }

    @ProcessElement
    public void process(
        @Element KV<Long, Iterable<KV<Long, String>>> prepared, OutputReceiver<String> out)
        throws IOException {
      TreeMap<Long, String> periods = new TreeMap<>();
      for (KV<Long, String> period : prepared.getValue()) {
        periods.put(period.getKey(), period.getValue());
      }
      for (Map.Entry<Long, String> period : periods.entrySet()) {
        out.output(new CommitSnapshot(output, model, period.getKey()).publish(period.getValue()));
      }
    }
  }

  private static final class PublishStableFn extends DoFn<KV<Long, String>, String> {
    private static final long serialVersionUID = 1;

    private final String output;
    private final String model;

    PublishStableFn(String output, String model) {
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
