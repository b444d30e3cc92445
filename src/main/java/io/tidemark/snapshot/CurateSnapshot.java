package io.tidemark.snapshot;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Max;
import org.apache.beam.sdk.transforms.Min;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * From the windows' candidate rows and what drifted to a committed snapshot a period. Windows that
 * the run has not read are taken from what earlier runs left.
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

  private static final TupleTag<KV<Long, String>> PREPARED = new TupleTag<>("prepared") {};
  private static final TupleTag<KV<WindowKey, byte[]>> POOLS = new TupleTag<>("pools") {};
  private static final TupleTag<DriftedField> DRIFTED = new TupleTag<>("drifted") {};

  private final transient PreparePeriod prepare;
  private final transient PCollection<DriftedField> drifted;
  private final transient PCollection<?> explained;

  private CurateSnapshot(
      PreparePeriod prepare, PCollection<DriftedField> drifted, PCollection<?> explained) {
    this.prepare = prepare;
    this.drifted = drifted;
    this.explained = explained;
  }

  /**
   * Takes candidate rows as a {@link PoolFold} gathers them, packed by a {@link RowPoolCoder}.
   *
   * @param baselines hash of the baseline of each model version, and of the others under "", that
   *     the drift was found against
   * @param reach which windows the run can speak for
   * @param explained done when the findings that snapshots refer to are written
   */
  public static CurateSnapshot of(
      MonitoringSpec spec,
      Shipped<PoolSettings> pools,
      Redaction redaction,
      SortedMap<String, String> baselines,
      String output,
      Reach reach,
      PCollection<DriftedField> drifted,
      PCollection<?> explained) {
    return new CurateSnapshot(
        new PreparePeriod(spec, pools, redaction, new TreeMap<>(baselines), output, reach),
        drifted,
        explained);
  }

  /** Whether later runs can complete a period from what a run leaves of its windows. */
  public static boolean keepsCandidates(Redaction redaction) {
    return StoredPools.allowed(redaction);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> pools) {
    WindowSpec period = prepare.spec().snapshot().period();
    PCollection<KV<Long, KV<WindowKey, byte[]>>> poolsByPeriod =
        pools
            .apply("PeriodOfPool", keyed(pool -> period.startOf(pool.getKey().start()), Long.class))
            .setCoder(
                KvCoder.of(
                    VarLongCoder.of(), KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of())));
    PCollection<KV<Long, DriftedField>> driftedByPeriod =
        drifted
            .apply("PeriodOfDrift", keyed(field -> period.startOf(field.windowStart()), Long.class))
            .setCoder(KvCoder.of(VarLongCoder.of(), new DriftedField.FieldCoder()));
    PCollection<Long> starts =
        pools
            .apply("StartOfPool", MapElements.into(longs()).via(pool -> pool.getKey().start()))
            .setCoder(VarLongCoder.of());
    PCollectionView<Long> first =
        starts.apply("FirstWindow", Min.longsGlobally()).apply("First", View.asSingleton());
    PCollectionView<Long> last =
        starts.apply("LastWindow", Max.longsGlobally()).apply("Last", View.asSingleton());
    PCollectionTuple periods =
        KeyedPCollectionTuple.of(POOLS, poolsByPeriod)
            .and(DRIFTED, driftedByPeriod)
            .apply("GroupByPeriod", CoGroupByKey.create())
            .apply(
                "SelectAndPrepare",
                ParDo.of(new PrepareFn(Shipped.of(prepare), first, last))
                    .withSideInputs(first, last)
                    .withOutputTags(PREPARED, TupleTagList.of(REFUSED)));
    PCollection<String> published =
        periods
            .get(PREPARED)
            .setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()))
            // Nothing of a run is visible before all of it is prepared and what explains it is
            // written.
            .apply("WaitForFindings", Wait.on(explained))
            .apply("AllOfTheRun", keyed(prepared -> 0L, Long.class))
            .setCoder(
                KvCoder.of(VarLongCoder.of(), KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())))
            .apply("GroupPrepared", GroupByKey.create())
            .apply("Publish", ParDo.of(new PublishFn(prepare.output(), prepare.spec().model())))
            .setCoder(StringUtf8Coder.of());
    return PCollectionTuple.of(PUBLISHED, published)
        .and(REFUSED, periods.get(REFUSED).setCoder(StringUtf8Coder.of()));
  }

  private static TypeDescriptor<Long> longs() {
    return TypeDescriptor.of(Long.class);
  }

  private static <K, V> WithKeys<K, V> keyed(SerializableFunction<V, K> key, Class<K> type) {
    return WithKeys.of(key).withKeyType(TypeDescriptor.of(type));
  }

  private static final class PrepareFn extends DoFn<KV<Long, CoGbkResult>, KV<Long, String>> {
    private static final long serialVersionUID = 1;

    private final Shipped<PreparePeriod> prepare;
    private final PCollectionView<Long> first;
    private final PCollectionView<Long> last;

    PrepareFn(
        Shipped<PreparePeriod> prepare, PCollectionView<Long> first, PCollectionView<Long> last) {
      this.prepare = prepare;
      this.first = first;
      this.last = last;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      KV<Long, CoGbkResult> period = context.element();
      List<DriftedField> drifted = new ArrayList<>();
      period.getValue().getAll(DRIFTED).forEach(drifted::add);
      PreparePeriod run = prepare.get();
      Reach reach =
          run.asked().over(run.spec().window(), context.sideInput(first), context.sideInput(last));
      PreparePeriod.Prepared prepared =
          run.prepare(period.getKey(), period.getValue().getAll(POOLS), drifted, reach);
      if (prepared.manifest() != null) {
        context.output(KV.of(period.getKey(), prepared.manifest()));
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
}
