package io.tidemark.stats;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Concludes tests that are judged together, so that few of those that ring do so by chance. */
public final class JudgeFamily {
  private JudgeFamily() {}

  /** Takes what the family makes of one of its tests. */
  public interface Conclusion<T> {
    /**
     * @param adjusted its p-value, adjusted for the family's size
     * @param cut the largest p with which it would be significant, the others being as they are
     */
    void conclude(T test, double adjusted, double cut);
  }

  /**
   * By {@link BenjaminiHochberg}.
   *
   * @param p a test's p-value
   * @param fdr the share of false alarms among alarms that is put up with
   */
  public static <T> void of(
      List<T> family, ToDoubleFunction<T> p, double fdr, Conclusion<T> conclusion) {
    double[] values = family.stream().mapToDouble(p).toArray();
    double[] adjusted = BenjaminiHochberg.adjust(values);
    double[] cuts = BenjaminiHochberg.cuts(values, fdr);
    for (int i = 0; i < values.length; i++) {
      conclusion.conclude(family.get(i), adjusted[i], cuts[i]);
    }
  }
}
