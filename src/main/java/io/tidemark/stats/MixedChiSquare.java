package io.tidemark.stats;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * The sum of df independent squared normal variables of which one has a variance of its own, itself
 * one of several with given probabilities: what d²/f is when sampling gives all of it but one
 * quantity that moves besides.
 */
final class MixedChiSquare {
  /** The most that lies beyond the upper of the two bounds. */
  private static final double BEYOND = 1e-12;

  private MixedChiSquare() {}

  /**
   * P(χ²_{df-1} + V χ²_1 &gt; x), to a relative 1e-6 and better where that is above 1e-9.
   *
   * @param variances of the one variable, positive
   * @param weights their probabilities, with the sum 1
   */
  static double survival(double x, int df, double[] variances, double[] weights) {
    if (!(x > 0)) {
      return 1;
    }
    if (df == 1) {
      return one(x, variances, weights);
    }
    if (variances.length == 1 && variances[0] == 1) {
      return ChiSquare.survival(x, df);
    }
    int rest = df - 1;
    double root = Math.sqrt(x);
    // χ²_rest = x sin²θ. Nearly all of it lies between these bounds; above them the integrand is
    // smooth, and below there is nothing.
    double deviation = 8 * Math.sqrt(2.0 * rest);
    double low = angle(Math.sqrt(Math.max(0, rest - deviation)) / root);
    double high = angle(Math.sqrt(rest + deviation + 16) / root);
    double p = ChiSquare.survival(x, rest) + integral(low, high, root, rest, variances, weights);
    if (p < BEYOND * 1e7) {
      p += integral(high, Math.PI / 2, root, rest, variances, weights);
    }
    return Math.min(1, p);
  }

  private static double angle(double sine) {
    return Math.asin(Math.min(1, sine));
  }

  private static double integral(
      double from, double to, double root, int rest, double[] variances, double[] weights) {
    if (!(to > from)) {
      return 0;
    }
    double constant = (1 - rest / 2.0) * StrictMath.log(2) - LogGamma.value(rest / 2.0);
    return Quadrature.integral(
        theta -> {
          double s = root * Math.sin(theta);
          double left = root * Math.cos(theta);
          double density = Math.exp(constant + (rest - 1) * Math.log(s) - s * s / 2) * left;
          return density > 0 ? density * one(left * left, variances, weights) : 0;
        },
        from,
        to);
  }

  /** P(V χ²_1 &gt; x). */
  private static double one(double x, double[] variances, double[] weights) {
    double p = 0;
    for (int i = 0; i < weights.length; i++) {
      p += weights[i] * Erfc.value(Math.sqrt(x / (2 * variances[i])));
    }
    return p;
  }
}
