package io.tidemark.stats;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Control of the false discovery rate over a family of tests (Benjamini and Hochberg, 1995,
 * step-up). NaN stands for a test that could not be made: it is no member of the family and stays
 * NaN.
 */
public final class BenjaminiHochberg {
  private BenjaminiHochberg() {}

  /**
   * Adjusted p-values, in the order given: a test is significant at a rate if its adjusted value is
   * at most that rate. Monotone in p and at most 1.
   */
  public static double[] adjust(double[] p) {
    return adjust(p, 0);
  }

  /**
   * Adjusted p-values of some tests of a larger family, the others' p counted as 1: never smaller
   * than they would be with all of them at hand.
   *
   * @param tests of the family; those given if they are more
   */
  public static double[] adjust(double[] p, long tests) {
    int[] order = ascending(p);
    double family = Math.max(order.length, tests);
    double[] adjusted = new double[p.length];
    Arrays.fill(adjusted, Double.NaN);
    double smallest = 1;
    for (int rank = order.length; rank >= 1; rank--) {
      int test = order[rank - 1];
      smallest = Math.min(smallest, p[test] * family / rank);
      adjusted[test] = smallest;
    }
    return adjusted;
  }

  /**
   * For each test the largest p at which it would have been significant, the other tests' as they
   * are: rate times (1 + the others found significant with it) over the family's size.
   */
  public static double[] cuts(double[] p, double rate) {
    int[] order = ascending(p);
    int family = order.length;
    double[] cuts = new double[p.length];
    Arrays.fill(cuts, Double.NaN);
    for (int at = 0; at < family; at++) {
      int found = 1;
      // with this test's p at 0, ranks 2.. are the others in order
      for (int other = 0, rank = 2; other < family; other++) {
        if (other != at) {
          if (p[order[other]] * family / rank <= rate) {
            found = rank;
          }
          rank++;
        }
      }
      cuts[order[at]] = Math.min(1, rate * found / family);
    }
    return cuts;
  }

  private static int[] ascending(double[] p) {
    Integer[] tests = new Integer[p.length];
    int family = 0;
    for (int i = 0; i < p.length; i++) {
      if (!Double.isNaN(p[i])) {
        tests[family++] = i;
      }
    }
    Arrays.sort(tests, 0, family, Comparator.comparingDouble(i -> p[i]));
    int[] order = new int[family];
    for (int i = 0; i < family; i++) {
      order[i] = tests[i];
    }
    return order;
  }
}
