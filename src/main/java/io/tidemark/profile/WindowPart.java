package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stage keeps of one window and model version, until the period that the window is in is
 * closed and for runs after this one.
 *
 * @param <P> the kind of part itself
 * @param <N> what other stages have found in the window
 */
public interface WindowPart<P extends WindowPart<P, N>, N> {
  /** How much of the window it was made of. */
  Held held();

  N said();

  /**
   * Whether a run that was asked for the window has read all of it, or a stream has seen it whole.
   */
  boolean complete();

  /** The same rows with something else said of their window. */
  P with(N said, boolean complete);

  /** How much parts were made of, by the start of the window. */
  static TreeMap<Long, Held> byWindow(Map<WindowKey, ? extends WindowPart<?, ?>> parts) {
    TreeMap<Long, Held> held = new TreeMap<>();
    parts.forEach((key, part) -> held.merge(key.start(), part.held(), Held::plus));
    return held;
  }
}
