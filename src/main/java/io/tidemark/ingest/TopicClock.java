package io.tidemark.ingest;

import java.io.Serializable;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * Event time in what one reader reads of a topic: that of its slowest partition that is not idle;
 * where all are idle, the wall clock's. It never goes back. Microseconds since the epoch. Not
 * thread-safe.
 */
final class TopicClock implements Serializable {
  private static final long serialVersionUID = 1;

  private final TreeMap<Integer, PartitionClock> partitions = new TreeMap<>();
  private long reached = PartitionClock.NOTHING_YET;

  /** The same time on a clock of its own. */
  TopicClock copy() {
    TopicClock copy = new TopicClock();
    partitions.forEach((number, each) -> copy.partitions.put(number, each.copy()));
    copy.reached = reached;
    return copy;
  }

  /** Adds a partition, unless it has it. */
  void add(int partition, PartitionClock clock) {
    partitions.putIfAbsent(partition, clock);
  }

  /**
   * Where a partition has come to. A row of it ends its idleness.
   *
   * @return {@link PartitionClock#NOTHING_YET} before its first row
   */
  long comesTo(int partition) {
    PartitionClock own = partitions.get(partition);
    own.wake(reached);
    return own.watermark();
  }

  /**
   * Takes notice of a row.
   *
   * @param now wall clock, or when the row was sent
   */
  void row(int partition, long time, long now) {
    partitions.get(partition).row(time, now);
  }

  /**
   * Takes notice that a partition has nothing to read.
   *
   * @param caughtUp whether that is because all has been read
   */
  void quiet(int partition, boolean caughtUp, long now) {
    PartitionClock own = partitions.get(partition);
    if (!caughtUp) {
      own.wake(reached); // or its next rows would come to windows that are closed
    }
    own.quiet(caughtUp, now);
  }

  /** Whether any of the partitions ever had a row. */
  boolean hadRows() {
    return partitions.values().stream().anyMatch(PartitionClock::hadRows);
  }

  /** No row is expected before it; {@link PartitionClock#NOTHING_YET}: nothing is known. */
  long reached(long now) {
    long least = Long.MAX_VALUE;
    long idle = Long.MAX_VALUE;
    for (PartitionClock each : partitions.values()) {
      if (each.idle()) {
        idle = Math.min(idle, each.idleWatermark(now));
      } else {
        least = Math.min(least, each.watermark());
      }
    }
    reached = Math.max(reached, least == Long.MAX_VALUE ? idle : least);
    return reached;
  }

  /** The same as a runner takes it. */
  Instant watermark(long now) {
    long micros = reached(now);
    long first = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    return new Instant(
        micros == PartitionClock.NOTHING_YET
            ? first
            : Math.max(first, Math.floorDiv(micros, 1000)));
  }
}
