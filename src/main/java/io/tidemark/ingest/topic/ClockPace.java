package io.tidemark.ingest.topic;

import io.tidemark.ingest.format.KafkaTopic;
import java.io.Serializable;

/**
 * How the clocks of a topic go: what the job says of them, and no state.
 *
 * @param delayMicros by which rows may at least be out of order
 * @param mostMicros and at most; 0: just so far. Clocks of labels learn what it is
 * @param idleMicros so long a partition must be quiet before it holds nobody up
 * @param historyIdleMicros the same where its rows are old
 */
record ClockPace(long delayMicros, long mostMicros, long idleMicros, long historyIdleMicros)
    implements Serializable {

  /** So long a partition must be quiet. */
  static final long IDLE_MICROS = 10_000_000L;

  /**
   * The same where rows are older than {@link PartitionWatermark#SKEW_MICROS}: of a log that is
   * sent again a pause says little, and rows that come after it would be too late.
   */
  static final long HISTORY_IDLE_MICROS = 30_000_000L;

  /**
   * @param mostMicros 0: rows; else labels
   */
  static ClockPace of(KafkaTopic topic, long mostMicros) {
    long delay = topic.delay().toNanos() / 1000;
    if (topic.idle() == null) {
      return new ClockPace(delay, mostMicros, IDLE_MICROS, HISTORY_IDLE_MICROS);
    }
    long idle = topic.idle().toNanos() / 1000;
    return new ClockPace(delay, mostMicros, idle, idle);
  }
}
