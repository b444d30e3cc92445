package io.tidemark.performance;

import io.tidemark.event.Redaction;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;

/** What measuring a model needs on the workers. */
public record PerformanceContext(MonitoringSpec spec, Redaction redaction, Baselines baselines)
    implements Serializable {}
