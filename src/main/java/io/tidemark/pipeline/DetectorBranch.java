package io.tidemark.pipeline;

import io.tidemark.detectors.DetectChanges;
import io.tidemark.detectors.OutcomeAggregator;
import io.tidemark.detectors.OutcomeLog;
import io.tidemark.detectors.OutcomeLogCoder;
import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowRevision;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.List;
import org.apache.beam.sdk.values.PCollection;

/** The sequential detectors' part of the flow, where a spec has labels and classes. */
final class DetectorBranch {
  private static final String FILES = "detectors";

  private final Fleet<MonitoringSpec> specs;
  private final Fleet<Redaction> redactions;
  private final TimeRange range;
  private final OutcomeAggregator fold;
  private final AggregateOutput<ModelVersion, OutcomeLog> outcomes;

  /**
   * @param specs of the models that have detectors, and of which something says what the truth was
   * @param range of the run; a stream has no bounds
   */
  DetectorBranch(Fleet<MonitoringSpec> specs, Fleet<Redaction> redactions, TimeRange range) {
    this.specs = specs;
    this.redactions = redactions;
    this.range = range;
    this.fold = OutcomeAggregator.of(specs, range.from(), range.to());
    this.outcomes =
        AggregateOutput.of(
            "Outcomes", fold, new ModelVersion.VersionCoder(), new OutcomeLogCoder());
  }

  Aggregates.Shown<OutcomeLog> aggregate() {
    return new Aggregates.Shown<>(outcomes, fold);
  }

  /** Emits what rang, once it is written. */
  PCollection<Finding> detect(
      AggregatedWindows rows, Standing standing, RunResults results, String output) {
    PCollection<WindowRevision<List<Finding>>> findings =
        rows.states(outcomes)
            .apply(
                "DetectChanges",
                DetectChanges.with(specs, redactions, range.from(), range.to(), output))
            .apply("ChangesToWrite", standing.leftOutBy(WindowRevision::window))
            .apply("WriteChanges", WriteTable.<Finding>of(Table.FINDINGS, output).inFiles(FILES));
    results.found(FILES, findings);
    return findings.apply("AlarmsOfDetectors", Alarms.of(specs.models()));
  }
}
