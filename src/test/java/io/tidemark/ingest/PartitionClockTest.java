package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionClockTest {
  private static final long NOW = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000L;

  private static PartitionClock fresh() {
    return new PartitionClock(10 * SECOND, PartitionClock.NOTHING_YET);
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
  void onceReadToTheEndAndQuietItFollowsTheWallClock() {
    PartitionClock clock = fresh(); // of a partition that never had a row
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + PartitionClock.IDLE_MICROS - 1);
    assertThat(clock.watermark()).isEqualTo(PartitionClock.NOTHING_YET);
    clock.quiet(true, NOW + PartitionClock.IDLE_MICROS);
    assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
    clock.quiet(true, NOW + 60 * SECOND);
    assertThat(clock.watermark())
        .isEqualTo(NOW + 60 * SECOND - PartitionClock.IDLE_MICROS - 10 * SECOND);
  }

  @Test
  void whatIsStillToBeReadIsWaitedFor() {
    PartitionClock clock = fresh();
    clock.row(NOW - 1000 * SECOND, NOW);
    for (int second = 0; second < 100; second++) {
      clock.quiet(second % 5 != 0, NOW + second * SECOND); // it catches up for moments only
    }
    assertThat(clock.watermark()).isEqualTo(NOW - 1010 * SECOND);
    clock.quiet(false, NOW + 199 * SECOND);
    clock.quiet(true, NOW + 200 * SECOND);
    clock.row(NOW - 900 * SECOND, NOW + 205 * SECOND);
    clock.quiet(true, NOW + 211 * SECOND);
    assertThat(clock.watermark()).isEqualTo(NOW - 910 * SECOND);
  }

  @Test
  void goesOnFromWhereItStood() {
    PartitionClock clock = new PartitionClock(0, NOW);
    clock.row(NOW - SECOND, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW);
  }
}
