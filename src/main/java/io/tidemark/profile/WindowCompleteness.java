package io.tidemark.profile;

import java.io.Serializable;

/**
 * Which windows are whole. Bounds that were asked for cut what they lie in and nothing else; on a
 * side without one, the log's first or last window may be cut by where the log happens to start or
 * end.
 *
 * @param from inclusive, microseconds since the epoch; {@link Long#MIN_VALUE}: no bound
 * @param to exclusive; {@link Long#MAX_VALUE}: no bound
 */
public record WindowCompleteness(long from, long to) implements Serializable {
  /** Of a log that is read from its start on, without end. */
  public static final WindowCompleteness UNBOUNDED =
      new WindowCompleteness(Long.MIN_VALUE, Long.MAX_VALUE);

  /** Whether the log's own ends do not matter. */
  public boolean bounded() {
    return from != Long.MIN_VALUE && to != Long.MAX_VALUE;
  }

  /**
   * @param log where it has rows; null where both bounds were asked for
   */
  public boolean whole(long start, long end, LogSpans log) {
    boolean fromHere = from == Long.MIN_VALUE ? !log.begins(start) : start >= from;
    boolean toHere = to == Long.MAX_VALUE ? !log.ends(start) : end <= to;
    return fromHere && toHere;
  }
}
