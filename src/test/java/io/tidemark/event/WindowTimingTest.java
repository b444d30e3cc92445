package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTimingTest {
  private static final long HOUR = 3_600_000_000L;
  private static final Instant ORIGIN = Instant.EPOCH;

  private static WindowSpec hourly(Duration lateness) {
    return WindowSpec.fixed(Duration.ofHours(1), ORIGIN, lateness);
  }

  private static WindowTiming waiting() {
    WindowSpec stretch = WindowSpec.fixed(Duration.ofHours(12), ORIGIN, Duration.ofMinutes(90));
    return new WindowTiming(hourly(Duration.ofMinutes(90)), stretch, 24 * HOUR);
  }

  @Test
  void withoutLabelsAWindowClosesTheAllowedLatenessAfterItsEnd() {
    WindowTiming times = WindowTiming.withoutLabels(hourly(Duration.ofMinutes(90)));
    assertThat(times.end(HOUR).getMillis()).isEqualTo(2 * HOUR / 1000);
    assertThat(times.closed(HOUR)).isEqualTo(7 * HOUR / 2);
  }

  @Test
  void withLabelsItClosesWithItsStretch() {
    assertThat(waiting().closed(HOUR)).isEqualTo(12 * HOUR + 24 * HOUR + 3 * HOUR / 2);
    assertThat(waiting().closed(11 * HOUR)).isEqualTo(waiting().closed(0));
    assertThat(waiting().closed(12 * HOUR)).isEqualTo(waiting().closed(0) + 12 * HOUR);
  }

  @Test
  void aLabelGoesToEachStretchThatMayHoldItsPrediction() {
    WindowTiming times = waiting();
    long label = 100 * HOUR;
    for (long prediction = label - times.horizon(); prediction <= label; prediction += HOUR) {
      long stretch = times.stretch().startOf(prediction);
      assertThat(stretch).isBetween(times.firstStretch(label), times.lastStretch(label));
    }
    // Predictions up to half a horizon later, too, and not many more.
    assertThat(times.lastStretch(label)).isEqualTo(times.stretch().startOf(label + 12 * HOUR));
    long stretches = (times.lastStretch(label) - times.firstStretch(label)) / (12 * HOUR) + 1;
    assertThat(stretches).isLessThanOrEqualTo(4);
  }

  @Test
  void outcomesSettleAtAnEndOfAWindow() {
    assertThat(waiting().settles(0)).isEqualTo(3 * HOUR); // 2.5 hours, and on to the next end
    WindowTiming whole = WindowTiming.withoutLabels(hourly(Duration.ofHours(2)));
    assertThat(whole.settles(0)).isEqualTo(3 * HOUR);
    // What is shown by then is all that came before the window's end.
    assertThat(waiting().settled(waiting().settles(0))).isGreaterThanOrEqualTo(HOUR);
  }

  @Test
  void timersAreRoundedUpSoThatNothingBeforeThemIsStillToCome() {
    assertThat(WindowTiming.timer(1_000).getMillis()).isEqualTo(1);
    assertThat(WindowTiming.timer(1_001).getMillis()).isEqualTo(2);
    assertThat(WindowTiming.timer(-1).getMillis()).isZero();
  }

  @Test
  void calendarWindowsAreTheirOwnStretches() {
    WindowSpec month =
        WindowSpec.calendar(Period.ofMonths(1), ORIGIN, ZoneId.of("UTC"), Duration.ZERO);
    WindowTiming times = new WindowTiming(month, month, 48 * HOUR);
    assertThat(times.closed(0)).isEqualTo(31 * 24 * HOUR + 48 * HOUR);
  }

  /** Months and the days of a zone with daylight saving have no fixed length. */
  @Test
  void stretchesOfCalendarWindowsAreAboutHalfAHorizonToo() {
    for (String size : List.of("P1D", "P1M")) {
      MonitoringSpec spec =
          SpecReader.read(
              "test",
              """
              model: m
              task: binary
              events: {id: i, time: t, timezone: Europe/Berlin, prediction: {score: s, positive: "1"}}
              features: {a: numeric}
              labels: {id: i, value: y, time: t, horizon: P730D}
              window: {size: SIZE, origin: 2024-01-01T00:00:00Z}
              snapshot: off
              """
                  .replace("SIZE", size));
      WindowTiming times = WindowTiming.withLabels(spec);
      long label = WindowSpec.micros(Instant.parse("2025-07-03T11:00:00Z"));
      int stretches = 0;
      for (long at = times.firstStretch(label);
          at <= times.lastStretch(label);
          at = times.stretch().endOf(at)) {
        stretches++;
        assertThat(times.window().startOf(at)).as("begins with a window").isEqualTo(at);
      }
      assertThat(stretches).as(size).isBetween(3, 5);
    }
  }
}
