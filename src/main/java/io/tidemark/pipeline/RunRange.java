package io.tidemark.pipeline;

import io.tidemark.event.LabelWait;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.MonitoringSpec;

/**
 * What a run reads and what it reports on.
 *
 * @param statistics event times of the windows whose statistics and drift findings are written: the
 *     bounds that were asked for
 * @param read event times of the rows that are read: these, and before them the rows whose labels
 *     may have come since, and those of the same snapshot period. Performance and snapshots are
 *     made of all of them
 */
public record RunRange(TimeRange statistics, TimeRange read) {

  /** A run that reads what it reports on. */
  static RunRange just(TimeRange range) {
    return new RunRange(range, range);
  }

  /**
   * Looks back to the window that holds {@code from − horizon} where labels are joined (of trusted
   * sources the longer horizon, where the spec has one), and on to the start of its snapshot
   * period: a period's rows are chosen among all of them. A run that begins inside a window does
   * not look back: the window's statistics would be of more rows than were asked for.
   *
   * @param joins whether labels are joined
   */
  public static RunRange of(MonitoringSpec spec, TimeRange asked, boolean joins) {
    boolean bounded = asked.from() != Long.MIN_VALUE;
    if (!bounded || spec.window().startOf(asked.from()) != asked.from()) {
      return just(asked);
    }
    long horizon = joins ? Math.min(LONGEST, LabelWait.kept(spec.labels())) : 0;
    long back = asked.from() - horizon;
    long start = spec.window().startOf(back);
    if (spec.snapshot() != null) {
      start = spec.snapshot().period().startOf(start);
    }
    return new RunRange(asked, new TimeRange(start, asked.to()));
  }

  /** A thousand years, microseconds. */
  private static final long LONGEST = 1000L * 366 * 86_400 * 1_000_000;

  /**
   * The event times of the windows that a run reports on, bounded by its rows where nothing was
   * asked for; null: there are none.
   */
  TimeRange seen(RowCounts counts) {
    long from = statistics.from() != Long.MIN_VALUE ? statistics.from() : counts.minTime();
    long last = statistics.to() != Long.MAX_VALUE ? statistics.to() - 1 : counts.maxTime();
    boolean none = from > last || from == Long.MAX_VALUE || last == Long.MIN_VALUE;
    return none ? null : new TimeRange(from, last + 1);
  }

  boolean looksBack() {
    return statistics.from() != read.from();
  }

  /** Whether the window that starts then is reported on. */
  boolean reports(long windowStart) {
    return !looksBack() || windowStart >= statistics.from();
  }
}
