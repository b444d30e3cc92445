package io.tidemark.stats.slices;

/**
 * SliceLine's score: how much larger a slice's mean error is than that of all rows, against how
 * small the slice is. All rows score 0.
 *
 * @param alpha the weight of the error, in (0, 1]
 * @param rows how many there are
 * @param meanError of all rows, above 0
 * @param minSupport the fewest rows of a slice
 */
record Score(double alpha, int rows, double meanError, int minSupport) {
  double of(double size, double sum) {
    return alpha * (sum / size / meanError - 1) - (1 - alpha) * (rows / size - 1);
  }

  /**
   * No slice within one of this size, sum and maximum of errors scores more (equation 3 of the
   * paper): with s rows the sum is at most {@code min(s * max, sum)}; the score rises in s until
   * both are equal, and is monotone from there on.
   *
   * @return negative infinity if there is no error, or no slice with support
   */
  double bound(int size, long sum, int max) {
    if (size < minSupport || sum == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double even = Math.min(Math.max((double) sum / max, minSupport), size);
    return Math.max(
        of(size, Math.min((double) size * max, sum)),
        Math.max(
            of(even, Math.min(even * max, sum)),
            of(minSupport, Math.min((double) minSupport * max, sum))));
  }
}
