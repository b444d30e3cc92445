package io.tidemark.ingest;

import java.io.Serializable;

/**
 * Event time in one partition of a stream: up to where its rows have come. Rows dated far ahead of
 * the wall clock do not move it. A partition that has been read to its end and stays quiet is idle:
 * it holds nobody up, and goes on from where the others have come to by then. Not thread-safe.
 *
 * <p>Labels may come in the order of their predictions instead of their own, days out of order: a
 * clock of labels learns from the first ones how far, and stays twice as far behind.
 */
final class PartitionClock implements Serializable {
  private static final long serialVersionUID = 1;

  /** Clocks of machines differ; a row dated later than this from now is a mistake. */
  static final long SKEW_MICROS = 3_600_000_000L;

  /** So long a partition must be quiet. */
  static final long IDLE_MICROS = 10_000_000L;

  /**
   * The same where rows are older than {@link #SKEW_MICROS}: of a log that is sent again a pause
   * says little, and rows that come after it would be too late.
   */
  static final long HISTORY_IDLE_MICROS = 30_000_000L;

  static final long NOTHING_YET = Long.MIN_VALUE;

  /** Rows to learn from. */
  static final int LEARN = 200;

  private final long delayMicros;
  private final long mostMicros;
  private long idleMicros = IDLE_MICROS;
  private long historyIdleMicros = HISTORY_IDLE_MICROS;
  private long watermark = NOTHING_YET;
  private long latest = NOTHING_YET;
  private long disorder;
  private int learnt;
  private long quietSince = Long.MAX_VALUE;
  private boolean idle;

  private PartitionClock(long delayMicros, long mostMicros) {
    this.delayMicros = delayMicros;
    this.mostMicros = mostMicros;
  }

  /**
   * @param delayMicros by which rows may be out of order
   */
  static PartitionClock of(long delayMicros) {
    return new PartitionClock(delayMicros, 0);
  }

  /**
   * @param delayMicros by which rows may at least be out of order
   * @param mostMicros and at most
   */
  static PartitionClock learning(long delayMicros, long mostMicros) {
    return new PartitionClock(delayMicros, mostMicros);
  }

  /** The clock, which takes a partition for idle after so long a quiet, whatever its rows say. */
  PartitionClock idleAfter(long micros) {
    idleMicros = micros;
    historyIdleMicros = micros;
    return this;
  }

  /** The same time on a clock of its own. */
  PartitionClock copy() {
    PartitionClock copy = new PartitionClock(delayMicros, mostMicros);
    copy.idleMicros = idleMicros;
    copy.historyIdleMicros = historyIdleMicros;
    copy.watermark = watermark;
    copy.latest = latest;
    copy.disorder = disorder;
    copy.learnt = learnt;
    copy.idle = idle;
    return copy;
  }

  /** No row is expected before it, microseconds since the epoch. */
  long watermark() {
    return watermark;
  }

  /**
   * Takes notice of a row.
   *
   * @param now wall clock, or when the row was sent
   */
  void row(long time, long now) {
    quietSince = Long.MAX_VALUE;
    if (time > now + SKEW_MICROS) {
      return;
    }
    latest = Math.max(latest, time);
    long delay = delayMicros;
    if (mostMicros > 0) {
      if (latest - time <= mostMicros) { // else it is nobody's label, or a mistake
        disorder = Math.max(disorder, latest - time);
      }
      delay = Math.max(delay, Math.min(2 * disorder, mostMicros));
      if (learnt < LEARN) {
        learnt++;
        return;
      }
    }
    watermark = Math.max(watermark, latest - delay);
  }

  /**
   * Takes notice that there is nothing to read.
   *
   * @param caughtUp whether that is because all has been read
   */
  void quiet(boolean caughtUp, long now) {
    if (!caughtUp) {
      quietSince = Long.MAX_VALUE;
      idle = false;
      return;
    }
    quietSince = Math.min(quietSince, now);
    // Of rows of its own: one that never had any may stand where the others are.
    boolean history = hadRows() && watermark < now - SKEW_MICROS;
    idle |= now - quietSince >= (history ? historyIdleMicros : idleMicros);
  }

  /** Whether there ever was a row that moves it. */
  boolean hadRows() {
    return latest != NOTHING_YET;
  }

  /** Whether it has been quiet for so long that it holds nobody up. */
  boolean idle() {
    return idle;
  }

  /** What the clock of an idle partition stands at where no other says more. */
  long idleWatermark(long now) {
    return Math.max(watermark, now - IDLE_MICROS - delayMicros);
  }

  /**
   * Ends its idleness, if it was idle: a row has come.
   *
   * @param reached where the others have come to
   */
  void wake(long reached) {
    if (idle) {
      idle = false;
      watermark = Math.max(watermark, reached);
    }
  }
}
