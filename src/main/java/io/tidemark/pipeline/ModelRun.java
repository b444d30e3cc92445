package io.tidemark.pipeline;

import io.tidemark.alerts.Destination;
import io.tidemark.event.Redaction;
import io.tidemark.ingest.EventFiles;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.spec.MonitoringSpec;

/**
 * What a run knows of one model before it starts.
 *
 * @param labels null: none are joined
 * @param alerts where alarms go; null: nowhere
 */
record ModelRun(
    MonitoringSpec spec,
    EventFiles files,
    LabelSource labels,
    Baselines baselines,
    Redaction redaction,
    RunRange range,
    TimeCheck times,
    Destination alerts) {

  Model model() {
    return new Model(spec, redaction, baselines);
  }

  ProfileLayouts layouts() {
    return model().layouts();
  }
}
