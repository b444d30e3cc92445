package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;

/**
 * What the comparison of a model's windows needs on the workers.
 *
 * @param spec whose window is the one that is compared
 * @param baselines whose windows are as long
 */
public record DriftContext(MonitoringSpec spec, Redaction redaction, Baselines baselines)
    implements Serializable {
  /** The same of longer windows. */
  DriftContext over(WindowSpec horizon) {
    return new DriftContext(spec.over(horizon), redaction, baselines.over(horizon));
  }
}
