package io.tidemark.ingest;

import java.io.Serializable;

/**
 * Event time in one partition of a stream: up to where its rows have come. Rows dated far ahead of
 * the wall clock do not move it, and a partition that has been read to its end and stays quiet
 * follows the wall clock, so that it holds nobody up. Not thread-safe.
 */
final class PartitionClock implements Serializable {
  private static final long serialVersionUID = 1;

  /** Clocks of machines differ; a row dated later than this from now is a mistake. */
  static final long SKEW_MICROS = 3_600_000_000L;

  /** So long a partition must be quiet. */
  static final long IDLE_MICROS = 10_000_000L;

  static final long NOTHING_YET = Long.MIN_VALUE;

  private final long delayMicros;
  private long watermark;
  private long quietSince = Long.MAX_VALUE;

  /**
   * @param delayMicros by which rows may be out of order
   * @param watermark where it stood, or {@link #NOTHING_YET}
   */
  PartitionClock(long delayMicros, long watermark) {
    this.delayMicros = delayMicros;
    this.watermark = watermark;
  }

  /** No row is expected before it, microseconds since the epoch. */
  long watermark() {
    return watermark;
  }

  /**
   * Takes notice of a row.
   *
   * @param now wall clock
   */
  void row(long time, long now) {
    quietSince = Long.MAX_VALUE;
    if (time <= now + SKEW_MICROS) {
      watermark = Math.max(watermark, time - delayMicros);
    }
  }

  /**
   * Takes notice that there is nothing to read.
   *
   * @param caughtUp whether that is because all has been read
   */
  void quiet(boolean caughtUp, long now) {
    if (!caughtUp) {
      quietSince = Long.MAX_VALUE;
      return;
    }
    quietSince = Math.min(quietSince, now);
    if (now - quietSince >= IDLE_MICROS) {
      watermark = Math.max(watermark, now - IDLE_MICROS - delayMicros);
    }
  }
}
