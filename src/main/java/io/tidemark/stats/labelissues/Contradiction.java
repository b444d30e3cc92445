package io.tidemark.stats.labelissues;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Whether the labels of equal inputs disagree, and how.
 *
 * <p>They are flipped if all rows of one label come before all of the other: one before the other
 * by their times, the same time being none. Of several labels each has to come after the one
 * before, and the last change is told. Two labels may have exceptions, rows on the wrong side of
 * the change: no more than a tenth of either label's rows, as labels in the field are wrong that
 * often (Northcutt, Athalye, Mueller 2021: up to 10 %), no more than three a side, which is what is
 * kept of the times, and only if {@code chance} is at most {@link #WITH_EXCEPTIONS}.
 *
 * <p>{@code chance} is how probable so clean a change, in either direction, is among labels that
 * were given in random order: with n and m rows and e exceptions 2·C(n+m, e)/C(n+m, n), by the
 * reflection principle. One row each says nothing (1), three each little (.1), five each .008: who
 * judges many inputs asks for less than a level.
 *
 * @param before the label before the change; null unless flipped
 * @param after the label since
 * @param sinceMicros the first row of the label since, exceptions left aside
 * @param exceptions rows on the wrong side
 * @param chance 1 unless flipped
 */
public record Contradiction(
    Verdict verdict, String before, String after, long sinceMicros, int exceptions, double chance) {
  /** The chance up to which a change may have exceptions. */
  public static final double WITH_EXCEPTIONS = .01;

  private static final int ROWS_AN_EXCEPTION = 10;

  /** Beyond any level; C(n, k) need not be worked out further. */
  private static final double VAST = 1e300;

  /** What there is. */
  public enum Verdict {
    /** One label. */
    CONSISTENT,
    /** Several labels in overlapping times, or of one row. */
    AMBIGUOUS,
    /** The label changed after a time. */
    FLIPPED
  }

  private record Timed(String label, LabelTimes times) {}

  /**
   * Judges.
   *
   * @param level the chance above which a change is taken for ambiguity; 1: never
   */
  public static Contradiction of(InputLabels labels, double level) {
    boolean several = labels.labels().size() > 1;
    if (labels.disputed() > 0 || labels.others() > 0) {
      return plain(Verdict.AMBIGUOUS);
    }
    if (!several) {
      return plain(Verdict.CONSISTENT);
    }
    List<Timed> order = new ArrayList<>();
    for (Map.Entry<String, LabelTimes> label : labels.times().entrySet()) {
      order.add(new Timed(label.getKey(), label.getValue()));
    }
    order.sort(Comparator.comparingLong(timed -> timed.times().first(0)));
    Contradiction found = clean(order);
    if (found == null && order.size() == 2) {
      Contradiction one = withExceptions(order.get(0), order.get(1));
      Contradiction other = withExceptions(order.get(1), order.get(0));
      boolean fewer = one != null && other != null && other.exceptions < one.exceptions;
      found = one == null || fewer ? other : one;
    }
    return found == null || found.chance > level ? plain(Verdict.AMBIGUOUS) : found;
  }

  private static Contradiction plain(Verdict verdict) {
    return new Contradiction(verdict, null, null, 0, 0, 1);
  }

  /** A change without exceptions, null if there is none. */
  private static Contradiction clean(List<Timed> order) {
    double orders = 1;
    long rows = order.get(0).times().count();
    for (int i = 1; i < order.size(); i++) {
      LabelTimes times = order.get(i).times();
      if (order.get(i - 1).times().last(0) >= times.first(0)) {
        return null;
      }
      rows += times.count();
      orders *= choose(rows, times.count()) / (i + 1);
    }
    Timed after = order.get(order.size() - 1);
    String before = order.get(order.size() - 2).label();
    return flipped(before, after, 0, 0, 1 / orders);
  }

  private static Contradiction withExceptions(Timed before, Timed after) {
    Contradiction best = null;
    for (int late = 0; late < LabelTimes.ENDS; late++) {
      for (int early = 0; early < LabelTimes.ENDS; early++) {
        int exceptions = late + early;
        if ((best == null || exceptions < best.exceptions)
            && (long) late * ROWS_AN_EXCEPTION <= before.times().count()
            && (long) early * ROWS_AN_EXCEPTION <= after.times().count()
            && before.times().last(late) < after.times().first(early)) {
          long rows = before.times().count() + after.times().count();
          double chance = 2 * choose(rows, exceptions) / choose(rows, before.times().count());
          if (chance <= WITH_EXCEPTIONS) {
            best = flipped(before.label(), after, early, exceptions, chance);
          }
        }
      }
    }
    return best;
  }

  private static Contradiction flipped(
      String before, Timed after, int early, int exceptions, double chance) {
    return new Contradiction(
        Verdict.FLIPPED,
        before,
        after.label(),
        after.times().first(early),
        exceptions,
        Math.min(1, chance));
  }

  /** C(n, k), or something vast. */
  private static double choose(long n, long k) {
    double ways = 1;
    long least = Math.min(k, n - k);
    for (long i = 1; i <= least && ways < VAST; i++) {
      ways *= (double) (n - least + i) / i;
    }
    return ways;
  }
}
