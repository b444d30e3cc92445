package io.tidemark.snapshot;

import io.tidemark.flow.WindowKey;
import io.tidemark.snapshot.SamplingReason.Allotment;
import io.tidemark.snapshot.StrataGroup.Stratum;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Gives rows to strata alike, but none more than it has: small ones whole, the rest shared. */
final class EvenShares {
  private EvenShares() {}

  /**
   * @param rows at most, of all windows together
   * @param wanted which strata take part
   * @return how many were taken
   */
  static int take(Allotment allotment, int rows, IntPredicate wanted) {
    List<Integer> available =
        allotment.candidates().values().stream()
            .flatMap(group -> group.strata().entrySet().stream())
            .filter(stratum -> wanted.test(stratum.getKey()))
            .map(stratum -> stratum.getValue().available())
            .toList();
    Iterator<Integer> quotas = quotas(available, rows).iterator();
    int taken = 0;
    for (Map.Entry<WindowKey, StrataGroup> window : allotment.candidates().entrySet()) {
      for (Map.Entry<Integer, Stratum> stratum : window.getValue().strata().entrySet()) {
        if (!wanted.test(stratum.getKey())) {
          continue;
        }
        int quota = quotas.next();
        if (quota > 0) {
          allotment.take(window.getKey(), stratum.getKey(), quota);
          taken += quota;
        }
      }
    }
    return taken;
  }

  /**
   * How many rows each takes.
   *
   * @param available rows that each has
   */
  static List<Integer> quotas(List<Integer> available, int rows) {
    int level = level(available, rows);
    long left = rows;
    for (int has : available) {
      left -= Math.min(has, level);
    }
    List<Integer> quotas = new ArrayList<>();
    for (int has : available) {
      boolean more = has > level && left > 0;
      quotas.add(more ? level + 1 : Math.min(has, level));
      left -= more ? 1 : 0;
    }
    return quotas;
  }

  /** Rows that all strata together have. */
  static long available(Allotment allotment) {
    return allotment.candidates().values().stream()
        .flatMap(group -> group.strata().values().stream())
        .mapToLong(Stratum::available)
        .sum();
  }

  /** The largest level at which strata, each up to it, need no more than so many rows. */
  private static int level(List<Integer> available, int rows) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      long used = 0;
      for (int has : available) {
        used += Math.min(has, middle);
      }
      if (used <= rows) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Gives rows to the strata in their order: to each only what those before have left. */
  static void takeInOrder(Allotment allotment, int strata) {
    int left = allotment.rows();
    for (int stratum = 0; stratum < strata && left > 0; stratum++) {
      int only = stratum;
      left -= take(allotment, left, each -> each == only);
    }
  }
}
