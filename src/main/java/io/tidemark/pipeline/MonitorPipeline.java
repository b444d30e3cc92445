package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.event.Shipped;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.RowCounts;
import io.tidemark.ingest.ScanFiles;
import io.tidemark.ingest.SendDeadLetters;
import io.tidemark.ingest.TimeRange;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import io.tidemark.profile.EmptyFields;
import io.tidemark.profile.FillWindows;
import io.tidemark.profile.LogSpans;
import io.tidemark.profile.MarkWindows;
import io.tidemark.profile.ProfileFold;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.Wholeness;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.DeadLetter;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteDeadLetters;
import io.tidemark.store.WriteTable;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * The flow of {@code tidemark monitor}: events to statistics, findings, performance and a snapshot.
 */
final class MonitorPipeline {
  static final Coder<String> SNAPSHOT_CODER = StringUtf8Coder.of();

  private final MonitoringSpec spec;
  private final ModelRun model;
  private final RunRange range;
  private final Wholeness wholeness;
  private final Shipped<ProfileLayouts> layouts;
  private final String output;
  private final SendDeadLetters letters;

  /**
   * @param letters where unusable rows go; null: to files below the output
   */
  MonitorPipeline(ModelRun model, String output, SendDeadLetters letters) {
    this.letters = letters;
    this.model = model;
    this.spec = model.spec();
    this.range = model.range();
    this.wholeness = new Wholeness(range.read().from(), range.read().to());
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
        ScanFiles.of(
                model.files(),
                spec,
                model.redaction(),
                range.read(),
                range.statistics(),
                runs.meter(),
                runs.tasks())
            .countingUnlikely(model.times().likely())
            .into(profile);
    LabelBranch.Joined labels = model.labels() == null ? null : join(pipeline, prefix, runs);
    if (labels != null) {
      scan = labels.attachedTo(scan);
    }
    FoldOutput<WindowKey, Coverage> coverage = LabelBranch.coverage(spec);
    if (LabelBranch.labelled(model)) {
      scan = scan.into(coverage);
    }
    SnapshotBranch snapshot =
        spec.snapshot() == null ? null : new SnapshotBranch(model.model(), layouts.get());
    scan = snapshot == null ? scan : scan.into(snapshot.candidates());
    DetectorBranch detectors = DetectorBranch.of(model.model(), range.statistics());
    scan = detectors == null ? scan : scan.into(detectors.outcomes());
    // Performance is written of every window that is read: labels may have come for all of them.
    PerformanceBranch performance =
        PerformanceBranch.applies(spec)
            ? new PerformanceBranch(model.model(), layouts.get(), output)
            : null;
    scan = performance == null ? scan : scan.into(performance.outcomes());
    PCollectionTuple ingested = pipeline.apply(prefix + "Ingest", scan);
    PCollection<KV<WindowKey, WindowProfile>> withRows =
        ingested
            .get(profile.tag())
            .apply(prefix + "ProfileWindows", profile.merged(WindowProfile::merge));
    withRows
        .apply(prefix + "UnusableValues", EmptyFields.total())
        .apply(prefix + "HandOverUnusable", handOver.receive("unusable", EmptyFields.COUNTS));
    PCollectionView<LogSpans> log =
        wholeness.bounded()
            ? null
            : withRows.apply(prefix + "SpansOfLog", MarkWindows.spans(spec.window()));
    PCollection<KV<WindowKey, WindowProfile>> expected =
        withRows.apply(prefix + "FillWindows", fill());
    PCollection<KV<WindowKey, Coverage>> covered =
        LabelBranch.labelled(model)
            ? ingested
                .get(coverage.tag())
                .apply(prefix + "CoverWindows", coverage.merged(Coverage::merge))
            : null;
    StandingBranch standing =
        StandingBranch.of(model, prefix, output, expected, covered, log, handOver);
    PCollection<KV<WindowKey, WindowProfile>> windows =
        expected.apply(prefix + "WindowsToWrite", standing.leftOut());
    PCollection<WindowRevision<WindowProfile>> marked =
        windows.apply(prefix + "MarkWindows", standing.mark(WindowProfile::rows));
    PCollectionTuple drift =
        marked.apply(
            prefix + "DetectDrift",
            DetectDrift.of(spec, model.redaction(), model.baselines(), output));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(prefix + "StatisticsOfRun", reported())
        .apply(prefix + "WriteStatistics", WriteTable.of(Table.STATISTICS, output, spec.model()));
    PCollection<WindowRevision<List<Comparison>>> findings = drift.get(DetectDrift.FINDINGS);
    PCollection<WindowRevision<List<Comparison>>> written =
        findings
            .apply(prefix + "FindingsOfRun", reported())
            .apply(
                prefix + "WriteFindings",
                WriteTable.of(Table.FINDINGS, output, spec.model(), Comparison::finding));
    AlertBranch alerts = new AlertBranch(model.alerts(), prefix, output);
    alerts.add(written.apply(prefix + "AlarmsOfDrift", Alarms.of(Comparison::finding)));
    if (performance != null) {
      performance.measure(prefix, ingested, windows, standing, alerts);
    }
    if (!spec.horizons().isEmpty()) {
      new HorizonBranch(model, layouts, output)
          .build(prefix, marked.apply(prefix + "WindowsOfRun", reported()), alerts);
    }
    if (detectors != null) {
      alerts.add(
          detectors.write(
              prefix,
              detectors
                  .detect(prefix, ingested, output)
                  .apply(
                      prefix + "ChangesToWrite",
                      standing.leftOutBy(window -> window.window().start())),
              output));
    }
    alerts.send(handOver);
    if (snapshot != null) {
      PCollectionTuple curated =
          snapshot.curate(prefix, model.reach(), ingested, findings, written, output);
      curated
          .get(CurateSnapshot.PUBLISHED)
          .apply(prefix + "HandOverSnapshots", handOver.receive("snapshots", SNAPSHOT_CODER));
      curated
          .get(CurateSnapshot.REFUSED)
          .apply(prefix + "HandOverRefused", handOver.receive("refused", SNAPSHOT_CODER));
    }
    if (covered != null) {
      LabelBranch.cover(model, prefix, covered, standing, output)
          .apply(
              prefix + "HandOverPredictions",
              handOver.receive("predictions", new PredictionCounts.CountsCoder()));
    }
    PCollection<DeadLetter> bad = ingested.get(ScanFiles.BAD);
    bad.apply(prefix + "BadRows", BadRows.receive(handOver, false));
    if (labels != null) {
      labels.bad().apply(prefix + "BadLabels", BadRows.receive(handOver, true));
      bad =
          PCollectionList.of(bad)
              .and(labels.bad())
              .apply(prefix + "AllDeadLetters", Flatten.pCollections());
      labels
          .counts()
          .apply(
              prefix + "HandOverLabels", handOver.receive("labels", new LabelCounts.CountsCoder()));
      labels
          .listed()
          .apply(prefix + "HandOverListed", handOver.receive("listed", StringUtf8Coder.of()));
    }
    if (letters != null) {
      bad.apply(prefix + "SendDeadLetters", letters);
    } else {
      WriteDeadLetters files = WriteDeadLetters.to(output);
      bad.apply(prefix + "WriteDeadLetters", prefixed ? files.of(spec.model()) : files);
    }
    ingested
        .get(ScanFiles.COUNTS)
        .apply(
            prefix + "HandOverCounts", handOver.receive("counts", new RowCounts.RowCountsCoder()));
  }

  private LabelBranch.Joined join(Pipeline pipeline, String prefix, Runs runs) {
    String folder = LabelBranch.folder(output, spec.model(), range.statistics());
    return new LabelBranch(
            spec, model.files(), model.labels(), model.redaction(), range.read(), runs)
        .join(pipeline, prefix, folder);
  }

  /** Windows that are only looked back at have their statistics and findings already. */
  private <T> Filter<WindowRevision<T>> reported() {
    long from = range.looksBack() ? range.statistics().from() : Long.MIN_VALUE;
    return Filter.by(window -> window.window().start() >= from);
  }

  private FillWindows fill() {
    TimeRange asked = range.statistics();
    FillWindows fill = FillWindows.between(spec.window(), layouts);
    return spec.events().modelVersion() == null
        ? fill.within(
            asked.from() == Long.MIN_VALUE ? Long.MAX_VALUE : asked.from(),
            asked.to() == Long.MAX_VALUE ? Long.MIN_VALUE : asked.to())
        : fill;
  }
}
