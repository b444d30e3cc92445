package io.tidemark.stats.labelissues;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Which rows a filter takes. Rows compete in lists, by a margin: one for each given label and other
 * class, one for each label alone, one for all. A list takes the smallest margins up to its quota
 * ({@link SmallestMargins}), of equal ones those of the smaller names; whether a row is an issue
 * follows from the lists that took it and from its scores.
 *
 * <p>cleanlab leaves the choice among equal margins to an unstable sort of the rows as they stand,
 * so sets agree but for rows that share the margin of the last one taken.
 */
public final class IssueRule implements Serializable {
  private static final long serialVersionUID = 1;

  private final LabelFilter filter;
  private final ConfidentThresholds thresholds;
  private final long[] quotas;
  private final long over;

  /** Where rows compete. */
  public interface Lists {
    void enter(int list, double margin);
  }

  private IssueRule(LabelFilter filter, ConfidentThresholds thresholds, long[] quotas, long over) {
    this.filter = filter;
    this.thresholds = thresholds;
    this.quotas = quotas;
    this.over = over;
  }

  /**
   * The rule that rows lead to.
   *
   * @param leastLeft rows of each label that are not flagged at least (cleanlab, {@code
   *     min_examples_per_class}, by default 1); labels with no more rows than that have no issues
   * @param capacity rows that all lists together hold at most; where quotas are more, all of them
   *     are lowered in proportion (as by cleanlab's {@code frac_noise})
   */
  public static IssueRule of(
      LabelFilter filter, ConfidentCounts counts, int leastLeft, long capacity) {
    int classes = counts.classes();
    long[] quotas = new long[classes * classes + 1];
    if (filter.ordersAllBy() != null) {
      quotas[classes * classes] = counts.confidentOfOther();
    } else if (filter.byClass() || filter.byNoiseRate()) {
      ConfidentJoint joint = ConfidentJoint.of(counts);
      long[] labels = counts.labels();
      for (int given = 0; given < classes; given++) {
        if (labels[given] > Math.max(1, leastLeft)) {
          long[] row = joint.toFlag(given, leastLeft);
          long left = row[given];
          if (!filter.byNoiseRate()) {
            Arrays.fill(row, 0);
          }
          row[given] = filter.byClass() ? Math.max(0, labels[given] - left) : 0;
          System.arraycopy(row, 0, quotas, given * classes, classes);
        }
      }
    }
    long all = Arrays.stream(quotas).sum();
    if (all > capacity) {
      double share = (double) capacity / all;
      Arrays.setAll(quotas, list -> (long) (quotas[list] * share));
    }
    return new IssueRule(filter, counts.thresholds(), quotas, all - Arrays.stream(quotas).sum());
  }

  /** Number of lists. */
  public int lists() {
    return quotas.length;
  }

  /** Rows that a list takes at most. */
  public long quota(int list) {
    return quotas[list];
  }

  /** Places that lists would have without the bound on what they hold together. */
  public long overCapacity() {
    return over;
  }

  /** Whether rows have to compete: else each is judged by its scores alone. */
  public boolean ordersRows() {
    return Arrays.stream(quotas).anyMatch(quota -> quota > 0);
  }

  /**
   * Enters a row in its lists. Rows that can't be used, see {@link SelfConfidence}, are in none.
   */
  public void compete(int given, double[] probabilities, Lists lists) {
    int classes = thresholds.classes();
    if (!Scores.complete(probabilities, classes) || given < 0) {
      return;
    }
    for (int actual = 0; actual < classes; actual++) {
      int list = given * classes + actual;
      if (quotas[list] > 0) {
        double other = actual == given ? 0 : probabilities[actual];
        lists.enter(list, probabilities[given] - other);
      }
    }
    int all = classes * classes;
    if (quotas[all] > 0) {
      lists.enter(all, filter.ordersAllBy().of(given, probabilities));
    }
  }

  /**
   * Whether a row is an issue.
   *
   * @param took whether a list took it
   */
  public boolean flags(int given, double[] probabilities, IntPredicate took) {
    int classes = thresholds.classes();
    if (!Scores.complete(probabilities, classes) || given < 0) {
      return false;
    }
    if (filter.ordersAllBy() != null) {
      return took.test(classes * classes);
    }
    if (!Scores.predictsOther(given, probabilities)) {
      return false;
    }
    return switch (filter) {
      case PREDICTED_NEQ_GIVEN -> true;
      case CONFIDENT_LEARNING -> {
        int confident = thresholds.confident(probabilities);
        yield confident >= 0 && confident != given;
      }
      case PRUNE_BY_CLASS -> took.test(given * classes + given);
      case PRUNE_BY_NOISE_RATE -> tookAnother(given, took);
      case BOTH -> took.test(given * classes + given) && tookAnother(given, took);
      default -> throw new IllegalStateException(filter.id());
    };
  }

  private boolean tookAnother(int given, IntPredicate took) {
    int classes = thresholds.classes();
    for (int actual = 0; actual < classes; actual++) {
      if (actual != given && took.test(given * classes + actual)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof IssueRule other
        && filter == other.filter
        && thresholds.equals(other.thresholds)
        && Arrays.equals(quotas, other.quotas);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(quotas);
  }
}
