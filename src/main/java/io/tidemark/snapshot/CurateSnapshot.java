package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.ClosePeriods;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.PeriodStage;
import io.tidemark.profile.StoredWindows;
import io.tidemark.schema.AcquisitionRequest;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  /** What is to be labelled, collected or made, by model version and period. */
  public static final TupleTag<WindowRevision<List<AcquisitionRequest>>> REQUESTS =
      new TupleTag<>("requests") {};

  /** Manifests that are in place, by their model and period. */
  static final TupleTag<KV<WindowKey, String>> PREPARED = new TupleTag<>("prepared") {};

  private static final KvCoder<String, String> TEXTS =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());

  private static final KvCoder<WindowKey, PrepareSnapshot.Prepared> PREPARED_CODER =
      KvCoder.of(new WindowKey.KeyCoder(), new PrepareSnapshot.Prepared.PreparedCoder());

  private final transient Fleet<
          PeriodStage<List<DriftedField>, KV<WindowKey, PrepareSnapshot.Prepared>>>
      stages;
  private final transient PeriodRun run;
  private final transient PCollection<WindowRevision<List<DriftedField>>> drifted;
  private final transient PCollectionList<KV<WindowKey, byte[]>> grounds;

  private CurateSnapshot(
      Fleet<PeriodStage<List<DriftedField>, KV<WindowKey, PrepareSnapshot.Prepared>>> stages,
      PeriodRun run,
      PCollection<WindowRevision<List<DriftedField>>> drifted,
      PCollectionList<KV<WindowKey, byte[]>> grounds) {
    this.stages = stages;
    this.run = run;
    this.drifted = drifted;
    this.grounds = grounds;
  }

  /**
   * Takes candidate rows as a {@link CandidateAggregator} gathers them, packed by a {@link
   * StratifiedSampleCoder}.
   *
   * @param run of the models that have snapshots
   * @param drifted what rang in a window, once it is written: nobody is to read of a snapshot whose
   *     reasons are not there yet
   * @param grounds what was found in periods as a whole, likewise, see {@link PeriodGrounds}
   * @param augmented the models of which rows are given that were made or collected on request
   */
  public static CurateSnapshot of(
      PeriodRun run,
      Broadcast<Fleet<PoolSettings>> pools,
      PCollection<WindowRevision<List<DriftedField>>> drifted,
      PCollectionList<KV<WindowKey, byte[]>> grounds,
      Set<String> augmented) {
    return new CurateSnapshot(
        run.specs()
            .map(
                spec ->
                    new PrepareSnapshot(
                        spec,
                        pools,
                        run.redactions().of(spec.model()),
                        run.baselines().of(spec.model()),
                        run.output(),
                        run.reach().of(spec.model()),
                        augmented.contains(spec.model()))),
        run,
        drifted,
        grounds);
  }

  /** The coder of what drifted. */
  public static WindowRevision.RevisionCoder<List<DriftedField>> driftedCoder() {
    return WindowRevision.coder(ListCoder.of(new DriftedField.FieldCoder()));
  }

  /** Whether later runs can complete a period from what a run leaves of its windows. */
  public static boolean keepsCandidates(MonitoringSpec spec, Redaction redaction) {
    return StoredWindows.allowed(redaction) || StoredPools.clear(spec, redaction);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> pools) {
    boolean followed = pools.isBounded() == PCollection.IsBounded.UNBOUNDED;
    PCollectionTuple periods =
        pools
            .apply(
                "SelectAndPrepare",
                ClosePeriods.of(stages, run, drifted, driftedCoder(), PREPARED_CODER).told(grounds))
            .apply(
                "TellPrepared",
                ParDo.of(new TellFn(stages.models(), followed))
                    .withOutputTags(PREPARED, TupleTagList.of(REFUSED).and(REQUESTS)));
    return followed
        ? published(
            periods,
            prepared(periods)
                .apply("Publish", ParDo.of(new PublishStableFn(run.output())))
                .setCoder(TEXTS)
                .apply("CountPublished", ParDo.of(new CountFn(stages.models()))))
        : published(
            periods,
            prepared(periods)
                // Nothing of a run is visible before all of it is prepared.
                .apply(
                    "AllOfTheRun",
                    WithKeys.<Long, KV<WindowKey, String>>of(0L)
                        .withKeyType(TypeDescriptor.of(Long.class)))
                .setCoder(
                    KvCoder.of(
                        VarLongCoder.of(),
                        KvCoder.of(new WindowKey.KeyCoder(), StringUtf8Coder.of())))
                .apply("GroupPrepared", GroupByKey.create())
                .apply("Publish", ParDo.of(new PublishFn(run.output()))));
  }

  private static PCollection<KV<WindowKey, String>> prepared(PCollectionTuple periods) {
    return periods
        .get(PREPARED)
        .setCoder(KvCoder.of(new WindowKey.KeyCoder(), StringUtf8Coder.of()));
  }

  private static PCollectionTuple published(
      PCollectionTuple periods, PCollection<KV<String, String>> manifests) {
    return PCollectionTuple.of(PUBLISHED, manifests.setCoder(TEXTS))
        .and(REFUSED, periods.get(REFUSED).setCoder(TEXTS))
        .and(REQUESTS, periods.get(REQUESTS).setCoder(PrepareSnapshot.Prepared.requestsCoder()));
  }

  private static final class TellFn
      extends DoFn<KV<WindowKey, PrepareSnapshot.Prepared>, KV<WindowKey, String>> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(CurateSnapshot.class);

    private final ModelCounter prepared;
    private final ModelCounter refused;
    private final boolean followed;

    /**
     * @param followed without end: nobody is told at the end what was refused
     */
    TellFn(Set<String> models, boolean followed) {
      this.followed = followed;
      this.prepared = StreamMetric.SNAPSHOTS_PREPARED.counter(models);
      this.refused = StreamMetric.SNAPSHOTS_REFUSED.counter(models);
    }

    @StartBundle
    public void start() {
      prepared.begin();
      refused.begin();
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, PrepareSnapshot.Prepared> period, MultiOutputReceiver out) {
      String model = period.getKey().model();
      PrepareSnapshot.Prepared done = period.getValue();
      if (done.manifest() != null) {
        prepared.inc(model, 1);
        out.get(PREPARED).output(KV.of(period.getKey(), done.manifest()));
      }
      if (done.refusal() != null) {
        refused.inc(model, 1);
        if (followed) {
          LOG.warn("{}", done.refusal());
        }
        out.get(REFUSED).output(KV.of(model, done.refusal()));
      }
      done.requests().forEach(each -> out.get(REQUESTS).output(each));
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
    private static final Logger LOG = LoggerFactory.getLogger(CurateSnapshot.class);

    private final String output;

    PublishStableFn(String output) {
      this.output = output;
    }

    @RequiresStableInput
    @ProcessElement
    public void process(
        @Element KV<WindowKey, String> period, OutputReceiver<KV<String, String>> out)
        throws IOException {
      KV<String, String> published = publish(output, period.getKey(), period.getValue());
      for (String line : PersonalColumns.warnings(published.getValue())) {
        LOG.warn("{}", line); // no summary tells it
      }
      out.output(published);
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
