package io.tidemark.pipeline;

import io.tidemark.detectors.DetectChanges;
import io.tidemark.detectors.OutcomeFold;
import io.tidemark.detectors.OutcomeLog;
import io.tidemark.detectors.OutcomeLogCoder;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.TimeRange;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.DetectorMethod;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The sequential detectors' part of the flow, where a spec has labels and classes. */
final class DetectorBranch {
  private static final String FILES = "detectors";

  private final ModelRun model;
  private final TimeRange range;
  private final FoldOutput<String, OutcomeLog> outcomes;

  private DetectorBranch(ModelRun model, TimeRange range) {
    this.model = model;
    this.range = range;
    this.outcomes =
        FoldOutput.of(
            "Outcomes",
            OutcomeFold.of(model.spec(), range.from(), range.to()),
            StringUtf8Coder.of(),
            new OutcomeLogCoder());
  }

  /** Null where there is nothing to watch. */
  static DetectorBranch of(ModelRun model, TimeRange range) {
    MonitoringSpec spec = model.spec();
    return spec.labelled() && !spec.detectors().isEmpty() ? new DetectorBranch(model, range) : null;
  }

  FoldOutput<String, OutcomeLog> outcomes() {
    return outcomes;
  }

  void build(
      String prefix,
      PCollectionTuple ingested,
      String output,
      StandingBranch standing,
      AlertBranch alerts) {
    alerts.add(
        ingested
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
                    output))
            .apply(prefix + "ChangesToWrite", standing.leftOutBy(window -> window.window().start()))
            .apply(prefix + "WriteChanges", table(output, model.spec().model()))
            .apply(prefix + "AlarmsOfDetectors", Alarms.of()));
  }

  static WriteTable<Finding, Finding> table(String output, String model) {
    return WriteTable.<Finding>of(Table.FINDINGS, output, model).inFiles(FILES);
  }
}
