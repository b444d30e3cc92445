package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.LogSpans;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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

  /** Paths of the manifests that were published, by model. */
  public static final TupleTag<KV<String, String>> PUBLISHED = new TupleTag<>("published") {};

  /** Why a snapshot that is there stays as it is, in words, by model. */
  public static final TupleTag<KV<String, String>> REFUSED = new TupleTag<>("refused") {};

  /** Manifests that are in place, by their model and period. */
  static final TupleTag<KV<WindowKey, String>> PREPARED = new TupleTag<>("prepared") {};

  private static final KvCoder<String, String> TEXTS =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  private final transient Fleet<PrepareSnapshot> prepare;
  private final transient Fleet<WindowTiming> times;
  private final transient String output;
  private final transient LogEdges edges;
  private final transient PCollection<WindowRevision<List<DriftedField>>> drifted;

  private CurateSnapshot(
      Fleet<PrepareSnapshot> prepare,
      Fleet<WindowTiming> times,
      String output,
      LogEdges edges,
      PCollection<WindowRevision<List<DriftedField>>> drifted) {
    this.prepare = prepare;
    this.times = times;
    this.output = output;
    this.edges = edges;
    this.drifted = drifted;
  }

  /**
   * Takes candidate rows as a {@link CandidateAggregator} gathers them, packed by a {@link
   * StratifiedSampleCoder}.
   *
   * @param specs of the models that have snapshots
   * @param baselines hash of the baseline of each model version, and of the others under "", that
   *     the drift was found against
   * @param reach which windows the run can speak for
   * @param times when a stream's windows close
   * @param drifted what rang in a window, once it is written: nobody is to read of a snapshot whose
   *     reasons are not there yet
   */
  public static CurateSnapshot of(
      Fleet<MonitoringSpec> specs,
      Broadcast<Fleet<PoolSettings>> pools,
      Fleet<Redaction> redactions,
      Fleet<TreeMap<String, String>> baselines,
      String output,
      Fleet<Reach> reach,
      Fleet<WindowTiming> times,
      LogEdges edges,
      PCollection<WindowRevision<List<DriftedField>>> drifted) {
    return new CurateSnapshot(
        specs.map(
            spec ->
                new PrepareSnapshot(
                    spec,
                    pools,
                    redactions.of(spec.model()),
                    baselines.of(spec.model()),
                    output,
                    reach.of(spec.model()))),
        times,
        output,
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
    Fleet<WindowSpec> periods = prepare.map(each -> each.spec().snapshot().period());
    KvCoder<WindowKey, KV<WindowKey, KV<Integer, byte[]>>> coder =
        KvCoder.of(
            new WindowKey.KeyCoder(),
            KvCoder.of(
                new WindowKey.KeyCoder(), KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of())));
    PCollection<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> pieces =
        PCollectionList.of(
                pools.apply("PeriodOfPool", ParDo.of(new PoolFn(periods))).setCoder(coder))
            .and(drifted.apply("PeriodOfDrift", ParDo.of(new DriftFn(periods))).setCoder(coder))
            .apply("PoolsAndDrift", Flatten.pCollections());
    return pools.isBounded() == PCollection.IsBounded.UNBOUNDED
        ? whenClosed(pieces)
        : atEnd(pieces);
  }

  private PCollectionTuple whenClosed(
      PCollection<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> pieces) {
    PCollectionTuple periods =
        pieces.apply(
            "SelectAndPrepare",
            ParDo.of(new PrepareClosedFn(Broadcast.of(prepare), times))
                .withOutputTags(PREPARED, TupleTagList.of(REFUSED)));
    return published(
        periods,
        prepared(periods)
            .apply("Publish", ParDo.of(new PublishStableFn(output)))
            .setCoder(TEXTS)
            .apply("CountPublished", ParDo.of(new CountFn(prepare.models()))));
  }

  private PCollectionTuple atEnd(
      PCollection<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> pieces) {
    ParDo.SingleOutput<
            KV<WindowKey, Iterable<KV<WindowKey, KV<Integer, byte[]>>>>, KV<WindowKey, String>>
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
                WithKeys.<Long, KV<WindowKey, String>>of(0L)
                    .withKeyType(TypeDescriptor.of(Long.class)))
            .setCoder(
                KvCoder.of(
                    VarLongCoder.of(), KvCoder.of(new WindowKey.KeyCoder(), StringUtf8Coder.of())))
            .apply("GroupPrepared", GroupByKey.create())
            .apply("Publish", ParDo.of(new PublishFn(output))));
  }

  private static PCollection<KV<WindowKey, String>> prepared(PCollectionTuple periods) {
    return periods
        .get(PREPARED)
        .setCoder(KvCoder.of(new WindowKey.KeyCoder(), StringUtf8Coder.of()));
  }

  private static PCollectionTuple published(
      PCollectionTuple periods, PCollection<KV<String, String>> manifests) {
    return PCollectionTuple.of(PUBLISHED, manifests.setCoder(TEXTS))
        .and(REFUSED, periods.get(REFUSED).setCoder(TEXTS));
  }

  private static WindowKey periodOf(WindowKey window, WindowSpec period) {
    return window.ofAll().at(period.startOf(window.start()));
  }

  private static final class PoolFn
      extends DoFn<KV<WindowKey, byte[]>, KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<WindowSpec> periods;

    PoolFn(Fleet<WindowSpec> periods) {
      this.periods = periods;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, byte[]> pool,
        OutputReceiver<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      WindowKey period = periodOf(pool.getKey(), periods.of(pool.getKey().model()));
      out.output(KV.of(period, KV.of(pool.getKey(), KV.of(PrepareClosedFn.POOL, pool.getValue()))));
    }
  }

  private static final class DriftFn
      extends DoFn<
          WindowRevision<List<DriftedField>>, KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<WindowSpec> periods;

    DriftFn(Fleet<WindowSpec> periods) {
      this.periods = periods;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<DriftedField>> window,
        OutputReceiver<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      WindowSpec own = periods.find(window.window().model()).orElse(null);
      if (own == null) { // the model has no snapshots
        return;
      }
      WindowKey period = periodOf(window.window(), own);
      byte[] revision = MergeStates.pack(driftedCoder(), window);
      out.output(KV.of(period, KV.of(window.window(), KV.of(PrepareClosedFn.DRIFT, revision))));
    }
  }

  private static final class PrepareFn
      extends DoFn<
          KV<WindowKey, Iterable<KV<WindowKey, KV<Integer, byte[]>>>>, KV<WindowKey, String>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<PrepareSnapshot>> prepare;
    private final PCollectionView<Map<String, LogSpans>> log;

    /**
     * @param log null where both bounds were asked for
     */
    PrepareFn(
        Broadcast<Fleet<PrepareSnapshot>> prepare, PCollectionView<Map<String, LogSpans>> log) {
      this.prepare = prepare;
      this.log = log;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      WindowKey period = context.element().getKey();
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
      PrepareSnapshot run = prepare.get().of(period.model());
      WindowSpec window = run.spec().window();
      Reach reach =
          log == null
              ? run.asked()
              : LogSpans.of(period.model(), context.sideInput(log), window)
                  .edges(run.asked(), window);
      PrepareSnapshot.Prepared prepared =
          run.prepare(period.start(), pools, drifted, Set.of(), reach);
      if (prepared.manifest() != null) {
        context.output(KV.of(period, prepared.manifest()));
      }
      if (prepared.refusal() != null) {
        context.output(REFUSED, KV.of(period.model(), prepared.refusal()));
      }
    }
  }

  private static final class PublishFn
      extends DoFn<KV<Long, Iterable<KV<WindowKey, String>>>, KV<String, String>> {
    private static final long serialVersionUID = 1;

    private final String output;

    PublishFn(String output) {
      this.output = output;
    }

    @ProcessElement
    public void process(
        @Element KV<Long, Iterable<KV<WindowKey, String>>> prepared,
        OutputReceiver<KV<String, String>> out)
        throws IOException {
      TreeMap<WindowKey, String> periods = new TreeMap<>();
      for (KV<WindowKey, String> period : prepared.getValue()) {
        periods.put(period.getKey(), period.getValue());
      }
      for (Map.Entry<WindowKey, String> period : periods.entrySet()) {
        out.output(publish(output, period.getKey(), period.getValue()));
      }
    }
  }

  private static final class PublishStableFn
      extends DoFn<KV<WindowKey, String>, KV<String, String>> {
    private static final long serialVersionUID = 1;

    private final String output;

    PublishStableFn(String output) {
      this.output = output;
    }

    @RequiresStableInput
    @ProcessElement
    public void process(
        @Element KV<WindowKey, String> period, OutputReceiver<KV<String, String>> out)
        throws IOException {
      out.output(publish(output, period.getKey(), period.getValue()));
    }
  }

  private static KV<String, String> publish(String output, WindowKey period, String manifest)
      throws IOException {
    String model = period.model();
    return KV.of(model, new CommitSnapshot(output, model, period.start()).publish(manifest));
  }

  /** By itself: what a step with stable input counts does not get to Flink's metrics. */
  private static final class CountFn extends DoFn<KV<String, String>, KV<String, String>> {
    private static final long serialVersionUID = 1;

    private final ModelCounter published;

    CountFn(Set<String> models) {
      this.published = StreamMetric.SNAPSHOTS_PUBLISHED.counter(models);
    }

    @StartBundle
    public void start() {
      published.begin();
    }

    @ProcessElement
    public void process(
        @Element KV<String, String> manifest, OutputReceiver<KV<String, String>> out) {
      published.inc(manifest.getKey(), 1);
      out.output(manifest);
    }
  }
}
