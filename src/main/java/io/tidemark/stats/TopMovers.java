package io.tidemark.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which cells a distance comes from. */
public final class TopMovers {
  private TopMovers() {}

  /**
   * A cell whose share moved.
   *
   * @param bin the cell's label
   * @param baseline share of the baseline's rows, 0 to 1
   * @param window share of the window's rows, 0 to 1
   */
  public record Mover(String bin, double baseline, double window) {}

  /**
   * The cells whose share changed most, largest change first, ties by position; cells that did not
   * change are left out. A side without rows has share 0 everywhere.
   */
  public static List<Mover> top(String[] labels, long[] baseline, long[] window, int limit) {
    double n = Math.max(1, Counts.total(baseline, labels.length));
    double m = Math.max(1, Counts.total(window, labels.length));
    List<Integer> moved = new ArrayList<>();
    double[] change = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      // a common denominator keeps equal changes equal, so that position decides
      change[i] = Math.abs(window[i] * n - baseline[i] * m);
      if (change[i] > 0) {
        moved.add(i);
      }
    }
    moved.sort(Comparator.comparingDouble((Integer i) -> change[i]).reversed());
    List<Mover> top = new ArrayList<>();
    for (int i : moved.subList(0, Math.min(Math.max(0, limit), moved.size()))) {
      top.add(new Mover(labels[i], baseline[i] / n, window[i] / m));
    }
    return List.copyOf(top);
  }
}
