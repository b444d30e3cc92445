package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogSpansTest {
  private static final WindowSpec HOURS =
      WindowSpec.fixed(Duration.ofHours(1), Instant.EPOCH, Duration.ZERO);
  private static final long HOUR = 3_600_000_000L;

  private static LogSpans spans(WindowSpec window, long... starts) {
    LogSpans spans = LogSpans.over(window);
    for (long start : starts) {
      spans.add(start);
    }
    return spans;
  }

  private static boolean whole(LogSpans log, long start) {
    return WindowCompleteness.UNBOUNDED.whole(start, start + HOUR, log);
  }

  @Test
  void firstAndLastWindowMayBeCutOff() {
    LogSpans log = spans(HOURS, 5 * HOUR, 3 * HOUR, 4 * HOUR);
    assertThat(whole(log, 3 * HOUR)).isFalse();
    assertThat(whole(log, 4 * HOUR)).isTrue();
    assertThat(whole(log, 5 * HOUR)).isFalse();
    assertThat(whole(spans(HOURS, 0), 0)).isFalse();
  }

  @Test
  void aBoundStandsForTheLogsEndOnItsSide() {
    LogSpans log = spans(HOURS, 3 * HOUR, 4 * HOUR);
    WindowCompleteness from = new WindowCompleteness(3 * HOUR, Long.MAX_VALUE);
    assertThat(from.whole(3 * HOUR, 4 * HOUR, log)).isTrue();
    assertThat(from.whole(4 * HOUR, 5 * HOUR, log)).isFalse();
    assertThat(from.whole(2 * HOUR, 3 * HOUR, log)).isFalse();
    WindowCompleteness to = new WindowCompleteness(Long.MIN_VALUE, 5 * HOUR);
    assertThat(to.whole(3 * HOUR, 4 * HOUR, log)).isFalse();
    assertThat(to.whole(4 * HOUR, 5 * HOUR, log)).isTrue();
    assertThat(new WindowCompleteness(0, 5 * HOUR).whole(0, HOUR, null)).isTrue();
  }

  @Test
  void aRowOfAnotherCenturyLeavesTheLogsEndsWhatTheyAre() {
    LogSpans log = spans(HOURS, -1_000_000 * HOUR, 3 * HOUR, 4 * HOUR, 5 * HOUR, 999_999 * HOUR);
    assertThat(whole(log, 3 * HOUR)).isFalse();
    assertThat(whole(log, 4 * HOUR)).isTrue();
    assertThat(whole(log, 5 * HOUR)).isFalse();
    assertThat(whole(log, 999_999 * HOUR)).isFalse();
  }

  @Test
  void stretchesArePartedWhereNothingIsFilledIn() {
    assertThat(whole(spans(HOURS, 0, 1001 * HOUR, 1002 * HOUR), 1001 * HOUR)).isTrue();
    assertThat(whole(spans(HOURS, 0, 1002 * HOUR, 1003 * HOUR), 1002 * HOUR)).isFalse();
    // What lies between joins them.
    assertThat(spans(HOURS, 0, 1500 * HOUR, 700 * HOUR).ends()).containsExactly(0L, 1500 * HOUR);
  }

  @Test
  void theOrderDoesNotMatter() {
    Random random = new Random(1);
    WindowSpec months =
        WindowSpec.calendar(
            Period.ofMonths(1), Instant.EPOCH, ZoneId.of("Europe/Berlin"), Duration.ZERO);
    List<Long> starts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      starts.add(months.startOf((random.nextLong() >> 11) * 30));
    }
    LogSpans expected = LogSpans.over(months);
    starts.forEach(expected::add);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(starts, random);
      LogSpans one = LogSpans.over(months);
      LogSpans other = LogSpans.over(months);
      for (long start : starts) {
        (random.nextBoolean() ? one : other).add(start);
      }
      assertThat(one.merge(other).ends()).isEqualTo(expected.ends());
    }
  }

  @Test
  void saysWhetherAnEndMoved() {
    LogSpans log = spans(HOURS, 3 * HOUR, 5 * HOUR);
    assertThat(log.add(4 * HOUR)).isFalse();
    assertThat(log.add(5 * HOUR)).isFalse();
    assertThat(log.add(6 * HOUR)).isTrue();
    assertThat(log.add(2 * HOUR)).isTrue();
  }
}
