package io.tidemark.simulate;

import io.tidemark.spec.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A factor model of the numeric features: each is sqrt(ρ) of the factor that it shares with others
 * and sqrt(1 − ρ) of its own, so that the latent values of two features have correlation ρ if they
 * share a factor and 0 if not, and each has standard deviation 1 as without.
 *
 * @param groups names of the features that share a factor; empty without correlation
 * @param of the factor of each numeric feature, in the order of the spec; -1: none
 */
record Factors(double correlation, List<List<String>> groups, int[] of) {
  private static final int MOST = 3;

  /** A factor of its own is no correlation: each has at least so many features. */
  private static final int LEAST_FEATURES = 2;

  static Factors of(List<Field> numeric, double correlation, long seed) {
    int[] factors = new int[numeric.size()];
    java.util.Arrays.fill(factors, -1);
    if (correlation == 0) {
      return new Factors(0, List.of(), factors);
    }
    if (numeric.size() < LEAST_FEATURES) {
      throw new SimulationException(
          "--correlation="
              + correlation
              + ": the spec has fewer than two numeric features; leave the option out");
    }
    Draws draws = new Draws(seed, "factors");
    List<Integer> shuffled = new ArrayList<>();
    for (int i = 0; i < factors.length; i++) {
      shuffled.add(i);
    }
    shuffled.sort(Comparator.comparingDouble(feature -> draws.uniform(feature, 0)));
    int count = Math.min(MOST, numeric.size() / LEAST_FEATURES);
    List<List<String>> groups = new ArrayList<>();
    for (int factor = 0; factor < count; factor++) {
      groups.add(new ArrayList<>());
    }
    for (int i = 0; i < factors.length; i++) {
      factors[shuffled.get(i)] = i % count;
    }
    for (int i = 0; i < factors.length; i++) {
      groups.get(factors[i]).add(numeric.get(i).name());
    }
    return new Factors(correlation, List.copyOf(groups), factors);
  }
}
