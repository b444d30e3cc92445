package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.TellPeriods;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.slices.CodedRowAggregator;
import io.tidemark.slices.CodedRowSample;
import io.tidemark.slices.CodedRowSampleCoder;
import io.tidemark.slices.FindWeakSlices;
import io.tidemark.slices.JudgedSlice;
import io.tidemark.slices.SliceSettings;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.List;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The part of the flow that finds where a model struggles: labelled rows as codes beside the
 * profiles, searched period by period, and written to a table of their own and, as a file of their
 * own, among the findings.
 */
final class SlicesBranch {
  private final Fleet<Model> models;
  private final Broadcast<Fleet<SliceSettings>> settings;
  private final AggregateOutput<WindowKey, CodedRowSample> rows;

  /**
   * @param models whose slices are searched, and of which something says what the truth was
   * @param layouts of each of them
   */
  SlicesBranch(Fleet<Model> models, Fleet<ProfileLayouts> layouts) {
    this.models = models;
    this.settings =
        Broadcast.of(
            models.mapKeyed(
                (model, own) ->
                    SliceSettings.of(
                        own.spec(),
                        layouts.of(model),
                        layout -> own.references(layouts.of(model), layout))));
    this.rows =
        AggregateOutput.of(
            "CodedRows",
            new CodedRowAggregator(settings),
            new WindowKey.KeyCoder(),
            new CodedRowSampleCoder(settings));
  }

  /** Whether a spec asks for slices, and says where labels are. */
  static boolean applies(MonitoringSpec spec) {
    return spec.slices() != null && PerformanceBranch.applies(spec);
  }

  AggregateOutput<WindowKey, CodedRowSample> aggregate() {
    return rows;
  }

  /**
   * @param windows of the run, those without rows too
   * @param grounds takes what is of use to snapshots
   * @return what rang, once it is written
   */
  PCollection<Finding> find(
      AggregatedWindows aggregated,
      PCollection<WindowRevision<WindowProfile>> windows,
      EventLog log,
      LogEdges edges,
      RunResults results,
      List<PCollection<KV<WindowKey, byte[]>>> grounds,
      String output) {
    PCollectionTuple found =
        aggregated
            .states(rows)
            .apply(
                "FindWeakSlices",
                FindWeakSlices.of(
                    log.periods(models, edges, output),
                    settings,
                    windows.apply("WindowsThereAre", new WindowsThereAre())));
    PCollection<WindowRevision<List<JudgedSlice>>> written =
        found
            .get(FindWeakSlices.FOUND)
            .apply("WriteSlices", WriteTable.of(Table.SLICES, output, JudgedSlice::slice))
            .apply(
                "WriteSliceFindings",
                WriteTable.of(Table.FINDINGS, output, JudgedSlice::finding)
                    .inFiles(Table.SLICES.folder()));
    results.slices(found.get(TellPeriods.STAYS), written);
    grounds.add(
        written
            .apply("WeakSlices", ParDo.of(new SnapshotBranch.SlicesFn()))
            .setCoder(SnapshotBranch.groundsCoder()));
    return written.apply("AlarmsOfSlices", Alarms.of(models.models(), JudgedSlice::finding));
  }
}
