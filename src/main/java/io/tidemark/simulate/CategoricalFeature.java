package io.tidemark.simulate;

import io.tidemark.spec.Field;

/**
 * A categorical feature: a few values, the first the most frequent.
 *
 * @param shares of the values, summing to 1
 * @param drivers how much of it each of the model's outputs depends on
 */
record CategoricalFeature(Field field, String[] values, double[] shares, double[] drivers) {
  /**
   * @param outputs of the model; with one, all categorical features drive it alike
   */
  static CategoricalFeature of(Field field, long seed, int outputs) {
    Draws draws = new Draws(seed, "feature " + field.name());
    int count = 3 + (int) (draws.uniform(-1, 0) * 6);
    String[] values = new String[count];
    double[] shares = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      values[i] = value(field.name(), i);
      shares[i] = 1.0 / (i + 1);
      sum += shares[i];
    }
    for (int i = 0; i < count; i++) {
      shares[i] /= sum;
    }
    double[] drivers = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      drivers[i] = outputs == 1 ? 1 : 2 * draws.uniform(-1, 1 + i) - 1;
    }
    return new CategoricalFeature(field, values, shares, drivers);
  }

  /** The first is the most frequent. */
  static String value(String feature, int index) {
    return feature + "_" + (char) ('a' + index);
  }

  /**
   * @param u uniform over [0, 1)
   * @param reversed part of the rows that takes the values in reverse order of frequency
   */
  int index(double u, double reversed) {
    double sum = 0;
    int last = shares.length - 1;
    for (int i = 0; i < last; i++) {
      sum += (1 - reversed) * shares[i] + reversed * shares[last - i];
      if (u < sum) {
        return i;
      }
    }
    return last;
  }

  /** What a value adds to an output. */
  double effect(int index, int output) {
    return drivers[output] * (.3 - .2 * index);
  }
}
