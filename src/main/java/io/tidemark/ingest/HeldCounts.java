package io.tidemark.ingest;

import io.tidemark.event.LongsCoder;

/**
 * What the rows of a shard came to when it was last passed on.
 *
 * @param profiled rows that stayed
 * @param duplicate copies of them
 */
record HeldCounts(long profiled, long duplicate) {
  /** Deterministic. */
  static final class CountsCoder extends LongsCoder<HeldCounts> {
    private static final long serialVersionUID = 1;

    CountsCoder() {
      super(2);
    }

    @Override
    protected long[] longs(HeldCounts rows) {
      return new long[] {rows.profiled, rows.duplicate};
    }

    @Override
    protected HeldCounts of(long[] longs) {
      return new HeldCounts(longs[0], longs[1]);
    }
  }
}
