package io.tidemark.drift;

import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.StoredProfiles;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Compares longer windows with the baseline: each window of the horizon that holds one of the run's
 * windows is merged from these and from what earlier runs have stored of its others. The same
 * outputs as {@link DetectDrift}, without persistence: a horizon looks back by itself.
 */
public final class DetectDriftOver
    extends PTransform<PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  private final transient DriftContext context;
  private final transient WindowSpec window;
  private final transient WindowProfileCoder coder;
  private final transient StoredProfiles stored;

  private DetectDriftOver(
      DriftContext context, WindowSpec window, WindowProfileCoder coder, StoredProfiles stored) {
    this.context = context;
    this.window = window;
    this.coder = coder;
    this.stored = stored;
  }

  /**
   * @param horizon a whole multiple of the spec's window
   * @param baselines as for {@link DetectDrift}: their windows are merged here
   * @param stored the windows of earlier runs, or null: none are taken
   */
  public static DetectDriftOver horizon(
      WindowSpec horizon,
      MonitoringSpec spec,
      Redaction redaction,
      Baselines baselines,
      WindowProfileCoder coder,
      StoredProfiles stored) {
    DriftContext context = new DriftContext(spec.over(horizon), redaction, baselines.over(horizon));
    return new DetectDriftOver(context, spec.window(), coder, stored);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> profiles) {
    PCollectionTuple compared =
        profiles
            .apply("HorizonOfWindow", ParDo.of(new PackFn(context.spec().window(), coder)))
            .setCoder(KvCoder.of(VarLongCoder.of(), KvCoder.of(new WindowKey.KeyCoder(), PACKED)))
            .apply("GroupByHorizon", GroupByKey.create())
            .apply(
                "MergeAndCompare",
                ParDo.of(new MergeFn(Shipped.of(context), window, coder, stored))
                    .withOutputTags(DetectDrift.FINDINGS, TupleTagList.of(DetectDrift.STATISTICS)));
    compared
        .get(DetectDrift.STATISTICS)
        .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Statistic.class)));
    compared.get(DetectDrift.FINDINGS).setCoder(new Comparison.ComparisonCoder());
    return compared;
  }

  /** Whether a window is complete, and its profile. */
  private static final KvCoder<Boolean, byte[]> PACKED =
      KvCoder.of(BooleanCoder.of(), ByteArrayCoder.of());

  private static final class PackFn
      extends DoFn<
          KV<WindowKey, KV<Boolean, WindowProfile>>, KV<Long, KV<WindowKey, KV<Boolean, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec horizon;
    private final WindowProfileCoder coder;

    PackFn(WindowSpec horizon, WindowProfileCoder coder) {
      this.horizon = horizon;
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowProfile>> window,
        OutputReceiver<KV<Long, KV<WindowKey, KV<Boolean, byte[]>>>> out) {
      long start = horizon.startOf(window.getKey().start());
      byte[] packed = MergeStates.pack(coder, window.getValue().getValue());
      out.output(KV.of(start, KV.of(window.getKey(), KV.of(window.getValue().getKey(), packed))));
    }
  }

  /** What there is of one version in a window of the horizon. */
  private static final class Merged {
    WindowProfile profile;
    int completeWindows;

    void add(WindowProfile more, boolean complete) {
      profile = profile == null ? more : profile.merge(more);
      completeWindows += complete ? 1 : 0;
    }
  }

  private static final class MergeFn
      extends DoFn<KV<Long, Iterable<KV<WindowKey, KV<Boolean, byte[]>>>>, Comparison> {
    private static final long serialVersionUID = 1;

    private final Shipped<DriftContext> context;
    private final WindowSpec window;
    private final WindowProfileCoder coder;
    private final StoredProfiles stored;

    private transient WindowTables tables;

    MergeFn(
        Shipped<DriftContext> context,
        WindowSpec window,
        WindowProfileCoder coder,
        StoredProfiles stored) {
      this.context = context;
      this.window = window;
      this.coder = coder;
      this.stored = stored;
    }

    @ProcessElement
    public void process(
        @Element KV<Long, Iterable<KV<WindowKey, KV<Boolean, byte[]>>>> horizon,
        MultiOutputReceiver out)
        throws IOException {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      long start = horizon.getKey();
      TreeMap<String, Merged> versions = new TreeMap<>();
      Set<Long> run = new HashSet<>();
      for (KV<WindowKey, KV<Boolean, byte[]>> packed : horizon.getValue()) {
        WindowKey key = packed.getKey();
        KV<Boolean, byte[]> marked = packed.getValue();
        run.add(key.start());
        versions
            .computeIfAbsent(key.version(), version -> new Merged())
            .add(MergeStates.unpack(coder, marked.getValue()), marked.getKey());
      }
      int windows = addStored(start, run, versions);
      for (Map.Entry<String, Merged> version : versions.entrySet()) {
        Merged merged = version.getValue();
        boolean complete = merged.completeWindows == windows;
        tables.write(new WindowKey(version.getKey(), start), merged.profile, complete, out);
      }
    }

    /**
     * Adds the windows that are not in the run; what is stored of the others is about to be
     * replaced.
     *
     * @return how many windows the horizon's window has
     */
    private int addStored(long start, Set<Long> run, TreeMap<String, Merged> versions)
        throws IOException {
      long end = context.get().spec().window().endOf(start);
      int windows = 0;
      for (long at = start; at < end; at = window.endOf(at)) {
        windows++;
        if (stored == null || run.contains(at)) {
          continue;
        }
        for (StoredProfiles.Kept kept : stored.read(at)) {
          versions
              .computeIfAbsent(kept.version(), version -> new Merged())
              .add(kept.profile(), kept.complete());
        }
      }
      return windows;
    }
  }
}
