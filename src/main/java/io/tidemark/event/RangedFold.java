package io.tidemark.event;

/** A fold of what has a time of its own beside its event's, such as when a label was given. */
public interface RangedFold<K, S> extends EventFold<K, S> {
  /**
   * The same fold of what falls between two times, microseconds since the epoch.
   *
   * @param from inclusive
   * @param to exclusive
   */
  EventFold<K, S> between(long from, long to);
}
