package io.tidemark.profile;

import java.util.BitSet;
import java.util.List;
import java.util.function.ToLongFunction;

/** How much of the day a baseline's windows have been at. */
final class DaySpan {
  private static final long MICROS_OF_MINUTE = 60_000_000L;
  private static final int MINUTES = 24 * 60;

  /** Any three quarters of a sine's period show at least 85 % of its range. */
  private static final int ENOUGH = MINUTES * 3 / 4;

  private DaySpan() {}

  /** Starts and ends in microseconds; minutes of the day are those of UTC, whose gaps are alike. */
  static <T> boolean of(List<T> windows, ToLongFunction<T> start, ToLongFunction<T> end) {
    BitSet seen = new BitSet(MINUTES);
    for (T window : windows) {
      long first = Math.floorDiv(start.applyAsLong(window), MICROS_OF_MINUTE);
      long last = Math.floorDiv(end.applyAsLong(window) - 1, MICROS_OF_MINUTE);
      if (last - first >= MINUTES - 1) {
        return true;
      }
      for (long minute = first; minute <= last; minute++) {
        seen.set((int) Math.floorMod(minute, (long) MINUTES));
      }
    }
    return seen.cardinality() >= ENOUGH;
  }
}
