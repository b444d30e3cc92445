package io.tidemark.stats.performance;

import io.tidemark.stats.Hash128;

/** A reproducible stream of random numbers: a hashed counter. */
final class Draws {
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private long state;

  Draws(long seed) {
    state = Hash128.finish(seed + GOLDEN_RATIO);
  }

  /** A whole number from 0 to {@code limit} - 1. */
  long below(long limit) {
    state += GOLDEN_RATIO;
    return Math.multiplyHigh(Hash128.finish(state) >>> 1, limit << 1);
  }
}
