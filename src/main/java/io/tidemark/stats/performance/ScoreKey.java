package io.tidemark.stats.performance;

/**
 * Probabilities as longs in the same order, from which low bits can be dropped. Below one half the
 * key holds the bits of the score, from there on those of its distance from 1 (which subtraction
 * gives exactly), reversed: so dropping bits costs a share of the distance to the nearer end, and
 * .0001, .00011 and .9999, .99989 stay as far apart as one another. Dropping is nested: some bits
 * and then more is the more at once.
 */
final class ScoreKey {
  /** What is left then says on which side of one half a score lies. */
  static final int MAX_DROPPED = 62;

  private static final double HALF = .5;
  private static final int MANTISSA_BITS = 52;

  private ScoreKey() {}

  /**
   * The key of a score.
   *
   * @throws IllegalArgumentException if it is not from 0 to 1
   */
  static long of(double score) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("Not a probability: " + score);
    }
    return score < HALF
        ? Double.doubleToRawLongBits(score + 0.0) | Long.MIN_VALUE // + 0.0 makes 0.0 of -0.0
        : ~Double.doubleToRawLongBits(1 - score) & Long.MAX_VALUE;
  }

  /** The key without its {@code dropped} low bits. */
  static long truncate(long key, int dropped) {
    return key & (-1L << dropped);
  }

  /** The score of a key; of a truncated one, the middle of the scores that share it. */
  static double score(long key, int dropped) {
    long bits = (key < 0 ? key : ~key) & Long.MAX_VALUE;
    if (dropped > 0) {
      bits = (bits & (-1L << dropped)) | (1L << (dropped - 1));
    }
    double toEnd = Math.min(HALF, Double.longBitsToDouble(bits));
    return key < 0 ? toEnd : 1 - toEnd;
  }

  /**
   * By how much {@link #score} may be off, as a share of the score's distance to the nearer end; 0
   * if nothing was dropped.
   */
  static double relativeError(int dropped) {
    return dropped == 0
        ? 0
        : dropped > MANTISSA_BITS ? 1 : Math.scalb(1.0, dropped - MANTISSA_BITS - 1);
  }

  /**
   * The fewest bits, more than {@code dropped}, without which at most {@code limit} keys differ.
   */
  static int least(long[] ascending, int dropped, int limit) {
    int bits = dropped + 1;
    while (distinct(ascending, bits) > limit) {
      bits++;
    }
    return bits;
  }

  private static int distinct(long[] ascending, int dropped) {
    int distinct = 0;
    for (int i = 0; i < ascending.length; i++) {
      if (i == 0 || truncate(ascending[i], dropped) != truncate(ascending[i - 1], dropped)) {
        distinct++;
      }
    }
    return distinct;
  }
}
