package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.event.Shipped;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Compares each window with its baseline: the rows of the statistics table under {@link
 * #STATISTICS}, every comparison with its verdict under {@link #FINDINGS}.
 */
public final class DetectDrift
    extends PTransform<PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<KV<Long, Statistic>> STATISTICS = new TupleTag<>("statistics") {};
  public static final TupleTag<Comparison> FINDINGS = new TupleTag<>("findings") {};

  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final transient Baselines baselines;
  private final transient String output;

  private DetectDrift(
      MonitoringSpec spec, Redaction redaction, Baselines baselines, String output) {
    this.spec = spec;
    this.redaction = redaction;
    this.baselines = baselines;
    this.output = output;
  }

  /**
   * @param output where earlier runs left the findings that persistence looks back at
   */
  public static DetectDrift of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines, String output) {
    return new DetectDrift(spec, redaction, baselines, output);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, KV<Boolean, WindowProfile>>> profiles) {
    PCollectionTuple compared =
        profiles.apply(
            "CompareWindows",
            ParDo.of(new CompareFn(new DriftContext(spec, redaction, baselines)))
                .withOutputTags(FINDINGS, TupleTagList.of(STATISTICS)));
    compared
        .get(STATISTICS)
        .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Statistic.class)));
    PCollection<Comparison> findings =
        compared.get(FINDINGS).setCoder(new Comparison.ComparisonCoder());
    if (looksBack(spec.drift())) {
      findings = findings.apply("ApplyPersistence", ApplyPersistence.of(spec, output, profiles));
    }
    return PCollectionTuple.of(STATISTICS, compared.get(STATISTICS)).and(FINDINGS, findings);
  }

  /** Whether a window's verdict depends on windows before. */
  static boolean looksBack(DriftSpec drift) {
    return drift.preset() == DriftSpec.Preset.TIDEMARK && drift.persistence().of() > 1;
  }

  private static final class CompareFn
      extends DoFn<KV<WindowKey, KV<Boolean, WindowProfile>>, Comparison> {
    private static final long serialVersionUID = 1;

    private final Shipped<DriftContext> context;

    private transient WindowTables tables;

    CompareFn(DriftContext context) {
      this.context = Shipped.of(context);
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, KV<Boolean, WindowProfile>> window, MultiOutputReceiver out) {
      if (tables == null) {
        tables = new WindowTables(context.get());
      }
      KV<Boolean, WindowProfile> marked = window.getValue();
      tables.write(window.getKey(), marked.getValue(), marked.getKey(), out);
    }
  }
}
