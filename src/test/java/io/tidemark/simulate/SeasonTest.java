package io.tidemark.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

/** Traffic over any stretch of time, and back. */
class SeasonTest {
  private static final long DAY = Duration.ofDays(1).toMillis() * 1000;

  @Property(tries = 300)
  void theTimeOfAShareIsTheInverseOfTheShareAtATime(
      @ForAll @LongRange(min = -3_000_000_000_000_000L, max = 3_000_000_000_000_000L) long from,
      @ForAll @LongRange(min = 1_000_000, max = 40 * 86_400_000_000L) long length,
      @ForAll @DoubleRange(min = 0, max = .99) double share,
      @ForAll @DoubleRange(min = 0, max = .95) double amplitude,
      @ForAll Seasonality cycle) {
    Season season = new Season(cycle, amplitude);
    long time = season.at(from, from + length, share);
    assertThat(time).isBetween(from - 1000, from + length + 1000);
    double all = season.between(from, from + length);
    assertThat(season.between(from, time) / all).isCloseTo(share, within(1e-6 + 100.0 / length));
    assertThat(season.wave(from)).isBetween(-1.0, 1.0);
    assertThat(season.between(from, from + 7 * DAY)).isCloseTo(7.0 * DAY, within(10.0));
  }
}
