package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IsoTimeTest {
  private static void same(Instant time) {
    assertThat(IsoTime.of(time)).isEqualTo(time.toString());
  }

  @Test
  void isWhatInstantsSay() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long second = random.nextLong(-70_000_000_000L, 270_000_000_000L);
      int[] nanos = {0, 5_000_000, 123_000, 999_999_999, 1000 * random.nextInt(1_000_000)};
      same(Instant.ofEpochSecond(second, nanos[i % nanos.length]));
    }
  }

  @Test
  void atTheEndsOfMonthsAndYears() {
    for (String time :
        new String[] {
          "1970-01-01T00:00:00Z",
          "1969-12-31T23:59:59.999999Z",
          "2000-02-29T12:00:00Z",
          "1900-02-28T23:59:59Z",
          "1900-03-01T00:00:00Z",
          "2024-12-31T23:59:59.9Z",
          "0001-01-01T00:00:00Z",
          "0000-12-31T00:00:00Z",
          "-0001-03-01T00:00:00Z",
          "9999-12-31T23:59:59Z",
          "+10000-01-01T00:00:00Z"
        }) {
      same(Instant.parse(time));
    }
  }
}
