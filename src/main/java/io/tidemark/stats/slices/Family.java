package io.tidemark.stats.slices;

import java.util.List;

/**
 * How many slices could have been named: the tests among which a named one was chosen. Only sizes
 * are looked at, never errors, so that the family is the same whatever the errors are, and pruning
 * by errors takes nothing out of it.
 */
final class Family {
  private final List<Feature> features;
  private final Pairs pairs;
  private final int minSupport;

  private Family(Pairs pairs, int minSupport) {
    this.features = pairs.features();
    this.pairs = pairs;
    this.minSupport = minSupport;
  }

  /** Slices of one predicate with support. */
  static long ofOne(List<Feature> features) {
    return features.stream().mapToLong(Feature::supported).sum();
  }

  /** Slices of two predicates with support. */
  static long ofTwo(Pairs pairs, int minSupport) {
    Family family = new Family(pairs, minSupport);
    long tests = 0;
    for (int first = 0; first < family.features.size(); first++) {
      for (int second = first + 1; second < family.features.size(); second++) {
        Tally tally = pairs.tally(first, second);
        for (int a = 0; a < family.features.get(first).supported(); a++) {
          for (int b = 0; b < family.features.get(second).supported(); b++) {
            tests += tally.size(pairs.cell(first, a, second, b)) >= minSupport ? 1 : 0;
          }
        }
      }
    }
    return tests;
  }

  /**
   * At least as many as there are slices of three predicates with support, without counting their
   * rows: each pair in such a slice has support, and a pair of s rows has room for s / minSupport
   * of them a feature.
   */
  static long ofThree(Pairs pairs, int minSupport) {
    Family family = new Family(pairs, minSupport);
    int count = family.features.size();
    long tests = 0;
    for (int first = 0; first < count; first++) {
      for (int second = first + 1; second < count; second++) {
        for (int third = second + 1; third < count; third++) {
          tests +=
              Math.min(
                  family.room(first, second, third),
                  Math.min(family.room(first, third, second), family.room(second, third, first)));
        }
      }
    }
    return tests;
  }

  /** Slices that the pairs of two features have room for with a third. */
  private long room(int first, int second, int third) {
    Tally base = pairs.tally(first, second);
    Tally one = pairs.tally(first, third);
    Tally other = pairs.tally(second, third);
    long room = 0;
    for (int a = 0; a < features.get(first).supported(); a++) {
      for (int b = 0; b < features.get(second).supported(); b++) {
        int size = base.size(pairs.cell(first, a, second, b));
        if (size < minSupport) {
          continue;
        }
        int fitting = 0;
        for (int c = 0; c < features.get(third).supported(); c++) {
          if (one.size(pairs.cell(first, a, third, c)) >= minSupport
              && other.size(pairs.cell(second, b, third, c)) >= minSupport) {
            fitting++;
          }
        }
        room += Math.min(fitting, size / minSupport);
      }
    }
    return room;
  }
}
