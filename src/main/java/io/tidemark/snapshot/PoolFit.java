package io.tidemark.snapshot;

import io.tidemark.profile.WindowFit;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.List;

/** Names all that a window's candidate rows depend on besides the rows. */
final class PoolFit {
  private PoolFit() {}

  /**
   * @param baseline hash of the one whose bins the strata are
   */
  static String of(MonitoringSpec spec, PoolSettings pools, String baseline) {
    List<Object> parts = new ArrayList<>();
    parts.add(pools.seed());
    parts.addAll(pools.bounds());
    // The first two have always been there, and are told by their places.
    SamplingReasons.ALL.stream().skip(2).forEach(reason -> parts.add(reason.name()));
    return WindowFit.of(spec, baseline, spec.snapshot().columns(), parts);
  }
}
