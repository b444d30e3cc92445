package io.tidemark.simulate;

import io.tidemark.spec.WindowSpec;
import java.util.Arrays;

/** How a log's rows are spread over its windows: about as the season says, as real traffic is. */
final class Timeline {
  private static final double SPREAD = .03;

  private final long[] starts;
  private final long[] firstRows;
  private final Season season;
  private final Draws draws;

  /**
   * @param start of the first window, microseconds since the epoch
   */
  Timeline(WindowSpec window, int windows, long start, long rows, Season season, Draws draws) {
    this.season = season;
    this.draws = draws;
    this.starts = new long[windows + 1];
    this.firstRows = new long[windows + 1];
    double[] weights = new double[windows];
    double sum = 0;
    starts[0] = start;
    for (int i = 0; i < windows; i++) {
      starts[i + 1] = window.endOf(starts[i]);
      // Longer months and busier hours have more rows.
      weights[i] = season.between(starts[i], starts[i + 1]) * (1 + SPREAD * draws.bell(i, 9));
      sum += weights[i];
    }
    double before = 0;
    for (int i = 0; i < windows; i++) {
      before += weights[i];
      firstRows[i + 1] = i == windows - 1 ? rows : Math.round(rows * (before / sum));
    }
  }

  int windows() {
    return firstRows.length - 1;
  }

  int windowOf(long row) {
    // Of the bounds that are equal where windows are empty, the last begins the row's window.
    int found = Arrays.binarySearch(firstRows, row);
    int window = found < 0 ? -found - 2 : found;
    while (firstRows[window + 1] <= row) {
      window++;
    }
    return window;
  }

  /** Start of a window; that of the window after the last is the end of all. */
  long start(int window) {
    return starts[window];
  }

  /** Event time: in order of rows but for a little jitter. */
  long timeOf(long row, int window) {
    double rows = firstRows[window + 1] - firstRows[window];
    double place = (row - firstRows[window] + draws.uniform(row, 0)) / rows;
    long time = season.at(starts[window], starts[window + 1], place);
    return Math.max(starts[window], Math.min(starts[window + 1] - 1, time));
  }

  double wave(long time) {
    return season.wave(time);
  }
}
