package io.tidemark.ingest.row;

import java.io.Serializable;

/**
 * Event times that a run looks at, microseconds since the epoch.
 *
 * @param from inclusive; {@link Long#MIN_VALUE}: no bound
 * @param to exclusive; {@link Long#MAX_VALUE}: no bound
 */
public record TimeRange(long from, long to) implements Serializable {
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  public boolean contains(long time) {
    return time >= from && time < to;
  }

  /** Whether some time is in both. */
  public boolean meets(TimeRange other) {
    return from < other.to && other.from < to;
  }

  /** Whether all of another's times are in this. */
  public boolean holds(TimeRange other) {
    return from <= other.from && other.to <= to;
  }
}
