package io.tidemark.cli;

import io.tidemark.ingest.row.TimeRange;
import io.tidemark.pipeline.UsageException;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.time.DateTimeException;

/** The bounds of a run, from {@code --from} and {@code --to}. */
public final class RunBounds {
  private RunBounds() {}

  /** Either may be null. */
  public static TimeRange range(String from, String to) {
    long start = from == null ? Long.MIN_VALUE : micros("--from", from);
    long end = to == null ? Long.MAX_VALUE : micros("--to", to);
    if (start >= end) {
      throw new UsageException("--from=" + from + " is not before --to=" + to);
    }
    return new TimeRange(start, end);
  }

  /** The instant that an option gives, microseconds since the epoch. */
  static long micros(String option, String text) {
    try {
      return WindowSpec.micros(WindowSpec.time(text));
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(
          option + "=" + text + ": is no time; write 2018-01-01 or 2018-01-01T00:00:00Z");
    }
  }

  /**
   * Refuses bounds that cut a window of the spec.
   *
   * @param advice what else may be done
   */
  static void checkWhole(MonitoringSpec spec, TimeRange range, String advice) {
    if (range.from() != Long.MIN_VALUE) {
      check(spec, "--from", range.from(), advice);
    }
    if (range.to() != Long.MAX_VALUE) {
      check(spec, "--to", range.to(), advice);
    }
  }

  private static void check(MonitoringSpec spec, String option, long time, String advice) {
    long start = spec.window().startOf(time);
    if (start != time) {
      long end = spec.window().endOf(start);
      throw new UsageException(
          option
              + "="
              + WindowSpec.instant(time)
              + " lies inside a window of model "
              + spec.model()
              + "; the nearest bounds are "
              + WindowSpec.instant(start)
              + " and "
              + WindowSpec.instant(end)
              + advice);
    }
  }
}
