package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicClockTest {
  private static final long NOW = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000L;

  private static TopicClock of(int partitions) {
    TopicClock clock = new TopicClock();
    for (int i = 0; i < partitions; i++) {
      clock.add(i, PartitionClock.of(10 * SECOND));
    }
    return clock;
  }

  @Test
  void isThatOfTheSlowestPartition() {
    TopicClock clock = of(2);
    clock.row(0, NOW, NOW);
    assertThat(clock.reached(NOW)).isEqualTo(PartitionClock.NOTHING_YET);
    clock.row(1, NOW - 60 * SECOND, NOW);
    assertThat(clock.reached(NOW)).isEqualTo(NOW - 70 * SECOND);
  }

  @Test
  void anEmptyPartitionAndOneThatFallsSilentHoldNobodyUpWhileOthersAreBusy() {
    TopicClock clock = of(3); // the last one is empty
    clock.row(1, NOW - 300 * SECOND, NOW); // and this one has no more
    long end = NOW;
    for (int second = 0; second <= 40; second++) {
      long wall = NOW + second * SECOND;
      clock.comesTo(0);
      clock.row(0, wall - 5 * SECOND, wall);
      clock.quiet(1, true, wall);
      clock.quiet(2, true, wall);
      end = wall;
    }
    assertThat(clock.reached(end)).isEqualTo(end - 15 * SECOND);
  }

  @Test
  void anIdlePartitionGoesOnWhereTheOthersAreAndItsOldRowsAreLate() {
    TopicClock clock = of(2);
    clock.row(0, NOW, NOW);
    clock.row(1, NOW - 100 * SECOND, NOW);
    clock.quiet(1, true, NOW);
    clock.quiet(1, true, NOW + 10 * SECOND);
    assertThat(clock.reached(NOW + 10 * SECOND)).isEqualTo(NOW - 10 * SECOND);
    assertThat(clock.comesTo(1)).isEqualTo(NOW - 10 * SECOND);
    clock.row(1, NOW + 100 * SECOND, NOW + 100 * SECOND);
    assertThat(clock.reached(NOW + 100 * SECOND)).isEqualTo(NOW - 10 * SECOND);
  }

  /** As after a restart, before it is known where the topic ends, or while the broker is away. */
  @Test
  void anIdlePartitionThatMayHaveRowsAfterAllGoesOnWhereTheOthersAre() {
    TopicClock clock = of(3); // the last one never had a row
    clock.row(0, NOW, NOW);
    clock.row(1, NOW - 100 * SECOND, NOW);
    for (int partition : new int[] {1, 2}) {
      clock.quiet(partition, true, NOW);
      clock.quiet(partition, true, NOW + 10 * SECOND);
    }
    assertThat(clock.reached(NOW + 10 * SECOND)).isEqualTo(NOW - 10 * SECOND);
    TopicClock restored = clock.copy();
    for (int partition : new int[] {1, 2}) {
      restored.quiet(partition, false, NOW + 20 * SECOND);
      assertThat(restored.comesTo(partition)).isEqualTo(NOW - 10 * SECOND);
    }
    // The one without rows holds nobody up for longer than at first, in a log of the past, too.
    long later = NOW + 10 * PartitionClock.SKEW_MICROS;
    restored.row(0, NOW + 50 * SECOND, later);
    for (int second = 0; second <= 10; second++) {
      restored.row(1, NOW + 50 * SECOND, later + second * SECOND);
      restored.quiet(2, true, later + second * SECOND);
    }
    assertThat(restored.reached(later + 10 * SECOND)).isEqualTo(NOW + 40 * SECOND);
  }

  @Test
  void whereAllAreIdleTheWallClockGoesOn() {
    TopicClock clock = of(2);
    for (int partition = 0; partition < 2; partition++) {
      clock.quiet(partition, true, NOW);
      clock.quiet(partition, true, NOW + 10 * SECOND);
    }
    long later = NOW + 100 * SECOND;
    assertThat(clock.reached(later)).isEqualTo(later - 20 * SECOND);
  }

  @Test
  void neverGoesBackAndACopyRemembers() {
    TopicClock clock = of(1);
    clock.row(0, NOW, NOW);
    assertThat(clock.reached(NOW)).isEqualTo(NOW - 10 * SECOND);
    TopicClock copy = clock.copy();
    copy.add(0, PartitionClock.of(500 * SECOND)); // it has it
    copy.add(1, PartitionClock.of(10 * SECOND));
    copy.row(1, NOW - 400 * SECOND, NOW);
    assertThat(copy.reached(NOW)).isEqualTo(NOW - 10 * SECOND);
    assertThat(copy.comesTo(0)).isEqualTo(NOW - 10 * SECOND);
  }
}
