package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.alerts.SendAlerts;
import io.tidemark.drift.Comparison;
import io.tidemark.drift.ReportDrift;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.LabelCounts;
import io.tidemark.schema.Finding;
import io.tidemark.slices.JudgedSlice;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** A job without end tells by its metrics, and by a record of each model that it keeps current. */
public final class FollowedResults implements RunResults {
  private final Fleet<MonitoringSpec> specs;
  private final Fleet<WindowTiming> times;
  private KeepRunRecords records;
  private final List<PCollection<KV<String, RunAccount>>> parts = new ArrayList<>();
  private final List<PCollection<KV<WindowKey, KV<KV<String, String>, WindowTold>>>> windows =
      new ArrayList<>();

  /**
   * @param times when nothing more can change windows
   */
  FollowedResults(Fleet<FollowedRecord> records, Fleet<WindowTiming> times, String output) {
    this.specs = records.map(FollowedRecord::spec);
    this.times = times;
    this.records = KeepRunRecords.of(records, output);
  }

  /**
   * @param events URI of the topic, or with {@code {model}} in it of one a model
   * @param labels the same of labels, or null
   * @param receiver of alerts, or null
   * @param output folder of all outputs
   */
  public static FollowedResults of(
      Fleet<Model> models, String events, String labels, Destination receiver, String output) {
    String to = receiver == null ? null : receiver.shown();
    Fleet<FollowedRecord> records =
        models.map(
            own ->
                new FollowedRecord(
                    own.spec(),
                    own.baselineHashes(),
                    ReadTopic.shown("--events", events, own.spec().model()),
                    labels == null || own.spec().labels() == null
                        ? null
                        : ReadTopic.shown("--labels", labels, own.spec().model()),
                    to));
    return new FollowedResults(
        records, LogTopic.times(models.map(Model::spec), labels != null), output);
  }

  /** Has the job tell in OpenLineage how it goes, too. */
  public FollowedResults telling(LineageKeeper lineage) {
    records = records.telling(lineage);
    return this;
  }

  /** Takes what became of the rows, as it becomes known. */
  void rows(String name, PCollection<KV<String, RowCounts>> counts) {
    TreeSet<String> models = new TreeSet<>(specs.models());
    parts.add(counts.apply(name, ParDo.of(new RowsFn(models))).setCoder(KeepRunRecords.CODER));
  }

  /** Takes how many labels were read, and how many of them were unusable. */
  void labelsRead(PCollection<KV<String, RowCounts>> counts) {
    part(
        "LabelsRead",
        counts,
        read -> RunAccount.ofLabels(LabelCounts.read(read.read(), read.deadLettered())));
  }

  /** Takes what became of the labels, as it becomes known. */
  void labels(PCollection<KV<String, LabelCounts>> settled) {
    part("LabelsSettled", settled, RunAccount::ofLabels);
  }

  private <T> void part(
      String name, PCollection<KV<String, T>> told, SerializableFunction<T, RunAccount> account) {
    parts.add(told.apply(name, ParDo.of(new PartFn<>(account))).setCoder(KeepRunRecords.CODER));
  }

  @Override
  public void drift(PCollection<WindowRevision<List<Comparison>>> findings) {
    findings.apply("ReportDrift", ReportDrift.of(specs));
    found(WindowTold.DRIFT, findings, Comparison::finding);
  }

  @Override
  public void found(String stage, PCollection<WindowRevision<List<Finding>>> findings) {
    found(stage, findings, each -> each);
  }

  private <C> void found(
      String stage,
      PCollection<WindowRevision<List<C>>> findings,
      SerializableFunction<C, Finding> finding) {
    windows.add(
        findings
            .apply("CountFindingsOf-" + stage, ParDo.of(new FindingsFn<>(stage, finding)))
            .setCoder(WindowTold.BY_WINDOW));
  }

  @Override
  public void predictions(PCollection<KV<WindowKey, Coverage>> covered) {
    windows.add(
        covered
            .apply("CountPredictions", ParDo.of(new PredictionsFn()))
            .setCoder(WindowTold.BY_WINDOW));
  }

  @Override
  public void alerts(PCollectionTuple told) {
    part("AlertsSent", told.get(SendAlerts.SENT), id -> RunAccount.ofAlerts(1));
  }

  @Override
  public void snapshots(PCollectionTuple curated) {
    part("SnapshotsPublished", curated.get(CurateSnapshot.PUBLISHED), RunAccount::ofSnapshot);
  }

  @Override
  public void slices(
      PCollection<KV<String, String>> stays, PCollection<WindowRevision<List<JudgedSlice>>> found) {
    found(Table.SLICES.folder(), found, JudgedSlice::finding);
  }

  @Override
  public void conclude() {
    parts.add(
        PCollectionList.of(windows)
            .apply("AllToldWindows", Flatten.pCollections())
            .apply("CountWindows", ParDo.of(new CountWindowsFn(times)))
            .setCoder(KeepRunRecords.CODER));
    PCollectionList.of(parts)
        .apply("AllAccounts", Flatten.pCollections())
        .apply("KeepRunRecords", records);
  }

  /** A part of a model's account. */
  private static final class PartFn<T> extends DoFn<KV<String, T>, KV<String, RunAccount>> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<T, RunAccount> account;

    PartFn(SerializableFunction<T, RunAccount> account) {
      this.account = account;
    }

    @ProcessElement
    public void process(@Element KV<String, T> told, OutputReceiver<KV<String, RunAccount>> out) {
      out.output(KV.of(told.getKey(), account.apply(told.getValue())));
    }
  }

  /** What is nobody's stands in the record of each model. */
  private static final class RowsFn extends DoFn<KV<String, RowCounts>, KV<String, RunAccount>> {
    private static final long serialVersionUID = 1;

    private final TreeSet<String> models;

    RowsFn(TreeSet<String> models) {
      this.models = models;
    }

    @ProcessElement
    public void process(
        @Element KV<String, RowCounts> counts, OutputReceiver<KV<String, RunAccount>> out) {
      if (counts.getKey().equals(ScanFiles.NOBODY)) {
        RunAccount ofNobody = RunAccount.ofNobody(counts.getValue());
        models.forEach(model -> out.output(KV.of(model, ofNobody)));
      } else {
        out.output(KV.of(counts.getKey(), RunAccount.ofRows(counts.getValue())));
      }
    }
  }

  private static final class FindingsFn<C>
      extends DoFn<WindowRevision<List<C>>, KV<WindowKey, KV<KV<String, String>, WindowTold>>> {
    private static final long serialVersionUID = 1;

    private final String stage;
    private final SerializableFunction<C, Finding> finding;

    FindingsFn(String stage, SerializableFunction<C, Finding> finding) {
      this.stage = stage;
      this.finding = finding;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<List<C>> found,
        OutputReceiver<KV<WindowKey, KV<KV<String, String>, WindowTold>>> out) {
      if (found.content().isEmpty()) {
        return; // nothing is written of it, either
      }
      long alarms = 0;
      for (C each : found.content()) {
        alarms += finding.apply(each).getAlarm() ? 1 : 0;
      }
      WindowTold told =
          new WindowTold(
              found.revision(), found.content().size(), alarms, WindowTold.NOTHING.predictions());
      out.output(WindowTold.of(stage, found.window(), told));
    }
  }

  private static final class PredictionsFn
      extends DoFn<KV<WindowKey, Coverage>, KV<WindowKey, KV<KV<String, String>, WindowTold>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, Coverage> covered,
        OutputReceiver<KV<WindowKey, KV<KV<String, String>, WindowTold>>> out) {
      WindowTold told = new WindowTold(0, 0, 0, covered.getValue().counts());
      out.output(WindowTold.of("coverage", covered.getKey(), told));
    }
  }
}
