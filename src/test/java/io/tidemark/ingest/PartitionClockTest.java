package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionClockTest {
  private static final long NOW = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000L;

  private static PartitionClock fresh() {
    return PartitionClock.of(10 * SECOND);
  }

  @Test
  void followsTheLatestRowAtADistanceAndNeverGoesBack() {
    PartitionClock clock = fresh();
    assertThat(clock.watermark()).isEqualTo(PartitionClock.NOTHING_YET);
    clock.row(NOW - 100 * SECOND, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 110 * SECOND);
    clock.row(NOW - 500 * SECOND, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 110 * SECOND);
    clock.row(NOW, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
  }

  @Test
  void aRowOfTheFutureDoesNotMoveIt() {
    PartitionClock clock = fresh();
    clock.row(NOW, NOW);
    clock.row(NOW + PartitionClock.SKEW_MICROS + 1, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
    clock.row(NOW + PartitionClock.SKEW_MICROS, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW + PartitionClock.SKEW_MICROS - 10 * SECOND);
  }

  @Test
  void onceReadToTheEndAndQuietItIsIdle() {
    PartitionClock clock = fresh(); // of a partition that never had a row
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + PartitionClock.IDLE_MICROS - 1);
    assertThat(clock.idle()).isFalse();
    clock.quiet(true, NOW + PartitionClock.IDLE_MICROS);
    assertThat(clock.idle()).isTrue();
    assertThat(clock.idleWatermark(NOW + 60 * SECOND))
        .isEqualTo(NOW + 60 * SECOND - PartitionClock.IDLE_MICROS - 10 * SECOND);
  }

  @Test
  void aRowEndsIdlenessWhereTheOthersHaveComeTo() {
    PartitionClock clock = fresh();
    clock.row(NOW - 50 * SECOND, NOW);
    clock.wake(NOW); // it was not idle
    assertThat(clock.watermark()).isEqualTo(NOW - 60 * SECOND);
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + PartitionClock.IDLE_MICROS);
    clock.wake(NOW - 20 * SECOND);
    assertThat(clock.idle()).isFalse();
    assertThat(clock.watermark()).isEqualTo(NOW - 20 * SECOND);
  }

  @Test
  void aPauseInALogThatIsSentAgainIsGivenLonger() {
    PartitionClock clock = fresh();
    clock.row(NOW - 10 * PartitionClock.SKEW_MICROS, NOW);
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + PartitionClock.HISTORY_IDLE_MICROS - 1);
    assertThat(clock.idle()).isFalse();
    clock.quiet(true, NOW + PartitionClock.HISTORY_IDLE_MICROS);
    assertThat(clock.idle()).isTrue();
  }

  @Test
  void howLongAQuietIsNeededMayBeSaid() {
    PartitionClock clock = fresh().idleAfter(SECOND);
    clock.row(NOW - 10 * PartitionClock.SKEW_MICROS, NOW);
    clock.quiet(true, NOW);
    clock.copy().quiet(true, NOW + SECOND);
    assertThat(clock.idle()).isFalse();
    clock.quiet(true, NOW + SECOND);
    assertThat(clock.idle()).isTrue();
  }

  @Test
  void whatIsStillToBeReadIsWaitedFor() {
    PartitionClock clock = fresh();
    clock.row(NOW - 1000 * SECOND, NOW);
    for (int second = 0; second < 100; second++) {
      clock.quiet(second % 5 != 0, NOW + second * SECOND); // it catches up for moments only
    }
    assertThat(clock.idle()).isFalse();
    clock.quiet(false, NOW + 199 * SECOND);
    clock.quiet(true, NOW + 200 * SECOND);
    clock.row(NOW - 900 * SECOND, NOW + 205 * SECOND);
    clock.quiet(true, NOW + 211 * SECOND);
    assertThat(clock.idle()).isFalse();
    assertThat(clock.watermark()).isEqualTo(NOW - 910 * SECOND);
  }

  @Test
  void aClockOfLabelsLearnsHowFarTheyAreOutOfOrder() {
    PartitionClock clock = PartitionClock.learning(10 * SECOND, 100_000 * SECOND);
    for (int i = 0; i < PartitionClock.LEARN; i++) {
      clock.row(NOW - 1_000_000 * SECOND + i * SECOND - i % 2 * 5000 * SECOND, NOW);
      assertThat(clock.watermark()).isEqualTo(PartitionClock.NOTHING_YET);
    }
    clock.row(NOW - 900_000 * SECOND, NOW);
    assertThat(clock.watermark()).isBetween(NOW - 910_010 * SECOND, NOW - 909_990 * SECOND);
    clock.row(NOW - 999_000 * SECOND, NOW); // further than ever
    clock.row(NOW, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 100_000 * SECOND);
  }

  @Test
  void aCopyGoesOnByItself() {
    PartitionClock clock = fresh();
    clock.row(NOW, NOW);
    PartitionClock copy = clock.copy();
    clock.row(NOW + SECOND, NOW);
    assertThat(copy.watermark()).isEqualTo(NOW - 10 * SECOND);
    copy.row(NOW - SECOND, NOW);
    assertThat(copy.watermark()).isEqualTo(NOW - 10 * SECOND);
  }
}
