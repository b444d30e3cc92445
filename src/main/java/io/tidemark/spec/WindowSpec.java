package io.tidemark.spec;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * Event-time windows laid end to end from an origin: fixed ones, or calendar ones whose bounds keep
 * the origin's local time of day and, for months, its day of the month.
 *
 * <p>Times are microseconds since the epoch, UTC. The windows reach backwards from the origin too.
 *
 * @param months length of a calendar window in months; 0 unless the size is in months or years
 * @param days length of a calendar window in days; only where the zone has daylight saving, else a
 *     day is 24 hours of {@code micros}
 * @param micros length of a fixed window in microseconds; exactly one of the three is positive
 */
public record WindowSpec(
    int months, int days, long micros, Instant origin, ZoneId zone, Duration allowedLateness)
    implements Serializable {
  private static final long DAY = 86_400_000_000L;

  public WindowSpec {
    int sizes = (months > 0 ? 1 : 0) + (days > 0 ? 1 : 0) + (micros > 0 ? 1 : 0);
    if (sizes != 1) {
      throw new IllegalArgumentException("a window has one positive size");
    }
  }

  public static WindowSpec fixed(Duration size, Instant origin, Duration allowedLateness) {
    return new WindowSpec(0, 0, micros(size), origin, ZoneId.of("UTC"), allowedLateness);
  }

  public static WindowSpec calendar(
      Period size, Instant origin, ZoneId zone, Duration allowedLateness) {
    if (size.toTotalMonths() > 0) {
      return new WindowSpec(
          Math.toIntExact(size.toTotalMonths()), 0, 0, origin, zone, allowedLateness);
    }
    if (zone.getRules().isFixedOffset()) {
      return fixed(Duration.ofDays(size.getDays()), origin, allowedLateness);
    }
    return new WindowSpec(0, size.getDays(), 0, origin, zone, allowedLateness);
  }

  /** Start of the window that holds a time. */
  public long startOf(long timeMicros) {
    long start = micros(origin);
    if (micros > 0) {
      return start + Math.floorDiv(timeMicros - start, micros) * micros;
    }
    ChronoUnit unit = months > 0 ? ChronoUnit.MONTHS : ChronoUnit.DAYS;
    int size = months > 0 ? months : days;
    long index =
        Math.floorDiv(unit.between(origin.atZone(zone), instant(timeMicros).atZone(zone)), size);
    // Counting units between local times can be off by one around clock changes and short months.
    while (bound(index + 1) <= timeMicros) {
      index++;
    }
    while (bound(index) > timeMicros) {
      index--;
    }
    return bound(index);
  }

  /** End (exclusive) of the window that starts at {@code start}: the start of the next. */
  public long endOf(long start) {
    if (micros > 0) {
      return start + micros;
    }
    ChronoUnit unit = months > 0 ? ChronoUnit.MONTHS : ChronoUnit.DAYS;
    long units = unit.between(origin.atZone(zone), instant(start).atZone(zone));
    long index = Math.floorDiv(units, months > 0 ? months : days);
    while (bound(index) <= start) {
      index++;
    }
    return bound(index);
  }

  /**
   * Whether each window is so many whole windows of a shorter or equal size; both have the same
   * origin and zone.
   */
  public boolean multipleOf(WindowSpec part) {
    if (micros > 0 && part.micros > 0) {
      return micros % part.micros == 0;
    }
    if (months > 0 && part.months > 0) {
      return months % part.months == 0;
    }
    if (days > 0 && part.days > 0) {
      return days % part.days == 0;
    }
    return months > 0 && part.fillsDays();
  }

  /** Days of a fixed offset fill any calendar month. */
  private boolean fillsDays() {
    return (micros > 0 && DAY % micros == 0) || days == 1;
  }

  /** The size in one spelling: {@code P1M}, {@code P7D}, {@code PT36H}. */
  public String size() {
    if (months > 0) {
      return "P" + months + "M";
    }
    if (days > 0 || micros % DAY == 0) {
      return "P" + (days > 0 ? days : micros / DAY) + "D";
    }
    return Duration.of(micros, ChronoUnit.MICROS).toString();
  }

  private long bound(long index) {
    ZonedDateTime from = origin.atZone(zone);
    ZonedDateTime to = months > 0 ? from.plusMonths(index * months) : from.plusDays(index * days);
    return micros(to.toInstant());
  }

  /** Microseconds since the epoch; fractions are cut off towards the past. */
  public static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
  }

  /**
   * A time as options give it: a date, or date and time with or without a zone; UTC without one.
   *
   * @throws java.time.DateTimeException if the text is none
   */
  public static Instant time(String text) {
    return WindowReader.instant(text, ZoneId.of("UTC"));
  }

  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  private static long micros(Duration size) {
    return Math.addExact(Math.multiplyExact(size.getSeconds(), 1_000_000L), size.getNano() / 1000);
  }
}
