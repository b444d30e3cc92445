package io.tidemark.flow;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What is made of the windows under a key, and when; see {@link RegroupRevisions}. Times are
 * microseconds since the epoch.
 *
 * @param <K> the key
 * @param <T> a window's content
 * @param <U> what is made of them
 */
public interface Regrouping<K, T, U> extends Serializable {

  /**
   * Whether the key's model is still one of the run's: nothing is kept or made of one that left.
   */
  default boolean knows(K key) {
    return true;
  }

  /** The key that a window is under. */
  K key(WindowKey window);

  /**
   * Judges what there is under a key.
   *
   * @param windows the latest revision of each
   * @param changed those that are new, or have changed since the last time
   */
  List<WindowRevision<U>> judge(
      K key, SortedMap<WindowKey, WindowRevision<T>> windows, Set<WindowKey> changed)
      throws IOException;

  /** From when on what changes in a stream is passed on; before, it is kept. */
  default long opens(K key) {
    return Long.MIN_VALUE;
  }

  /**
   * The windows of a stream that need not be kept any more: event time has passed, and so none that
   * changes them, or that would look back at them, is still to come.
   */
  Set<WindowKey> settled(K key, SortedMap<WindowKey, WindowRevision<T>> windows, long passed);

  /** The next time when some may be settled; {@link Long#MAX_VALUE}: none but by what comes. */
  long settles(K key, SortedMap<WindowKey, WindowRevision<T>> windows, long passed);
}
