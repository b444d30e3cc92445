package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicClockTest {
  private static final long NOW = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000L;
  private static final ClockPace PACE =
      new ClockPace(10 * SECOND, 0, ClockPace.IDLE_MICROS, ClockPace.HISTORY_IDLE_MICROS);

  private static TopicClock of(int partitions) {
    TopicClock clock = new TopicClock(PartitionWatermark.NOTHING_YET);
    for (int i = 0; i < partitions; i++) {
      clock.add(i, PartitionWatermark.of(PACE, NOW));
    }
    return clock;
  }

  private static void row(TopicClock clock, int partition, long time, long sent) {
    clock.row(partition, time, sent / 1000);
  }

  private static void checkpoint(TopicClock clock, long now) {
    clock.decide(now);
    clock.settle();
  }

  private static void idle(TopicClock clock, int partition, long from) {
    clock.quiet(partition, true, from);
    clock.quiet(partition, true, from + 10 * SECOND);
  }

  @Test
  void isThatOfTheSlowestPartition() {
    TopicClock clock = of(2);
    row(clock, 0, NOW, NOW);
    assertThat(clock.reached()).isEqualTo(PartitionWatermark.NOTHING_YET);
    row(clock, 1, NOW - 60 * SECOND, NOW);
    assertThat(clock.reached()).isEqualTo(NOW - 70 * SECOND);
  }

  @Test
  void anEmptyPartitionAndOneThatFallsSilentHoldNobodyUpWhileOthersAreBusy() {
    TopicClock clock = of(3); // the last one is empty
    row(clock, 1, NOW - 300 * SECOND, NOW); // and this one has no more
    long end = NOW;
    for (int second = 0; second <= 40; second++) {
      long wall = NOW + second * SECOND;
      row(clock, 0, wall - 5 * SECOND, wall);
      clock.quiet(1, true, wall);
      clock.quiet(2, true, wall);
      checkpoint(clock, wall);
      end = wall;
    }
    assertThat(clock.reached()).isEqualTo(end - 15 * SECOND);
  }

  @Test
  void anIdlePartitionGoesOnWhereTheOthersAreAndItsOldRowsAreLate() {
    TopicClock clock = of(2);
    row(clock, 0, NOW, NOW);
    row(clock, 1, NOW - 100 * SECOND, NOW);
    idle(clock, 1, NOW);
    checkpoint(clock, NOW + 10 * SECOND);
    assertThat(clock.reached()).isEqualTo(NOW - 10 * SECOND);
    assertThat(clock.comesTo(1)).isEqualTo(NOW - 10 * SECOND);
    row(clock, 1, NOW + 100 * SECOND, NOW + 100 * SECOND);
    assertThat(clock.reached()).isEqualTo(NOW - 10 * SECOND);
  }

  /** What runners are told and rows are judged by is what a complete checkpoint holds. */
  @Test
  void untilACheckpointIsCompleteIdlenessMovesNothing() {
    TopicClock clock = of(2);
    row(clock, 0, NOW, NOW);
    row(clock, 1, NOW - 100 * SECOND, NOW);
    idle(clock, 1, NOW);
    assertThat(clock.reached()).isEqualTo(NOW - 110 * SECOND);
    clock.decide(NOW + 10 * SECOND);
    assertThat(clock.waiting()).containsExactly(1);
    assertThat(clock.reached()).isEqualTo(NOW - 110 * SECOND);
    TopicClock replayed = new TopicClock(clock.reached());
    clock.states().forEach((p, state) -> replayed.add(p, PartitionWatermark.of(PACE, state, NOW)));
    clock.settle();
    assertThat(clock.reached()).isEqualTo(NOW - 10 * SECOND);
    assertThat(replayed.reached()).isEqualTo(NOW - 10 * SECOND);
    assertThat(replayed.waiting()).isEmpty();
  }

  @Test
  void aPartitionWithRowsAheadAloneHoldsNobodyUp() {
    TopicClock clock = of(2);
    long end = NOW;
    for (int second = 0; second <= 20; second++) {
      end = NOW + second * SECOND;
      row(clock, 0, end, end);
      row(clock, 1, end + 24 * PartitionWatermark.SKEW_MICROS, end);
      clock.quiet(0, true, end);
      clock.quiet(1, true, end);
      checkpoint(clock, end);
    }
    assertThat(clock.reached()).isEqualTo(end - 10 * SECOND);
  }

  @Test
  void whereAllAreIdleTheWallClockGoesOn() {
    TopicClock clock = of(2);
    idle(clock, 0, NOW);
    idle(clock, 1, NOW);
    long later = NOW + 100 * SECOND;
    checkpoint(clock, later);
    assertThat(clock.reached()).isEqualTo(later - 20 * SECOND);
  }

  @Test
  void aNewPartitionBeginsWhereTheOthersStandAndHoldsThemUntilItIsRead() {
    TopicClock clock = of(1);
    row(clock, 0, NOW, NOW);
    clock.join(1, PACE, NOW);
    assertThat(clock.waiting()).containsExactly(1);
    row(clock, 0, NOW + 60 * SECOND, NOW + 60 * SECOND);
    assertThat(clock.reached()).isEqualTo(NOW - 10 * SECOND);
    clock.settle();
    assertThat(clock.waiting()).isEmpty();
    assertThat(clock.comesTo(1)).isEqualTo(NOW - 10 * SECOND);
    row(clock, 1, NOW + 30 * SECOND, NOW + 30 * SECOND);
    assertThat(clock.reached()).isEqualTo(NOW + 20 * SECOND);
  }

  @Test
  void howFarItIsBehindIsKnownFromTheFirstRowOn() {
    TopicClock clock = of(2);
    assertThat(clock.behind(NOW, NOW + 5 * SECOND)).isEqualTo(-1);
    row(clock, 0, NOW + 24 * PartitionWatermark.SKEW_MICROS, NOW);
    assertThat(clock.behind(NOW, NOW + 5 * SECOND)).isEqualTo(5 * SECOND);
    row(clock, 0, NOW, NOW);
    row(clock, 1, NOW - 90 * SECOND, NOW);
    assertThat(clock.behind(NOW, NOW + 5 * SECOND)).isEqualTo(105 * SECOND);
  }
}
