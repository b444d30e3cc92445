package io.tidemark.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WindowSpecTest {
  private static final Instant ORIGIN = Instant.parse("2018-01-31T00:00:00Z");

  private static long micros(String time) {
    return WindowSpec.micros(Instant.parse(time));
  }

  private static Instant startOf(WindowSpec window, String time) {
    return WindowSpec.instant(window.startOf(micros(time)));
  }

  @Test
  void fixedWindowsReachBackwardsFromTheOrigin() {
    WindowSpec weeks = WindowSpec.fixed(Duration.ofDays(7), ORIGIN, Duration.ZERO);
    assertThat(startOf(weeks, "2018-01-31T00:00:00Z")).isEqualTo(ORIGIN);
    assertThat(startOf(weeks, "2018-01-30T23:59:59.999999Z")).isEqualTo("2018-01-24T00:00:00Z");
  }

  @Test
  void monthsFromAThirtyFirstEndWithTheMonth() {
    WindowSpec months =
        WindowSpec.calendar(Period.ofMonths(1), ORIGIN, ZoneId.of("UTC"), Duration.ZERO);
    assertThat(startOf(months, "2018-02-28T12:00:00Z")).isEqualTo("2018-02-28T00:00:00Z");
    assertThat(startOf(months, "2018-03-30T12:00:00Z")).isEqualTo("2018-02-28T00:00:00Z");
    assertThat(startOf(months, "2018-03-31T12:00:00Z")).isEqualTo("2018-03-31T00:00:00Z");
  }

  @Test
  void daysAreAsLongAsTheClocksSay() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Instant midnight = Instant.parse("2021-03-26T23:00:00Z");
    WindowSpec days = WindowSpec.calendar(Period.ofDays(1), midnight, berlin, Duration.ZERO);
    long spring = micros("2021-03-27T23:00:00Z");
    assertThat(days.startOf(spring + 1)).isEqualTo(spring);
    assertThat(days.endOf(spring) - spring).isEqualTo(23 * 3_600_000_000L);
    long autumn = micros("2021-10-30T22:00:00Z");
    assertThat(days.endOf(autumn) - autumn).isEqualTo(25 * 3_600_000_000L);
  }

  @Property(tries = 300)
  void everyTimeIsInOneWindow(
      @ForAll @LongRange(min = -62_000_000_000_000_000L, max = 250_000_000_000_000_000L) long time,
      @ForAll @IntRange(min = 0, max = 3) int kind) {
    WindowSpec window =
        switch (kind) {
          case 0 -> WindowSpec.fixed(Duration.ofHours(1), ORIGIN, Duration.ZERO);
          case 1 -> WindowSpec.fixed(Duration.ofSeconds(2_615_760), ORIGIN, Duration.ZERO);
          case 2 ->
              WindowSpec.calendar(Period.ofMonths(1), ORIGIN, ZoneId.of("UTC"), Duration.ZERO);
          default ->
              WindowSpec.calendar(
                  Period.ofDays(1), ORIGIN, ZoneId.of("America/New_York"), Duration.ZERO);
        };
    long start = window.startOf(time);
    long end = window.endOf(start);
    assertThat(time).isBetween(start, end - 1);
    assertThat(window.startOf(end)).isEqualTo(end);
    assertThat(window.startOf(start)).isEqualTo(start);
  }

  @Property(tries = 300)
  void multiplesAreFilledEndToEnd(
      @ForAll @LongRange(min = -62_000_000_000_000_000L, max = 250_000_000_000_000_000L) long time,
      @ForAll @IntRange(min = 0, max = 3) int kind) {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    WindowSpec part =
        switch (kind) {
          case 0 -> WindowSpec.fixed(Duration.ofHours(6), ORIGIN, Duration.ZERO);
          case 1, 2 -> WindowSpec.calendar(Period.ofDays(1), ORIGIN, berlin, Duration.ZERO);
          default -> WindowSpec.calendar(Period.ofMonths(1), ORIGIN, berlin, Duration.ZERO);
        };
    WindowSpec whole =
        switch (kind) {
          case 0, 1 -> WindowSpec.calendar(Period.ofMonths(1), ORIGIN, part.zone(), Duration.ZERO);
          case 2 -> WindowSpec.calendar(Period.ofDays(7), ORIGIN, berlin, Duration.ZERO);
          default -> WindowSpec.calendar(Period.ofMonths(3), ORIGIN, berlin, Duration.ZERO);
        };
    assertThat(whole.multipleOf(part)).isTrue();
    assertThat(part.multipleOf(whole)).isFalse();
    long start = whole.startOf(time);
    long end = whole.endOf(start);
    long at = start;
    while (at < end) {
      assertThat(part.startOf(at)).isEqualTo(at);
      at = part.endOf(at);
    }
    assertThat(at).isEqualTo(end);
  }
}
