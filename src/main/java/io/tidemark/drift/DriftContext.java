package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;

/**
 * What the comparison of windows needs on the workers.
 *
 * @param spec whose window is the one that is compared
 * @param baselines whose windows are as long
 */
record DriftContext(MonitoringSpec spec, Redaction redaction, Baselines baselines)
    implements Serializable {}
