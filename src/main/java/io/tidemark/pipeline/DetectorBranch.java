package io.tidemark.pipeline;

import io.tidemark.detectors.DetectChanges;
import io.tidemark.detectors.OutcomeAggregator;
import io.tidemark.detectors.OutcomeLog;
import io.tidemark.detectors.OutcomeLogCoder;
import io.tidemark.ingest.AggregateOutput;
import io.tidemark.ingest.TimeRange;
import io.tidemark.schema.Finding;
import io.tidemark.stats.DetectorMethod;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.PCollection;

/** The sequential detectors' part of the flow, where a spec has labels and classes. */
final class DetectorBranch {
  private static final String FILES = "detectors";

  private final Model model;
  private final TimeRange range;
  private final OutcomeAggregator fold;
  private final AggregateOutput<String, OutcomeLog> outcomes;

  /**
   * @param range of the run; a stream has no bounds
   */
  DetectorBranch(Model model, TimeRange range) {
    this.model = model;
    this.range = range;
    this.fold = OutcomeAggregator.of(model.spec(), range.from(), range.to());
    this.outcomes =
        AggregateOutput.of("Outcomes", fold, StringUtf8Coder.of(), new OutcomeLogCoder());
  }

  Aggregates.Shown<OutcomeLog> aggregate() {
    return new Aggregates.Shown<>(outcomes, fold);
  }

  /** Emits what rang, once it is written. */
  PCollection<Finding> detect(AggregatedWindows rows, Standing standing, String output) {
    return rows.states(outcomes)
        .apply(
            "DetectChanges",
            DetectChanges.with(
                model.spec(),
                model.redaction(),
                model.spec().detectors().stream()
                    .map(id -> DetectorMethod.of(id).orElseThrow())
                    .toList(),
                range.from(),
                range.to(),
                output))
        .apply("ChangesToWrite", standing.leftOutBy(window -> window.window().start()))
        .apply(
            "WriteChanges",
            WriteTable.<Finding>of(Table.FINDINGS, output, model.spec().model()).inFiles(FILES))
        .apply("AlarmsOfDetectors", Alarms.of());
  }
}
