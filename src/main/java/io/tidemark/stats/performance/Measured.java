package io.tidemark.stats.performance;

/**
 * A metric's value.
 *
 * @param value NaN where it is not defined
 * @param bound by how much at most the exact value may differ because scores were pooled; 0: exact
 */
public record Measured(double value, double bound) {
  static final Measured UNDEFINED = new Measured(Double.NaN, 0);

  static Measured exactly(double value) {
    return new Measured(value, 0);
  }
}
