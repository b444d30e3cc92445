package io.tidemark.pipeline;

import io.tidemark.detectors.DetectChanges;
import io.tidemark.detectors.OutcomeFold;
import io.tidemark.detectors.OutcomeLog;
import io.tidemark.detectors.OutcomeLogCoder;
import io.tidemark.flow.WindowRevision;
import io.tidemark.ingest.AggregateTopic;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.TimeRange;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.DetectorMethod;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The sequential detectors' part of the flow, where a spec has labels and classes. */
final class DetectorBranch {
  private static final String FILES = "detectors";

  private final Model model;
  private final TimeRange range;
  private final OutcomeFold fold;
  private final FoldOutput<String, OutcomeLog> outcomes;

  private DetectorBranch(Model model, TimeRange range) {
    this.model = model;
    this.range = range;
    this.fold = OutcomeFold.of(model.spec(), range.from(), range.to());
    this.outcomes = FoldOutput.of("Outcomes", fold, StringUtf8Coder.of(), new OutcomeLogCoder());
  }

  /**
   * Null where there is nothing to watch.
   *
   * @param range of the run; a stream has no bounds
   */
  static DetectorBranch of(Model model, TimeRange range) {
    MonitoringSpec spec = model.spec();
    return spec.labelled() && !spec.detectors().isEmpty() ? new DetectorBranch(model, range) : null;
  }

  FoldOutput<String, OutcomeLog> outcomes() {
    return outcomes;
  }

  AggregateTopic shownBy(AggregateTopic follow) {
    return follow.showing(outcomes, fold);
  }

  PCollection<WindowRevision<List<Finding>>> detect(
      String prefix, PCollectionTuple ingested, String output) {
    return ingested
        .get(outcomes.tag())
        .apply(
            prefix + "DetectChanges",
            DetectChanges.with(
                model.spec(),
                model.redaction(),
                model.spec().detectors().stream()
                    .map(id -> DetectorMethod.of(id).orElseThrow())
                    .toList(),
                range.from(),
                range.to(),
                output));
  }

  /** Emits what rang, once it is written. */
  PCollection<Finding> write(
      String prefix, PCollection<WindowRevision<List<Finding>>> changes, String output) {
    return changes
        .apply(
            prefix + "WriteChanges",
            WriteTable.<Finding>of(Table.FINDINGS, output, model.spec().model()).inFiles(FILES))
        .apply(prefix + "AlarmsOfDetectors", Alarms.of());
  }
}
