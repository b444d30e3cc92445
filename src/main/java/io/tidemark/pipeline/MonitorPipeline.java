package io.tidemark.pipeline;

import io.tidemark.alerts.Alert;
import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Redaction;
import io.tidemark.event.WindowAggregate;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.AddEmptyWindows;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.ProfileAggregator;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.schema.Statistic;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;

/**
 * The flow of {@code tidemark monitor}, of logs that end and of those that do not: from models'
 * rows to statistics, findings, performance, label coverage, slices, label issues, snapshots and
 * when to train again. One graph, whatever the number of models.
 */
public final class MonitorPipeline extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1;

  private final transient Fleet<Model> models;
  private final transient Fleet<MonitoringSpec> specs;
  private final transient EventLog log;
  private final transient Outputs outputs;
  private final transient RunResults results;
  private final transient WindowAggregate<WindowProfile> profiles;
  private final transient Broadcast<ProfileLayouts> layouts;
  private final transient Optional<PerformanceBranch> performance;
  private final transient Optional<CoverageBranch> coverage;
  private final transient Optional<DetectorBranch> detectors;
  private final transient Optional<SnapshotBranch> snapshots;
  private final transient Optional<SlicesBranch> slices;
  private final transient Optional<LabelIssuesBranch> labelIssues;
  private final transient Optional<RetrainBranch> retraining;
  private final transient Optional<HorizonBranch> horizons;

  public MonitorPipeline(Fleet<Model> models, EventLog log, Outputs outputs, RunResults results) {
    Fleet<ProfileLayouts> all = models.map(Model::layouts);
    Fleet<Redaction> redactions = models.map(Model::redaction);
    String output = outputs.folder();
    this.models = models;
    this.specs = models.map(Model::spec);
    this.log = log;
    this.outputs = outputs;
    this.results = results;
    this.layouts = Broadcast.of(ProfileLayouts.of(all.all()));
    this.profiles =
        WindowAggregate.of(
                AggregateOutput.of(
                    "Profile",
                    new ProfileAggregator(layouts),
                    new WindowKey.KeyCoder(),
                    new WindowProfileCoder(layouts)),
                WindowProfile::merge)
            .byColumn();
    this.performance =
        some(models.keep((model, own) -> PerformanceBranch.applies(own.spec())))
            .map(own -> new PerformanceBranch(own, all, output));
    this.coverage = some(log.labelled()).map(own -> new CoverageBranch(own, redactions));
    this.detectors =
        some(log.labelled().keep((model, spec) -> !spec.detectors().isEmpty()))
            .map(own -> new DetectorBranch(own, redactions, log.reported()));
    this.snapshots =
        some(models.keep((model, own) -> SnapshotBranch.applies(own.spec())))
            .map(own -> new SnapshotBranch(own, all, log.augmented()));
    this.slices =
        some(models.keep(
                (model, own) -> SlicesBranch.applies(own.spec()) && log.labelled().has(model)))
            .map(own -> new SlicesBranch(own, all));
    this.labelIssues =
        some(models.keep(
                (model, own) -> LabelIssuesBranch.applies(own.spec()) && log.labelled().has(model)))
            .map(LabelIssuesBranch::new);
    this.retraining =
        some(specs.keep((model, spec) -> RetrainBranch.applies(spec))).map(RetrainBranch::new);
    this.horizons =
        some(models.keep((model, own) -> !own.spec().horizons().isEmpty()))
            .map(own -> new HorizonBranch(own, layouts, output));
  }

  /** Models that ask for something, where there are some. */
  private static <T> Optional<Fleet<T>> some(Fleet<T> asking) {
    return asking.isEmpty() ? Optional.empty() : Optional.of(asking);
  }

  private Aggregates wanted() {
    Aggregates wanted = Aggregates.of(profiles);
    performance.ifPresent(stage -> wanted.revised().add(stage.aggregate()));
    coverage.ifPresent(stage -> wanted.revised().add(stage.aggregate()));
    snapshots.ifPresent(
        stage -> {
          wanted.last().add(stage.aggregate());
          stage.augmented().ifPresent(wanted.augmented()::add);
        });
    slices.ifPresent(stage -> wanted.last().add(stage.aggregate()));
    labelIssues.ifPresent(stage -> wanted.last().add(stage.aggregate()));
    detectors.ifPresent(stage -> wanted.shown().add(stage.aggregate()));
    return wanted;
  }

  @Override
  public PDone expand(PBegin begin) {
    String output = outputs.folder();
    // Windows before are looked back at: they have their statistics and findings already.
    long from = log.reported().from();
    List<PCollection<Finding>> alarms = new ArrayList<>();
    List<PCollection<KV<WindowKey, byte[]>>> grounds = new ArrayList<>();

    AggregatedWindows rows = log.aggregate(begin, wanted());
    PCollection<KV<WindowKey, WindowProfile>> withRows = rows.windows("ProfileWindows", profiles);
    PCollection<KV<WindowKey, WindowProfile>> empty =
        withRows.apply(
            "AddEmptyWindows",
            AddEmptyWindows.of(specs, layouts).within(from, log.reported().to()));
    PCollection<KV<WindowKey, WindowProfile>> windows =
        PCollectionList.of(withRows).and(empty).apply("AllWindows", Flatten.pCollections());
    Optional<PCollection<KV<WindowKey, Coverage>>> covered =
        coverage.map(stage -> stage.windows(rows));
    LogEdges edges = rows.edges(withRows);
    Standing standing = rows.standing(edges, windows, covered);
    PCollection<WindowRevision<WindowProfile>> marked =
        windows
            .apply("WindowsToWrite", standing.leftOut())
            .apply("MarkWindows", standing.mark(WindowProfile::rows, WindowProfile::rows));

    PCollectionTuple drift =
        marked.apply("DetectDrift", DetectDrift.of(models.map(Model::drift), output));
    drift
        .get(DetectDrift.STATISTICS)
        .apply("WriteStatistics", WriteTable.<Statistic>of(Table.STATISTICS, output).from(from));
    PCollection<WindowRevision<List<Comparison>>> findings =
        drift
            .get(DetectDrift.FINDINGS)
            .apply(
                "WriteFindings",
                WriteTable.of(Table.FINDINGS, output, Comparison::finding).from(from));
    alarms.add(
        findings.apply("AlarmsOfDrift", Alarms.of(specs.models(), Comparison::finding).from(from)));

    horizons.ifPresent(stage -> alarms.addAll(stage.detect(since(from, marked))));
    performance.ifPresent(stage -> alarms.add(stage.measure(rows, empty, standing, results)));
    coverage.ifPresent(stage -> stage.write(covered.orElseThrow(), standing, output));
    detectors.ifPresent(stage -> alarms.add(stage.detect(rows, standing, results, output)));
    slices.ifPresent(
        stage -> alarms.add(stage.find(rows, marked, log, edges, results, grounds, output)));
    labelIssues.ifPresent(stage -> stage.find(rows, marked, log, edges, results, grounds, output));
    Optional<PCollectionTuple> curated =
        snapshots.map(stage -> stage.curate(rows, findings, grounds, log, edges, output));
    curated.ifPresent(results::snapshots);
    Optional<PCollection<Alert>> triggers =
        retraining.map(stage -> stage.decide(curated.orElseThrow(), log.times(), alarms, output));

    outputs.letters(rows.bad());
    outputs.alerts(specs.models(), alarms, triggers).ifPresent(results::alerts);
    results.drift(findings);
    results.unusable(withRows);
    covered.ifPresent(results::predictions);
    results.conclude();
    return PDone.in(begin.getPipeline());
  }

  private static PCollection<WindowRevision<WindowProfile>> since(
      long from, PCollection<WindowRevision<WindowProfile>> windows) {
    return from == Long.MIN_VALUE
        ? windows
        : windows.apply("WindowsOfRun", Filter.by(window -> window.window().start() >= from));
  }
}
