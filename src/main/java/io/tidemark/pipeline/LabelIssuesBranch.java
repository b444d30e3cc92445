package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.labelissues.FindLabelIssues;
import io.tidemark.labelissues.LabelEvidence;
import io.tidemark.labelissues.LabelEvidenceAggregator;
import io.tidemark.labelissues.LabelEvidenceCoder;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.WindowProfile;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.util.List;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The part of the flow that finds labels that disagree: evidence beside the profiles, judged. */
public final class LabelIssuesBranch {
  private final Fleet<Model> models;
  private final AggregateOutput<WindowKey, LabelEvidence> evidence;

  /**
   * @param models whose labels are judged
   */
  LabelIssuesBranch(Fleet<Model> models) {
    this.models = models;
    this.evidence =
        AggregateOutput.of(
            "LabelEvidence",
            new LabelEvidenceAggregator(models.map(Model::spec), models.map(Model::redaction)),
            new WindowKey.KeyCoder(),
            new LabelEvidenceCoder());
  }

  /** Whether a spec asks for label issues, and says where labels are; numbers are no classes. */
  public static boolean applies(MonitoringSpec spec) {
    return spec.labelIssues() != null
        && spec.task() != Task.REGRESSION
        && PerformanceBranch.applies(spec);
  }

  AggregateOutput<WindowKey, LabelEvidence> aggregate() {
    return evidence;
  }

  /**
   * @param windows of the run
   * @param grounds takes what is of use to snapshots
   */
  void find(
      AggregatedWindows rows,
      PCollection<WindowRevision<WindowProfile>> windows,
      EventLog log,
      LogEdges edges,
      RunResults results,
      List<PCollection<KV<WindowKey, byte[]>>> grounds,
      String output) {
    PCollectionTuple found =
        rows.states(evidence)
            .apply(
                "FindLabelIssues",
                FindLabelIssues.of(
                    log.periods(models, edges, output),
                    windows.apply("WindowsOfLabels", new WindowsThereAre())));
    grounds.add(
        found
            .get(FindLabelIssues.FOUND)
            .apply("DoubtedRows", ParDo.of(new SnapshotBranch.LabelsFn()))
            .setCoder(SnapshotBranch.groundsCoder()));
    results.labelIssues(found);
  }
}
