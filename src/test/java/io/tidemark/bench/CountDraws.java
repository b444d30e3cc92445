package io.tidemark.bench;

import java.util.SplittableRandom;

/** Counts of rows drawn at once: half a million cost as much as fifty. */
final class CountDraws {
  private CountDraws() {}

  /** Counts of n rows by share, cell by cell as binomials of what is left. */
  static long[] multinomial(double[] shares, long n, SplittableRandom random) {
    long[] counts = new long[shares.length];
    double rest = 1;
    long left = n;
    for (int i = 0; i < shares.length - 1 && left > 0; i++) {
      counts[i] = binomial(left, Math.min(1, shares[i] / rest), random);
      left -= counts[i];
      rest -= shares[i];
    }
    counts[shares.length - 1] = left;
    return counts;
  }

  private static long binomial(long n, double p, SplittableRandom random) {
    if (p <= 0) {
      return 0;
    }
    if (p > .5) {
      return n - binomial(n, 1 - p, random);
    }
    double variance = n * p * (1 - p);
    if (variance > 100) {
      // Normal with the binomial's skewness (Cornish and Fisher): off by less than it varies.
      double z = gaussian(random);
      double skewed = z + (z * z - 1) * (1 - 2 * p) / Math.sqrt(variance) / 6;
      return Math.max(0, Math.min(n, Math.round(n * p + Math.sqrt(variance) * skewed)));
    }
    // Inversion, from 0 up.
    double odds = p / (1 - p);
    double probability = Math.exp(n * Math.log1p(-p));
    double u = random.nextDouble();
    long k = 0;
    while (u > probability && k < n) {
      u -= probability;
      k++;
      probability *= odds * (n - k + 1) / k;
    }
    return k;
  }

  static double gaussian(SplittableRandom random) {
    // Box and Muller; SplittableRandom has no normal of its own on Java 17's interface.
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
