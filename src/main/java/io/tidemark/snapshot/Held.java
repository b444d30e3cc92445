package io.tidemark.snapshot;

import io.tidemark.profile.WindowKey;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of a window candidates were drawn from, all versions together.
 *
 * @param labelled rows with a label
 */
record Held(long rows, long labelled) {
  static final Held NONE = new Held(0, 0);

  Held plus(Held other) {
    return new Held(rows + other.rows, labelled + other.labelled);
  }

  /** By the start of the window. */
  static TreeMap<Long, Held> byWindow(Map<WindowKey, WindowCandidates> windows) {
    TreeMap<Long, Held> held = new TreeMap<>();
    windows.forEach(
        (key, window) ->
            held.merge(key.start(), new Held(window.rows(), window.labelled()), Held::plus));
    return held;
  }
}
