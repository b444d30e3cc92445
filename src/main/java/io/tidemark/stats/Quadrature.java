package io.tidemark.stats;

import java.util.function.DoubleUnaryOperator;

/** Integrals of smooth functions by Gauss and Legendre's rule of 16 points. */
final class Quadrature {
  private static final double[] NODES = new double[16];
  private static final double[] WEIGHTS = new double[NODES.length];

  static {
    // The roots of the Legendre polynomial, by Newton's method.
    int n = NODES.length;
    for (int i = 0; i < n; i++) {
      double x = StrictMath.cos(Math.PI * (i + .75) / (n + .5));
      double slope = 1;
      for (int step = 0; step < 10; step++) {
        double before = 1;
        double value = x;
        for (int k = 2; k <= n; k++) {
          double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
          before = value;
          value = next;
        }
        slope = n * (x * value - before) / (x * x - 1);
        x -= value / slope;
      }
      NODES[i] = x;
      WEIGHTS[i] = 2 / ((1 - x * x) * slope * slope);
    }
  }

  private Quadrature() {}

  static double integral(DoubleUnaryOperator function, double from, double to) {
    double half = (to - from) / 2;
    double sum = 0;
    for (int i = 0; i < NODES.length; i++) {
      sum += WEIGHTS[i] * function.applyAsDouble(from + half * (1 + NODES[i]));
    }
    return half * sum;
  }
}
