package io.tidemark.pipeline;

import io.tidemark.detectors.FollowChanges;
import io.tidemark.detectors.OutcomeFold;
import io.tidemark.detectors.OutcomeLog;
import io.tidemark.detectors.OutcomeLogCoder;
import io.tidemark.event.StreamTimes;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.StreamWindows;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.DetectorMethod;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The sequential detectors' part of a stream, where a spec has labels and classes. */
final class DetectorStream {
  private final Model model;
  private final OutcomeFold fold;
  private final FoldOutput<String, OutcomeLog> outcomes;

  private DetectorStream(Model model) {
    this.model = model;
    this.fold = OutcomeFold.of(model.spec(), Long.MIN_VALUE, Long.MAX_VALUE);
    this.outcomes = FoldOutput.of("Outcomes", fold, StringUtf8Coder.of(), new OutcomeLogCoder());
  }

  /** Null where there is nothing to watch. */
  static DetectorStream of(Model model) {
    MonitoringSpec spec = model.spec();
    return spec.labelled() && !spec.detectors().isEmpty() ? new DetectorStream(model) : null;
  }

  StreamWindows shownBy(StreamWindows follow) {
    return follow.showing(outcomes, fold);
  }

  /** Emits what rang, once it is written. */
  PCollection<Finding> build(
      String prefix, PCollectionTuple followed, StreamTimes times, String output) {
    return followed
        .get(outcomes.tag())
        .apply(
            prefix + "FollowChanges",
            FollowChanges.with(
                model.spec(),
                model.redaction(),
                model.spec().detectors().stream()
                    .map(id -> DetectorMethod.of(id).orElseThrow())
                    .toList(),
                times,
                output))
        .apply(prefix + "WriteChanges", DetectorBranch.table(output, model.spec().model()))
        .apply(prefix + "AlarmsOfDetectors", Alarms.of());
  }
}
