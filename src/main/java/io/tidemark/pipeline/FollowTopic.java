package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.alerts.SendAlerts;
import io.tidemark.drift.Comparison;
import io.tidemark.drift.DetectDrift;
import io.tidemark.drift.ReportDrift;
import io.tidemark.event.Shipped;
import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.ingest.AggregateTopic;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.ReadTopic;
import io.tidemark.ingest.SendDeadLetters;
import io.tidemark.ingest.StreamFold;
import io.tidemark.ingest.TimeRange;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.FillStream;
import io.tidemark.profile.MarkStream;
import io.tidemark.profile.ProfileFold;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.DeadLetter;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.store.StreamLetters;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@code monitor} of a topic without end: statistics and findings of each window when it ends, and
 * again when rows came late; its performance as labels come; a snapshot of each period when nothing
 * can change it any more.
 */
final class FollowTopic {
  private final Model model;
  private final MonitoringSpec spec;
  private final String output;
  private final Destination receiver;
  private final SendDeadLetters sender;

  /**
   * @param receiver of alerts, or null
   * @param sender of dead letters to a topic, or null: they go to files
   */
  FollowTopic(Model model, String output, Destination receiver, SendDeadLetters sender) {
    this.model = model;
    this.spec = model.spec();
    this.output = output;
    this.receiver = receiver;
    this.sender = sender;
  }

  /**
   * @throws UsageException where the runner would lose or repeat rows
   */
  static void check(String uri, PipelineOptions options) {
    boolean flink = options.getRunner().getSimpleName().equals("FlinkRunner");
    long interval = options.as(FlinkPipelineOptions.class).getCheckpointingInterval();
    if (!flink || interval <= 0) {
      throw new UsageException(
          "--events="
              + uri
              + ": a run that follows a topic without end needs checkpoints, or a failure would"
              + " lose what it holds. Give --runner=FlinkRunner --checkpointingInterval=10000"
              + " (every 10 s; with --flinkMaster=host:8081 on a cluster), or add ?until=latest to"
              + " read what the topic holds now");
    }
  }

  /**
   * What is written must not be read again, and rows and labels of one topic could not be told
   * apart.
   *
   * @param labels null: none
   * @param letters null: files
   * @throws UsageException if two of them are one topic
   */
  static void checkApart(String events, String labels, String letters) {
    String rows = place(events);
    if (labels != null && place(labels).equals(rows)) {
      throw new UsageException(
          "--labels: is the topic of --events; labels need one of their own, or events.label in the"
              + " spec where rows carry them");
    }
    if (letters != null
        && (place(letters).equals(rows)
            || (labels != null && place(letters).equals(place(labels))))) {
      throw new UsageException(
          "--dead-letters: is a topic that is read; what is unusable needs one of its own");
    }
  }

  private static String place(String uri) {
    return uri.replaceFirst("\\?.*", "");
  }

  /**
   * A cluster's configuration says where checkpoints are. Within this process none does, and a few
   * megabytes of state would be more than a checkpoint may hold.
   */
  static void keepCheckpoints(PipelineOptions options, String output) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    if (flink.getFlinkMaster().equals("[local]") && flink.getSavepointPath() != null) {
      throw new UsageException(
          "--savepointPath: a job within this process begins anew, at the topic's start; to go on"
              + " from a savepoint give --flinkMaster=host:8081");
    }
    if (isLocal(flink.getFlinkMaster())
        && flink.getStateBackend() == null
        && flink.getStateBackendStoragePath() == null) {
      flink.setStateBackend("filesystem");
      flink.setStateBackendStoragePath(
          Path.of(output, ".checkpoints").toAbsolutePath().toUri().toString());
    }
  }

  /** An application that a cluster runs by itself has no address of one, either. */
  private static boolean isLocal(String master) {
    return master.equals("[local]")
        || (master.equals("[auto]")
            && StreamExecutionEnvironment.getExecutionEnvironment()
                instanceof LocalStreamEnvironment);
  }

  /**
   * @param events URI of the topic
   * @param labels URI of the labels' topic, or null
   * @param prefixed whether letters carry the model's name, because others are in the same job
   */
  void build(Pipeline pipeline, String events, String labels, boolean prefixed) {
    // Always, so that metrics name the model, and state keeps its place when another one joins.
    String prefix = spec.model() + "/";
    ProfileLayouts profiles = model.layouts();
    Shipped<ProfileLayouts> layouts = Shipped.of(profiles);
    StreamFold<WindowProfile> profile =
        StreamFold.of(
                FoldOutput.of(
                    "Profile",
                    new ProfileFold(layouts),
                    new WindowKey.KeyCoder(),
                    new WindowProfileCoder(layouts)),
                WindowProfile::merge)
            .byColumn();
    AggregateTopic follow = AggregateTopic.of(spec, labels != null, profile);
    PerformanceBranch performance =
        PerformanceBranch.applies(spec) ? new PerformanceBranch(model, profiles, output) : null;
    StreamFold<WindowOutcomes> outcomes = performance == null ? null : performance.streamed();
    boolean labelled = labels != null || spec.events().label() != null;
    StreamFold<Coverage> coverage = StreamFold.of(LabelBranch.coverage(spec), Coverage::merge);
    if (performance != null) {
      follow = follow.revising(List.of(outcomes));
    }
    if (labelled) {
      follow = follow.revising(List.of(coverage));
    }
    SnapshotBranch snapshot = spec.snapshot() == null ? null : new SnapshotBranch(model, profiles);
    if (snapshot != null) {
      follow = follow.atLast(List.of(snapshot.candidates()));
    }
    DetectorBranch detectors = labelled ? DetectorBranch.of(model, TimeRange.ALL) : null;
    if (detectors != null) {
      follow = detectors.shownBy(follow);
    }
    PCollectionTuple read =
        pipeline.apply(prefix + "Read", ReadTopic.of(spec, model.redaction(), events, labels));
    PCollectionTuple followed = read.apply(prefix + "Follow", follow);
    PCollection<KV<WindowKey, WindowProfile>> withRows =
        AggregateTopic.assembled(
            prefix + "AssembleWindows",
            followed.get(profile.parts()),
            profile,
            StreamTimes.withoutLabels(spec.window()));
    PCollection<KV<WindowKey, WindowProfile>> filled =
        withRows.apply(
            prefix + "FillWindows",
            FillStream.of(spec.window(), layouts, spec.events().modelVersion() != null));
    PCollection<WindowRevision<WindowProfile>> windows =
        PCollectionList.of(withRows)
            .and(filled)
            .apply(prefix + "AllWindows", Flatten.pCollections())
            .apply(
                prefix + "MarkWindows",
                MarkStream.of(
                    spec.window(),
                    followed.get(AggregateTopic.SEEN),
                    WindowProfile::rows,
                    WindowProfile::rows));
    PCollectionTuple drift =
        windows.apply(
            prefix + "DetectDrift",
            DetectDrift.of(spec, model.redaction(), model.baselines(), output));
    drift
        .get(DetectDrift.STATISTICS)
        .apply(prefix + "WriteStatistics", WriteTable.of(Table.STATISTICS, output, spec.model()));
    PCollection<WindowRevision<List<Comparison>>> findings =
        drift
            .get(DetectDrift.FINDINGS)
            .apply(
                prefix + "WriteFindings",
                WriteTable.of(Table.FINDINGS, output, spec.model(), Comparison::finding));
    findings.apply(prefix + "ReportDrift", ReportDrift.of(spec));
    List<PCollection<Finding>> alarms = new ArrayList<>();
    alarms.add(findings.apply(prefix + "AlarmsOfDrift", Alarms.of(Comparison::finding)));
    for (WindowSpec horizon : spec.horizons()) {
      alarms.add(HorizonBranch.detect(prefix, horizon, model, layouts, null, windows, output));
    }
    if (performance != null) {
      alarms.add(performance.follow(prefix, followed, outcomes, filled, follow.times()));
    }
    if (labelled) {
      LabelBranch.follow(model, prefix, followed, coverage, follow.times(), output);
    }
    if (snapshot != null) {
      snapshot.follow(prefix, followed, findings, follow.times(), output);
    }
    if (detectors != null) {
      alarms.add(detectors.write(prefix, detectors.detect(prefix, followed, output), output));
    }
    if (receiver != null) {
      PCollectionList.of(alarms)
          .apply(prefix + "AllAlarms", Flatten.pCollections())
          .apply(prefix + "StableAlarms", ParDo.of(new StableFn()))
          .setCoder(RecordCoder.of(Finding.class))
          .apply(prefix + "SendAlerts", SendAlerts.to(receiver, output));
    }
    PCollection<DeadLetter> bad = read.get(ReadTopic.BAD);
    if (sender == null) {
      bad.apply(prefix + "WriteDeadLetters", letters("dead-letters", prefixed));
    } else {
      bad.apply(prefix + "SendDeadLetters", sender.of(spec.model()));
    }
    read.get(ReadTopic.LATE).apply(prefix + "WriteLate", letters("late", prefixed));
  }

  /** Alarms that a checkpoint holds: a failure replays them as they were. */
  private static final class StableFn extends DoFn<Finding, Finding> {
    private static final long serialVersionUID = 1;

    @RequiresStableInput
    @ProcessElement
    public void process(@Element Finding alarm, OutputReceiver<Finding> out) {
      out.output(alarm);
    }
  }

  private StreamLetters letters(String table, boolean prefixed) {
    StreamLetters letters = StreamLetters.to(output, table);
    return prefixed ? letters.of(spec.model()) : letters;
  }
}
