package io.tidemark.ingest.hold;

import io.tidemark.flow.LongsCoder;

/**
 * What the rows of a shard came to when it was last passed on.
 *
 * @param profiled rows that stayed
 * @param duplicate copies of them
 * @param conflicting of these, those that differ from the one that stayed
 */
record HeldCounts(long profiled, long duplicate, long conflicting) {
  static final HeldCounts NONE = new HeldCounts(0, 0, 0);

  /** Deterministic. */
  static final class CountsCoder extends LongsCoder<HeldCounts> {
    private static final long serialVersionUID = 1;

    CountsCoder() {
      super(3);
    }

    @Override
    protected long[] longs(HeldCounts rows) {
      return new long[] {rows.profiled, rows.duplicate, rows.conflicting};
    }

    @Override
    protected HeldCounts of(long[] longs) {
      return new HeldCounts(longs[0], longs[1], longs[2]);
    }
  }
}
