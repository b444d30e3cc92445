package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;

/**
 * What a run knows of one model before it starts.
 *
 * @param labels null: none are joined
 * @param augmented rows that were made or collected on request; null: none are given
 * @param alerts where alarms go; null: nowhere
 */
public record ModelRun(
    MonitoringSpec spec,
    EventFiles files,
    LabelSource labels,
    EventFiles augmented,
    Baselines baselines,
    Redaction redaction,
    RunRange range,
    TimeCheck times,
    Destination alerts) {

  public Model model() {
    return new Model(spec, redaction, baselines);
  }

  ProfileLayouts layouts() {
    return model().layouts();
  }

  /** What the scan reads. */
  ScanFiles.Input input() {
    return new ScanFiles.Input(
        files, EventColumns.all(spec), redaction, range.read(), range.statistics(), times.likely());
  }

  /** What is read of rows that were made or collected on request, of all times. */
  ScanFiles.Input augmentedInput() {
    return new ScanFiles.Input(
        augmented,
        EventColumns.augmented(spec.ofAugmented()),
        redaction,
        TimeRange.ALL,
        TimeRange.ALL,
        TimeRange.ALL);
  }

  /** Which windows the run can speak for. */
  Reach reach() {
    return new Reach(
        range.statistics().from(),
        range.statistics().to(),
        range.read().from(),
        labels != null || spec.labels() == null,
        true);
  }
}
