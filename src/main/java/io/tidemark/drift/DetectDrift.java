package io.tidemark.drift;

import io.tidemark.event.Broadcast;
import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.StatisticRows;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Compares each window with its baseline: the rows of the statistics table under {@link
 * #STATISTICS}, every comparison with its verdict under {@link #FINDINGS}.
 */
public final class DetectDrift
    extends PTransform<PCollection<WindowRevision<WindowProfile>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<WindowRevision<List<Statistic>>> STATISTICS =
      new TupleTag<>("statistics") {};
  public static final TupleTag<WindowRevision<List<Comparison>>> FINDINGS =
      new TupleTag<>("findings") {};

  private final transient DriftContext context;
  private final transient RequirePersistence persistence;

  private DetectDrift(DriftContext context, RequirePersistence persistence) {
    this.context = context;
    this.persistence = persistence;
  }

  /**
   * @param output where earlier runs left the findings that persistence looks back at
   */
  public static DetectDrift of(
      MonitoringSpec spec, Redaction redaction, Baselines baselines, String output) {
    DriftSpec drift = spec.drift();
    boolean looksBack = drift.preset() == DriftSpec.Preset.TIDEMARK && drift.persistence().of() > 1;
    return new DetectDrift(
        new DriftContext(spec, redaction, baselines),
        looksBack ? RequirePersistence.of(spec, output) : null);
  }

  /**
   * The same of the windows of a longer horizon. Without persistence: a horizon looks back by
   * itself.
   *
   * @param baselines of the spec's own windows, which are merged here
   */
  public static DetectDrift over(
      WindowSpec horizon, MonitoringSpec spec, Redaction redaction, Baselines baselines) {
    return new DetectDrift(
        new DriftContext(spec.over(horizon), redaction, baselines.over(horizon)), null);
  }

  @Override
  public PCollectionTuple expand(PCollection<WindowRevision<WindowProfile>> windows) {
    PCollectionTuple compared =
        windows.apply(
            "CompareWindows",
            ParDo.of(new CompareFn(context)).withOutputTags(FINDINGS, TupleTagList.of(STATISTICS)));
    compared
        .get(STATISTICS)
        .setCoder(WindowRevision.coder(ListCoder.of(RecordCoder.of(Statistic.class))));
    PCollection<WindowRevision<List<Comparison>>> findings =
        compared.get(FINDINGS).setCoder(Comparison.ofWindow());
    if (persistence != null) {
      findings = findings.apply("RequirePersistence", persistence);
    }
    return PCollectionTuple.of(STATISTICS, compared.get(STATISTICS)).and(FINDINGS, findings);
  }

  private static final class CompareFn
      extends DoFn<WindowRevision<WindowProfile>, WindowRevision<List<Comparison>>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<DriftContext> shipped;

    private transient DriftContext context;
    private transient StatisticRows statistics;
    private transient CompareWindow comparer;

    CompareFn(DriftContext context) {
      this.shipped = Broadcast.of(context);
    }

    @ProcessElement
    public void process(@Element WindowRevision<WindowProfile> window, MultiOutputReceiver out) {
      if (context == null) {
        context = shipped.get();
        statistics = new StatisticRows(context.spec(), context.redaction());
        comparer = new CompareWindow(context.spec(), context.redaction(), context.baselines());
      }
      WindowKey key = window.window();
      WindowProfile profile = window.content();
      List<Statistic> rows =
          statistics.of(key, profile, context.baselines().of(key.version()), window.complete());
      out.get(STATISTICS).output(window.with(rows));
      out.get(FINDINGS).output(window.with(comparer.compare(key, profile, window.complete())));
    }
  }
}
