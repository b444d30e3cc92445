package io.tidemark.snapshot;

import io.tidemark.profile.WindowFit;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.List;

/** Names all that a window's candidate rows depend on besides the rows. */
final class PoolFit {
  /** Told by their places. */
  private static final List<String> USUAL = List.of("base", "drifted");

  private PoolFit() {}

  /**
   * @param baseline hash of the one whose bins the strata are
   */
  static String of(MonitoringSpec spec, PoolSettings pools, String baseline) {
    List<Object> parts = new ArrayList<>();
    parts.add(pools.seed());
    parts.addAll(pools.bounds());
    if (!pools.blanks().extras().isEmpty()) {
      parts.add(pools.blanks().extras());
    }
    List<String> reasons = PoolSettings.kept(spec.snapshot());
    if (!reasons.equals(USUAL)) {
      parts.addAll(reasons);
    }
    return WindowFit.of(spec, baseline, spec.snapshot().columns(), parts);
  }
}
