package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DaySpanTest {
  private static final long HOUR = 3_600_000_000L;

  private static boolean spans(long length, long... starts) {
    List<Long> windows = LongStream.of(starts).boxed().toList();
    return DaySpan.of(windows, start -> start, start -> start + length);
  }

  private static long[] hours(int from, int to) {
    return LongStream.range(from, to).map(hour -> hour * HOUR).toArray();
  }

  @Test
  void threeQuartersOfTheDayAreEnough() {
    assertThat(spans(HOUR, hours(0, 17))).isFalse();
    assertThat(spans(HOUR, hours(0, 18))).isTrue();
    assertThat(spans(HOUR, hours(-20, -2))).isTrue();
    assertThat(spans(HOUR)).isFalse();
  }

  @Test
  void itCountsTimesOfDayAndNotHours() {
    List<Long> mornings = new ArrayList<>();
    for (int day = 0; day < 30; day++) {
      for (int hour = 8; hour < 12; hour++) {
        mornings.add((day * 24L + hour) * HOUR);
      }
    }
    long[] starts = mornings.stream().mapToLong(start -> start).toArray();
    assertThat(spans(HOUR, starts)).isFalse();
    assertThat(spans(5 * HOUR, 0, 29 * HOUR, 34 * HOUR, 39 * HOUR)).isTrue();
  }

  @Test
  void aWindowOfADayHasSeenIt() {
    assertThat(spans(24 * HOUR, 0)).isTrue();
    assertThat(spans(31 * 24 * HOUR, 5 * HOUR + 1)).isTrue();
    assertThat(spans(6 * HOUR, 0, 6 * HOUR)).isFalse();
    assertThat(spans(6 * HOUR, 0, 6 * HOUR, 12 * HOUR)).isTrue();
  }

  @Test
  void windowsShorterThanAMinuteCount() {
    long[] seconds = LongStream.range(0, 24 * 60 * 60).map(s -> s * 1_000_000L).toArray();
    assertThat(spans(1_000_000, seconds)).isTrue();
  }
}
