package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.event.Shipped;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.RowCounts;
import io.tidemark.ingest.ScanFiles;
import io.tidemark.ingest.TimeRange;
import io.tidemark.profile.FillWindows;
import io.tidemark.profile.ProfileFold;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.Wholeness;
import io.tidemark.profile.WindowKey;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.WriteByWindow;
import io.tidemark.store.WriteDeadLetters;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The flow of {@code tidemark monitor}: events to statistics, findings, performance and a snapshot.
 */
final class MonitorPipeline {
  static final Coder<String> SNAPSHOT_CODER = StringUtf8Coder.of();

  private final MonitoringSpec spec;
  private final ModelRun model;
  private final TimeRange range;
  private final Wholeness wholeness;
  private final Shipped<ProfileLayouts> layouts;
  private final String output;

  MonitorPipeline(ModelRun model, TimeRange range, Wholeness wholeness, String output) {
    this.model = model;
    this.spec = model.spec();
    this.range = range;
    this.wholeness = wholeness;
    this.layouts = Shipped.of(model.layouts());
    this.output = output;
  }

  /**
   * @param prefixed whether steps carry the model's name, because others are in the same job
   */
  void build(Pipeline pipeline, boolean prefixed, Runs runs, HandOver handOver) {
    String prefix = prefixed ? spec.model() + "/" : "";
    FoldOutput<WindowKey, WindowProfile> profile =
        FoldOutput.of(
            "Profile",
            new ProfileFold(layouts),
            new WindowKey.KeyCoder(),
            new WindowProfileCoder(layouts));
    ScanFiles scan =
        ScanFiles.of(model.files(), spec, model.redaction(), range, runs.meter(), runs.tasks())
            .into(profile);
    SnapshotBranch snapshot =
        spec.snapshot() == null ? null : new SnapshotBranch(model, layouts.get());
    scan = snapshot == null ? scan : scan.into(snapshot.candidates());
    DetectorBranch detectors = DetectorBranch.of(model, range);
    scan = detectors == null ? scan : scan.into(detectors.outcomes());
    PerformanceBranch performance =
        PerformanceBranch.applies(spec)
            ? new PerformanceBranch(model, layouts.get(), wholeness, output)
            : null;
    scan = performance == null ? scan : scan.into(performance.outcomes());
    PCollectionTuple ingested = pipeline.apply(prefix + "Ingest", scan);
    PCollection<KV<WindowKey, WindowProfile>> windows =
        ingested
            .get(profile.tag())
            .apply(prefix + "ProfileWindows", profile.merged(WindowProfile::merge))
            .apply(prefix + "FillWindows", fill());
    PCollectionTuple drift =
        windows.apply(
            prefix + "DetectDrift",
            DetectDrift.of(spec, model.redaction(), model.baselines(), wholeness, output));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(
            prefix + "WriteStatistics", WriteByWindow.parquet(output, "statistics", spec.model()));
    PCollection<Comparison> findings = drift.get(DetectDrift.FINDINGS);
    PCollection<Long> written =
        findings
            .apply(prefix + "FindingsByWindow", MapElements.via(new ByWindow()))
            .setCoder(KvCoder.of(VarLongCoder.of(), RecordCoder.of(Finding.class)))
            .apply(
                prefix + "WriteFindings",
                WriteByWindow.jsonLines(output, "findings", spec.model()));
    if (performance != null) {
      performance.measure(prefix, ingested, windows);
    }
    if (!spec.horizons().isEmpty()) {
      new HorizonBranch(model, wholeness, layouts, output).build(prefix, windows);
    }
    if (detectors != null) {
      detectors.build(prefix, ingested, output);
    }
    if (snapshot != null) {
      snapshot
          .curate(prefix, ingested, findings, written, output)
          .apply(prefix + "HandOverSnapshots", handOver.receive("snapshots", SNAPSHOT_CODER));
    }
    ingested.get(ScanFiles.BAD).apply(prefix + "WriteDeadLetters", WriteDeadLetters.to(output));
    ingested
        .get(ScanFiles.COUNTS)
        .apply(
            prefix + "HandOverCounts", handOver.receive("counts", new RowCounts.RowCountsCoder()));
  }

  private FillWindows fill() {
    FillWindows fill = FillWindows.between(spec.window(), layouts);
    return spec.events().modelVersion() == null
        ? fill.within(
            range.from() == Long.MIN_VALUE ? Long.MAX_VALUE : range.from(),
            range.to() == Long.MAX_VALUE ? Long.MIN_VALUE : range.to())
        : fill;
  }
}
