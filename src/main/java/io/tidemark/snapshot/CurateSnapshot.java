package io.tidemark.snapshot;

import io.tidemark.event.EventLabels;
import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Hash128;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * From the windows' candidate rows and what drifted to a committed snapshot a period. Emits the
 * paths of the manifests.
 */
public final class CurateSnapshot
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollection<String>> {
  private static final long serialVersionUID = 1;
  private static final TupleTag<KV<WindowKey, byte[]>> POOLS = new TupleTag<>("pools") {};
  private static final TupleTag<DriftedField> DRIFTED = new TupleTag<>("drifted") {};

  private final transient Context context;
  private final transient PCollection<DriftedField> drifted;
  private final transient PCollection<?> explained;

  /** What the choice needs on the workers. */
  private record Context(
      MonitoringSpec spec,
      Shipped<PoolSettings> pools,
      Redaction redaction,
      TreeSet<String> baselines,
      String output)
      implements Serializable {}

  private CurateSnapshot(
      Context context, PCollection<DriftedField> drifted, PCollection<?> explained) {
    this.context = context;
    this.drifted = drifted;
    this.explained = explained;
  }

  /**
   * Takes candidate rows as a {@link PoolFold} gathers them, packed by a {@link RowPoolCoder}.
   *
   * @param baselines hashes of the baselines that the drift was found against
   * @param explained done when the findings that snapshots refer to are written
   */
  public static CurateSnapshot of(
      MonitoringSpec spec,
      Shipped<PoolSettings> pools,
      Redaction redaction,
      Set<String> baselines,
      String output,
      PCollection<DriftedField> drifted,
      PCollection<?> explained) {
    return new CurateSnapshot(
        new Context(spec, pools, redaction, new TreeSet<>(baselines), output), drifted, explained);
  }

  @Override
  public PCollection<String> expand(PCollection<KV<WindowKey, byte[]>> pools) {
    WindowSpec period = context.spec().snapshot().period();
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
    return KeyedPCollectionTuple.of(POOLS, poolsByPeriod)
        .and(DRIFTED, driftedByPeriod)
        .apply("GroupByPeriod", CoGroupByKey.create())
        .apply("SelectAndPrepare", ParDo.of(new PrepareFn(Shipped.of(context))))
        .setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()))
        // Nothing of a run is visible before all of it is prepared and what explains it is written.
        .apply("WaitForFindings", Wait.on(explained))
        .apply("AllOfTheRun", keyed(prepared -> 0L, Long.class))
        .setCoder(
            KvCoder.of(VarLongCoder.of(), KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())))
        .apply("GroupPrepared", GroupByKey.create())
        .apply("Publish", ParDo.of(new PublishFn(context.output(), context.spec().model())))
        .setCoder(StringUtf8Coder.of());
  }

  private static <K, V> WithKeys<K, V> keyed(SerializableFunction<V, K> key, Class<K> type) {
    return WithKeys.of(key).withKeyType(TypeDescriptor.of(type));
  }

  private static final class PrepareFn extends DoFn<KV<Long, CoGbkResult>, KV<Long, String>> {
    private static final long serialVersionUID = 1;

    /** Rows that a part has at most, about. */
    private static final int PART_ROWS = 50_000;

    private final Shipped<Context> context;

    PrepareFn(Shipped<Context> context) {
      this.context = context;
    }

    @ProcessElement
    public void process(@Element KV<Long, CoGbkResult> period, OutputReceiver<KV<Long, String>> out)
        throws IOException {
      MonitoringSpec spec = context.get().spec();
      RowPoolCoder coder = new RowPoolCoder(context.get().pools());
      TreeMap<WindowKey, RowPool> pools = new TreeMap<>();
      Set<Long> windows = new TreeSet<>();
      for (KV<WindowKey, byte[]> packed : period.getValue().getAll(POOLS)) {
        RowPool pool = MergeStates.unpack(coder, packed.getValue());
        pools.merge(packed.getKey(), pool, RowPool::merge);
        windows.add(packed.getKey().start());
      }
      if (pools.isEmpty()) {
        return; // nothing happened, so there is nothing to learn
      }
      List<DriftedField> drifted = new ArrayList<>();
      period.getValue().getAll(DRIFTED).forEach(drifted::add);
      EventLabels labels = EventLabels.of(spec);
      SelectRows.Selection selection = SelectRows.of(spec.snapshot(), pools, drifted, labels);
      SnapshotColumns columns = new SnapshotColumns(spec, context.get().redaction());
      List<CommitSnapshot.Part> parts = new ArrayList<>();
      List<Manifest.FileEntry> files = new ArrayList<>();
      List<List<SnapshotRow>> shards = shards(spec, selection.rows());
      for (int shard = 0; shard < shards.size(); shard++) {
        byte[] content = SnapshotFile.of(columns, shards.get(shard));
        String name =
            String.format(
                java.util.Locale.ROOT, "part-%05d-%s.parquet", shard, ContentHash.of(content));
        parts.add(new CommitSnapshot.Part(name, content));
        files.add(new Manifest.FileEntry(name, shards.get(shard).size()));
      }
      Manifest manifest =
          new Manifest(
              spec,
              context.get().baselines(),
              period.getKey(),
              windows,
              columns,
              labels,
              files,
              selection);
      CommitSnapshot commit =
          new CommitSnapshot(context.get().output(), spec.model(), period.getKey());
      out.output(KV.of(period.getKey(), commit.prepare(parts, manifest)));
    }

    /** By a hash of the name and a number that the spec fixes: rows stay in their parts. */
    private static List<List<SnapshotRow>> shards(MonitoringSpec spec, List<SnapshotRow> rows) {
      int count = Math.max(1, (spec.snapshot().rows() + PART_ROWS - 1) / PART_ROWS);
      List<List<SnapshotRow>> shards = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        shards.add(new ArrayList<>());
      }
      for (SnapshotRow row : rows) {
        long hash = Hash128.of(row.name().getBytes(StandardCharsets.UTF_8)).high();
        shards.get((int) Long.remainderUnsigned(hash, count)).add(row);
      }
      return shards;
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
