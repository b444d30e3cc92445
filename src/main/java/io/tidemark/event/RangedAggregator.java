package io.tidemark.event;

/** A fold of what has a time of its own beside its event's, such as when a label was given. */
public interface RangedAggregator<K, S> extends Aggregator<K, S> {
  /**
   * The same fold of what falls between two times, microseconds since the epoch.
   *
   * @param from inclusive
   * @param to exclusive
   */
  Aggregator<K, S> between(long from, long to);
}
