package io.tidemark.ingest;

import io.tidemark.event.LongsCoder;

/**
 * What the rows of a shard came to when it was last passed on.
 *
 * @param profiled rows that stayed
 * @param duplicate copies of them
 */
record HeldRows(long profiled, long duplicate) {
  /** Deterministic. */
  static final class HeldRowsCoder extends LongsCoder<HeldRows> {
    private static final long serialVersionUID = 1;

    HeldRowsCoder() {
      super(2);
    }

    @Override
    protected long[] longs(HeldRows rows) {
      return new long[] {rows.profiled, rows.duplicate};
    }

    @Override
    protected HeldRows of(long[] longs) {
      return new HeldRows(longs[0], longs[1]);
    }
  }
}
