package io.tidemark.snapshot;

import io.tidemark.flow.WindowKey;
import io.tidemark.profile.Held;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a snapshot needs of one window and model version.
 *
 * @param pool its candidate rows
 * @param drifted what rang in it
 * @param complete whether a run that was asked for the window has read all of it, or a stream has
 *     seen it whole
 */
record WindowCandidates(StratifiedSample pool, List<DriftedField> drifted, boolean complete) {
  long rows() {
    return pool.rows();
  }

  long labelled() {
    return pool.labelled();
  }

  WindowCandidates with(List<DriftedField> others, boolean whole) {
    return new WindowCandidates(pool, others, whole);
  }

  Held held() {
    return new Held(rows(), labelled());
  }

  /** How much they were drawn from, by the start of the window. */
  static TreeMap<Long, Held> byWindow(Map<WindowKey, WindowCandidates> windows) {
    TreeMap<Long, Held> held = new TreeMap<>();
    windows.forEach((key, window) -> held.merge(key.start(), window.held(), Held::plus));
    return held;
  }
}
