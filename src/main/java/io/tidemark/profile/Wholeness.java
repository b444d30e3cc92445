package io.tidemark.profile;

import java.io.Serializable;

/**
 * Which windows the run's bounds leave whole.
 *
 * @param from inclusive, microseconds since the epoch; {@link Long#MIN_VALUE}: no bound
 * @param to exclusive; {@link Long#MAX_VALUE}: no bound
 */
public record Wholeness(long from, long to) implements Serializable {
  public boolean whole(long start, long end) {
    return start >= from && end <= to;
  }
}
