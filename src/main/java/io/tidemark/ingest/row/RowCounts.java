package io.tidemark.ingest.row;

import io.tidemark.flow.LongsCoder;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Where the rows of a run went. They travel with the data, not as runner metrics: a retried bundle
 * must not count twice.
 *
 * @param duplicate copies removed, those that differ included
 * @param conflicting removed copies that differ from the one kept
 * @param lookedBack of the profiled rows, those before the run's own bounds, which were read again
 *     because their labels may have come since
 * @param unclaimed rows that no model of the run wants; of the run, and never of a model
 * @param unlikely rows, of all that are usable, with a time that no inference log has; see {@code
 *     UnlikelyTime}
 * @param minTime first event time of the profiled rows, or {@link Long#MAX_VALUE}
 * @param maxTime last event time of the profiled rows, or {@link Long#MIN_VALUE}
 */
public record RowCounts(
    long read,
    long profiled,
    long duplicate,
    long conflicting,
    long late,
    long outOfRange,
    long deadLettered,
    long lookedBack,
    long unclaimed,
    long unlikely,
    long minTime,
    long maxTime)
    implements Serializable {

  public static final RowCounts NONE =
      new RowCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        read + other.read,
        profiled + other.profiled,
        duplicate + other.duplicate,
        conflicting + other.conflicting,
        late + other.late,
        outOfRange + other.outOfRange,
        deadLettered + other.deadLettered,
        lookedBack + other.lookedBack,
        unclaimed + other.unclaimed,
        unlikely + other.unlikely,
        Math.min(minTime, other.minTime),
        Math.max(maxTime, other.maxTime));
  }

  /** Every row read went somewhere, and nowhere twice. */
  public boolean balanced() {
    return waiting() == 0;
  }

  /** Rows of a topic when they are read: what becomes of the others is not known yet. */
  public static RowCounts read(long read, long late, long deadLettered) {
    return new RowCounts(
        read, 0, 0, 0, late, 0, deadLettered, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  /** Rows of a topic that are not among the event times asked for. */
  public static RowCounts passedOver(long outOfRange) {
    return new RowCounts(
        outOfRange, 0, 0, 0, 0, outOfRange, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  /** Rows of a topic that have come to windows. */
  public static RowCounts settled(long profiled, long duplicate, long conflicting) {
    return new RowCounts(
        0, profiled, duplicate, conflicting, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  /** Rows that were read and have come to nothing yet: their windows are open. */
  public long waiting() {
    return read - profiled - duplicate - late - outOfRange - deadLettered - unclaimed;
  }

  /** Of rows that are no model's: those that nobody wants, and those of which nobody knows. */
  public static RowCounts ofNobody(long unclaimed, long unreadable) {
    return new RowCounts(
        unclaimed + unreadable,
        0,
        0,
        0,
        0,
        0,
        unreadable,
        0,
        unclaimed,
        0,
        Long.MAX_VALUE,
        Long.MIN_VALUE);
  }

  /** Sums counts in any order. */
  public static final class Sum extends Combine.BinaryCombineFn<RowCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public RowCounts apply(RowCounts left, RowCounts right) {
      return left.plus(right);
    }

    @Override
    public RowCounts identity() {
      return NONE;
    }
  }

  /** Twelve longs. */
  public static final class RowCountsCoder extends LongsCoder<RowCounts> {
    private static final long serialVersionUID = 1;

    public RowCountsCoder() {
      super(12);
    }

    @Override
    protected long[] longs(RowCounts counts) {
      return new long[] {
        counts.read,
        counts.profiled,
        counts.duplicate,
        counts.conflicting,
        counts.late,
        counts.outOfRange,
        counts.deadLettered,
        counts.lookedBack,
        counts.unclaimed,
        counts.unlikely,
        counts.minTime,
        counts.maxTime
      };
    }

    @Override
    protected RowCounts of(long[] n) {
      return new RowCounts(
          n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]);
    }
  }
}
