package io.tidemark.stats.slices;

import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Fisher's exact test, one-sided: the chance that a draw of some rows without replacement has at
 * least so many mistakes. Right for any size, however few mistakes there are.
 */
final class HypergeometricTail {
  private static final double NEGLIGIBLE = 1e-18;

  private HypergeometricTail() {}

  /** P(X >= found) where {@code drawn} of {@code rows}, {@code mistakes} of them wrong, are X. */
  static double of(int rows, int mistakes, int drawn, int found) {
    if (found <= Math.max(0, (long) drawn + mistakes - rows)) {
      return 1;
    }
    if (found <= (double) drawn * mistakes / rows) {
      // the shorter tail: of those that are right, more than drawn - found
      return 1 - of(rows, rows - mistakes, drawn, drawn - found + 1);
    }
    double term = HypergeometricDistribution.of(rows, mistakes, drawn).probability(found);
    double tail = term;
    for (long x = found; x < Math.min(drawn, mistakes) && term > tail * NEGLIGIBLE; x++) {
      // above the mean each term is less than the one before
      term *=
          (double) (mistakes - x)
              * (drawn - x)
              / ((x + 1.0) * ((double) rows - mistakes - drawn + x + 1));
      tail += term;
    }
    return Math.min(1, tail);
  }
}
