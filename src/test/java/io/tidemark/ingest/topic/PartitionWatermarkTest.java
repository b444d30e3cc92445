package io.tidemark.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.format.KafkaTopic;
import org.junit.jupiter.api.Test;

class PartitionWatermarkTest {
  private static final long NOW = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000L;
  private static final long IDLE = ClockPace.IDLE_MICROS;
  private static final ClockPace PACE =
      new ClockPace(10 * SECOND, 0, IDLE, ClockPace.HISTORY_IDLE_MICROS);

  private static PartitionWatermark fresh() {
    return PartitionWatermark.of(PACE, NOW);
  }

  private static boolean row(PartitionWatermark clock, long time, long sent) {
    return clock.row(time, sent / 1000);
  }

  @Test
  void followsTheLatestRowAtADistanceAndNeverGoesBack() {
    PartitionWatermark clock = fresh();
    assertThat(clock.watermark()).isEqualTo(PartitionWatermark.NOTHING_YET);
    row(clock, NOW - 100 * SECOND, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 110 * SECOND);
    row(clock, NOW - 500 * SECOND, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 110 * SECOND);
    row(clock, NOW, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
  }

  @Test
  void aRowOfTheFutureDoesNotMoveIt() {
    PartitionWatermark clock = fresh();
    assertThat(row(clock, NOW, NOW)).isFalse();
    assertThat(row(clock, NOW + PartitionWatermark.SKEW_MICROS + 1, NOW)).isTrue();
    assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
    assertThat(row(clock, NOW + PartitionWatermark.SKEW_MICROS, NOW)).isFalse();
    assertThat(clock.watermark()).isEqualTo(NOW + PartitionWatermark.SKEW_MICROS - 10 * SECOND);
  }

  @Test
  void aSendTimeThatCannotBeIsNotBelieved() {
    long[] wrong = {NOW / 1_000_000, 0, -1, NOW, Long.MAX_VALUE}; // seconds, none, micros
    for (long stamp : wrong) {
      PartitionWatermark clock = fresh();
      assertThat(clock.row(NOW, stamp)).as("sent " + stamp).isFalse();
      assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
      assertThat(clock.row(NOW + 2 * PartitionWatermark.SKEW_MICROS, stamp)).isTrue();
      assertThat(clock.watermark()).isEqualTo(NOW - 10 * SECOND);
    }
  }

  /** Without send times nothing but a checkpoint tells how late it is, the same in a replay. */
  @Test
  void withoutSendTimesTheWallClockCountsFromACheckpointOn() {
    PartitionWatermark clock = fresh();
    long later = NOW + 3 * PartitionWatermark.SKEW_MICROS;
    assertThat(clock.row(later, 0)).isTrue();
    clock.decide(PartitionWatermark.NOTHING_YET, later);
    assertThat(clock.waiting()).isTrue();
    PartitionWatermark replayed = PartitionWatermark.of(PACE, clock.state(), NOW);
    clock.settle();
    assertThat(clock.waiting()).isFalse();
    assertThat(clock.row(later, 0)).isFalse();
    assertThat(replayed.row(later, 0)).isFalse();
    clock.decide(PartitionWatermark.NOTHING_YET, later + SECOND);
    assertThat(clock.waiting()).as("nothing to decide").isFalse();
  }

  @Test
  void rowsAheadDoNotKeepAPartitionFromBeingIdle() {
    PartitionWatermark clock = fresh();
    for (int second = 0; second <= 10; second++) {
      long now = NOW + second * SECOND;
      assertThat(row(clock, now + 24 * PartitionWatermark.SKEW_MICROS, now)).isTrue();
      clock.quiet(true, now);
    }
    assertThat(clock.idle()).isTrue();
    row(clock, NOW + 11 * SECOND, NOW + 11 * SECOND);
    assertThat(clock.idle()).isFalse();
  }

  @Test
  void onceReadToTheEndAndQuietItIsIdle() {
    PartitionWatermark clock = fresh(); // of a partition that never had a row
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + IDLE - 1);
    assertThat(clock.idle()).isFalse();
    clock.quiet(true, NOW + IDLE);
    assertThat(clock.idle()).isTrue();
    assertThat(clock.idleWatermark(NOW + 60 * SECOND))
        .isEqualTo(NOW + 60 * SECOND - IDLE - 10 * SECOND);
  }

  @Test
  void idlenessIsDecidedWithACheckpointAndCountsWhenItIsComplete() {
    PartitionWatermark clock = fresh();
    row(clock, NOW - 50 * SECOND, NOW);
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + IDLE);
    PartitionWatermark before = PartitionWatermark.of(PACE, clock.state(), NOW);
    clock.decide(NOW - 20 * SECOND, NOW + IDLE);
    assertThat(clock.waiting()).isTrue();
    assertThat(clock.watermark()).isEqualTo(NOW - 60 * SECOND);
    PartitionWatermark after = PartitionWatermark.of(PACE, clock.state(), NOW);
    clock.decide(NOW, NOW + 2 * IDLE); // a checkpoint that failed has decided
    clock.settle();
    assertThat(clock.waiting()).isFalse();
    assertThat(clock.watermark()).isEqualTo(NOW - 20 * SECOND);
    assertThat(after.watermark()).isEqualTo(NOW - 20 * SECOND);
    assertThat(before.watermark()).isEqualTo(NOW - 60 * SECOND);
  }

  @Test
  void aRowThatComesBeforeThatEndsIdleness() {
    PartitionWatermark clock = fresh();
    row(clock, NOW - 50 * SECOND, NOW);
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + IDLE);
    row(clock, NOW - 40 * SECOND, NOW + IDLE);
    clock.decide(NOW, NOW + IDLE);
    assertThat(clock.waiting()).isFalse();
    assertThat(clock.watermark()).isEqualTo(NOW - 50 * SECOND);
  }

  @Test
  void aPauseInALogThatIsSentAgainIsGivenLonger() {
    PartitionWatermark clock = fresh();
    row(clock, NOW - 10 * PartitionWatermark.SKEW_MICROS, NOW);
    clock.quiet(true, NOW);
    clock.quiet(true, NOW + ClockPace.HISTORY_IDLE_MICROS - 1);
    assertThat(clock.idle()).isFalse();
    clock.quiet(true, NOW + ClockPace.HISTORY_IDLE_MICROS);
    assertThat(clock.idle()).isTrue();
  }

  @Test
  void howLongAQuietIsNeededMayBeSaid() {
    KafkaTopic topic = KafkaTopic.of("--events", "kafka://h:1/t?idle=PT1S");
    PartitionWatermark clock = PartitionWatermark.of(ClockPace.of(topic, 0), NOW);
    row(clock, NOW - 10 * PartitionWatermark.SKEW_MICROS, NOW);
    clock.quiet(true, NOW);
    assertThat(clock.idle()).isFalse();
    clock.quiet(true, NOW + SECOND);
    assertThat(clock.idle()).isTrue();
  }

  @Test
  void whatIsStillToBeReadIsWaitedFor() {
    PartitionWatermark clock = fresh();
    row(clock, NOW - 1000 * SECOND, NOW);
    for (int second = 0; second < 100; second++) {
      clock.quiet(second % 5 != 0, NOW + second * SECOND); // it catches up for moments only
    }
    assertThat(clock.idle()).isFalse();
    clock.quiet(false, NOW + 199 * SECOND);
    clock.quiet(true, NOW + 200 * SECOND);
    row(clock, NOW - 900 * SECOND, NOW + 205 * SECOND);
    clock.quiet(true, NOW + 211 * SECOND);
    assertThat(clock.idle()).isFalse();
    assertThat(clock.watermark()).isEqualTo(NOW - 910 * SECOND);
  }

  @Test
  void aClockOfLabelsLearnsHowFarTheyAreOutOfOrder() {
    ClockPace pace = new ClockPace(10 * SECOND, 100_000 * SECOND, IDLE, IDLE);
    PartitionWatermark clock = PartitionWatermark.of(pace, NOW);
    for (int i = 0; i < PartitionWatermark.LEARN; i++) {
      row(clock, NOW - 1_000_000 * SECOND + i * SECOND - i % 2 * 5000 * SECOND, NOW);
      assertThat(clock.watermark()).isEqualTo(PartitionWatermark.NOTHING_YET);
    }
    clock = PartitionWatermark.of(pace, clock.state(), NOW);
    row(clock, NOW - 900_000 * SECOND, NOW);
    assertThat(clock.watermark()).isBetween(NOW - 910_010 * SECOND, NOW - 909_990 * SECOND);
    row(clock, NOW - 999_000 * SECOND, NOW); // further than ever
    row(clock, NOW, NOW);
    assertThat(clock.watermark()).isEqualTo(NOW - 100_000 * SECOND);
  }
}
