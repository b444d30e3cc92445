package io.tidemark.ingest.topic;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * Event time in what one reader reads of a topic: that of its slowest partition. An idle one goes
 * on with the slowest that is not, and where all are idle, with the wall clock; when that is
 * decided and counts, {@link PartitionWatermark} says. It never goes back. Microseconds since the
 * epoch. Not thread-safe.
 */
final class TopicClock {
  private final TreeMap<Integer, PartitionWatermark> partitions = new TreeMap<>();
  private long reached;

  /**
   * @param reached where it has come to, or {@link PartitionWatermark#NOTHING_YET}
   */
  TopicClock(long reached) {
    this.reached = reached;
  }

  void add(int partition, PartitionWatermark clock) {
    partitions.put(partition, clock);
  }

  /** Adds a partition that is new, when a checkpoint is taken: it begins where this one stands. */
  void join(int partition, ClockPace pace, long now) {
    add(partition, PartitionWatermark.joining(pace, reached(), now));
  }

  /** Where a partition has come to; {@link PartitionWatermark#NOTHING_YET} before its first row. */
  long comesTo(int partition) {
    return partitions.get(partition).watermark();
  }

  /**
   * Takes notice of a row.
   *
   * @param stampMillis when it was sent, as its record says
   * @return whether it is dated ahead of that
   */
  boolean row(int partition, long time, long stampMillis) {
    return partitions.get(partition).row(time, stampMillis);
  }

  /** Whether it can be that a record was sent then. */
  boolean isBelieved(int partition, long stampMillis) {
    return partitions.get(partition).isBelieved(stampMillis);
  }

  /** Takes notice of what there is to read of a partition, see {@link PartitionWatermark#quiet}. */
  void quiet(int partition, boolean caughtUp, long now) {
    partitions.get(partition).quiet(caughtUp, now);
  }

  /** Takes notice that nobody looked for some time, see {@link PartitionWatermark#missed}. */
  void missed(long micros) {
    partitions.values().forEach(each -> each.missed(micros));
  }

  /** Whether any of the partitions ever had a row. */
  boolean hadRows() {
    return partitions.values().stream().anyMatch(PartitionWatermark::hadRows);
  }

  /** No row is expected before it; {@link PartitionWatermark#NOTHING_YET}: nothing is known. */
  long reached() {
    reached = Math.max(reached, least(false));
    return reached;
  }

  /** The slowest partition's time; where there is none {@link PartitionWatermark#NOTHING_YET}. */
  private long least(boolean busy) {
    return partitions.values().stream()
        .filter(each -> !busy || !each.idle())
        .mapToLong(PartitionWatermark::watermark)
        .min()
        .orElse(PartitionWatermark.NOTHING_YET);
  }

  /** The same as a runner takes it. */
  Instant watermark() {
    long micros = reached();
    long first = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    return new Instant(
        micros == PartitionWatermark.NOTHING_YET
            ? first
            : Math.max(first, Math.floorDiv(micros, 1000)));
  }

  /**
   * How far it is behind the wall clock.
   *
   * @param begun when reading began: nothing was expected of a partition before
   * @return -1 before the first row
   */
  long behind(long begun, long now) {
    if (partitions.values().stream().noneMatch(PartitionWatermark::met)) {
      return -1;
    }
    long least = least(false);
    return Math.max(0, now - (least == PartitionWatermark.NOTHING_YET ? begun : least));
  }

  /** Decides what the wall clock says of partitions, as a checkpoint is taken. */
  void decide(long now) {
    boolean allIdle = partitions.values().stream().allMatch(PartitionWatermark::idle);
    long others = least(true);
    partitions
        .values()
        .forEach(each -> each.decide(allIdle ? each.idleWatermark(now) : others, now));
  }

  /** Partitions of which no row may be read before a checkpoint is complete. */
  Set<Integer> waiting() {
    Set<Integer> waiting = new TreeSet<>();
    partitions.forEach(
        (number, each) -> {
          if (each.waiting()) {
            waiting.add(number);
          }
        });
    return waiting;
  }

  /** A checkpoint with all that was decided is complete. */
  void settle() {
    partitions.values().forEach(PartitionWatermark::settle);
  }

  /** With what is decided, by partition. */
  Map<Integer, PartitionWatermark.State> states() {
    TreeMap<Integer, PartitionWatermark.State> states = new TreeMap<>();
    partitions.forEach((number, each) -> states.put(number, each.state()));
    return states;
  }
}
