package io.tidemark.simulate;

import io.tidemark.spec.Field;

/**
 * A numeric feature: which distribution it has follows from its name.
 *
 * @param shape 0 bell, 1 skewed, 2 uniform, 3 small whole numbers, 4 with many zeros
 * @param drivers how much of it each of the model's outputs depends on
 */
record NumericFeature(Field field, int shape, double[] drivers) {
  private static final int SHAPES = 5;

  /** So many features make the outputs spread as real models' do; more share the same spread. */
  private static final double STRONG = 16;

  /**
   * @param features of the model in all
   */
  static NumericFeature of(Field field, long seed, int outputs, int features) {
    Draws draws = new Draws(seed, "feature " + field.name());
    int shape = (int) (draws.uniform(-1, 0) * SHAPES);
    double strength = Math.sqrt(Math.min(1, STRONG / features));
    double[] drivers = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      drivers[i] = strength * (draws.uniform(-1, 1 + i) * 1.2 - .6);
    }
    return new NumericFeature(field, shape, drivers);
  }

  /**
   * What the log shows of a latent value.
   *
   * @param u uniform over [0, 1)
   */
  double shown(double latent, double u) {
    return switch (shape) {
      case 0 -> 50 + 10 * latent;
      case 1 -> Math.rint(2000 * StrictMath.exp(.6 * latent)) / 100;
      case 2 -> Math.rint(10_000 * squashed(latent)) / 100;
      case 3 -> Math.floor(9 * squashed(latent));
      default -> u < .3 ? 0 : 20 * StrictMath.exp(.4 * latent);
    };
  }

  /** A bell's distribution function, nearly: makes the latent value uniform over (0, 1). */
  private static double squashed(double latent) {
    return 1 / (1 + StrictMath.exp(-1.702 * latent));
  }

  boolean whole() {
    return shape == 3;
  }
}
