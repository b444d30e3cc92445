package io.tidemark.pipeline;

import io.tidemark.drift.DriftContext;
import io.tidemark.event.Redaction;
import io.tidemark.performance.PerformanceContext;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.BaselineFit;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.spec.MonitoringSpec;
import java.util.List;

/** A model, what may be shown of its columns, and what it is held against. */
public record Model(MonitoringSpec spec, Redaction redaction, Baselines baselines) {

  DriftContext drift() {
    return new DriftContext(spec, redaction, baselines);
  }

  PerformanceContext performance() {
    return new PerformanceContext(spec, redaction, baselines);
  }

  /** Hashes of the baselines, as records and manifests have them. */
  List<String> baselineHashes() {
    return baselines.all().stream().map(Baseline::hash).toList();
  }

  ProfileLayouts layouts() {
    return baselines.layouts(spec, BaselineFit.valueCapacity(spec, baselines));
  }
}
