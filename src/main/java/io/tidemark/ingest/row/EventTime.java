package io.tidemark.ingest.row;

import io.tidemark.event.ValueText;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/**
 * Reads event times in every form of the contract to microseconds since the epoch: a date, or date
 * and time parted by T or a space, with or without fraction and zone; a number that is a date in
 * disguise ({@link CalendarNumber}); epoch seconds, milliseconds, microseconds or nanoseconds told
 * apart by size. Finer digits are cut off towards the past. Times of an event lie in the years 1 to
 * 9999, which every form can hold and windows can be named by.
 *
 * <p>{@link #UNREADABLE} stands for a value that is no time: the first representable microsecond,
 * which no log holds.
 */
public final class EventTime implements Serializable {
  private static final long serialVersionUID = 1;
  public static final long UNREADABLE = Long.MIN_VALUE;

  /** No value. */
  public static final long MISSING = Long.MIN_VALUE + 1;

  private static final long SECOND = 1_000_000L;

  private static final long FIRST = LocalDate.of(1, 1, 1).toEpochDay() * 86_400 * SECOND;
  private static final long LAST = LocalDate.of(10_000, 1, 1).toEpochDay() * 86_400 * SECOND - 1;

  // Up to the year 5138 as seconds and from 1973 on as milliseconds, and so on a step finer.
  private static final long SECONDS_BELOW = 100_000_000_000L;
  private static final long MILLIS_BELOW = SECONDS_BELOW * 1000;
  private static final long MICROS_BELOW = MILLIS_BELOW * 1000;

  private static final List<String> UNITS =
      List.of("seconds", "milliseconds", "microseconds", "nanoseconds");

  private static final long NO_DATE = CalendarNumber.NONE;

  /** Of a date with a time of day in disguise. */
  private static final int CALENDAR_DIGITS = 14;

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** A few days from where microseconds end. */
  private static final long LAST_LOCAL = Long.MAX_VALUE - 10 * 86_400 * SECOND;

  /** Clocks that passed over a whole day are known; none that passed over more. */
  private static final Duration MOST_CHANGE = Duration.ofDays(2);

  private final ZoneId zone;
  private final ZoneOffset fixed;

  /** Of times that do not say theirs. */
  public ZoneId zone() {
    return zone;
  }

  public EventTime(ZoneId zone) {
    this.zone = zone;
    this.fixed = zone.getRules().isFixedOffset() ? zone.getRules().getOffset(Instant.EPOCH) : null;
  }

  /** Whether an event may have this time; one that is missing or unreadable is none. */
  public static boolean isUsable(long micros) {
    return micros >= FIRST && micros <= LAST;
  }

  /**
   * By how much a later time on the log's clocks may be an earlier one: where these are put forward
   * between two times, what they pass over is read as what follows it.
   */
  public long clockChange(long firstMicros, long lastMicros) {
    if (fixed != null) {
      return 0;
    }
    Instant before = Instant.ofEpochSecond(Math.floorDiv(firstMicros, SECOND)).minus(MOST_CHANGE);
    ZoneOffsetTransition next = zone.getRules().nextTransition(before);
    long end = Math.floorDiv(lastMicros, SECOND) + MOST_CHANGE.toSeconds();
    return next == null || next.getInstant().getEpochSecond() > end
        ? 0
        : MOST_CHANGE.toSeconds() * SECOND;
  }

  /** Whether of all whole numbers from the least to the greatest a greater one is a later time. */
  public static boolean isAscending(long least, long greatest) {
    if (least > greatest || least == Long.MIN_VALUE) {
      return false;
    }
    if (CalendarNumber.occurs(least, greatest)) {
      return CalendarNumber.isMonth(least, greatest);
    }
    int unit = unit(Math.abs(least));
    return unit == unit(Math.abs(greatest)) && (unit == 0 || least < 0 == greatest < 0);
  }

  /** Which unit an epoch number of such a size is counted in: 0 seconds to 3 nanoseconds. */
  private static int unit(long size) {
    return size < SECONDS_BELOW ? 0 : size < MILLIS_BELOW ? 1 : size < MICROS_BELOW ? 2 : 3;
  }

  /** An epoch number of any unit, or a date in disguise. */
  public long ofNumber(BigDecimal value) {
    if (value.abs().compareTo(LARGEST) > 0) {
      return UNREADABLE;
    }
    long whole = value.longValue();
    BigDecimal fraction = value.subtract(BigDecimal.valueOf(whole));
    if (fraction.signum() == 0) {
      return ofNumber(whole);
    }
    long seconds = CalendarNumber.hasTime(whole) ? CalendarNumber.seconds(whole) : NO_DATE;
    return seconds == NO_DATE
        ? ofNumber(value.doubleValue())
        : ofLocal(seconds * SECOND + fraction.movePointRight(6).longValue());
  }

  /** An epoch number of any unit, or a date in disguise. */
  public long ofNumber(long value) {
    if (value == Long.MIN_VALUE) {
      return UNREADABLE; // as pandas stores a missing time
    }
    long seconds = CalendarNumber.seconds(value);
    if (seconds != NO_DATE) {
      return ofLocal(seconds * SECOND);
    }
    return switch (unit(Math.abs(value))) {
      case 0 -> value * SECOND;
      case 1 -> value * 1000;
      case 2 -> value;
      default -> Math.floorDiv(value, 1000);
    };
  }

  /** An epoch number of any unit with a fraction, or a date in disguise. */
  public long ofNumber(double value) {
    if (!(Math.abs(value) < 9e18)) {
      return UNREADABLE;
    }
    long whole = (long) value;
    if (value == whole) {
      return ofNumber(whole);
    }
    if (CalendarNumber.hasTime(whole) && CalendarNumber.seconds(whole) != NO_DATE) {
      return ofNumber(whole) + (long) ((value - whole) * 1e6);
    }
    double size = Math.abs(value);
    double unit = size < SECONDS_BELOW ? 1e6 : size < MILLIS_BELOW ? 1e3 : 1;
    return (long) Math.floor(value * unit);
  }

  /** Days since the epoch, at midnight in the log's zone. */
  public long ofDate(long days) {
    if (Math.abs(days) > 100_000_000L) {
      return UNREADABLE;
    }
    return ofLocal(days * 86_400 * SECOND);
  }

  /**
   * A time without a zone, as microseconds since 1970-01-01T00:00 on the log's clocks; UNREADABLE
   * where they end.
   */
  long ofLocal(long localMicros) {
    if (Math.abs(localMicros) > LAST_LOCAL || localMicros == Long.MIN_VALUE) {
      return UNREADABLE;
    }
    if (fixed != null) {
      return localMicros - fixed.getTotalSeconds() * SECOND;
    }
    long seconds = Math.floorDiv(localMicros, SECOND);
    return ofLocal(seconds, 0).getEpochSecond() * SECOND + Math.floorMod(localMicros, SECOND);
  }

  /** A time without a zone: seconds since 1970-01-01T00:00 on the log's clocks, and nanoseconds. */
  Instant ofLocal(long seconds, int nanos) {
    return LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC).atZone(zone).toInstant();
  }

  /** Any of the text forms, or an epoch number in text. */
  public long ofText(String text) {
    int length = text.length();
    int at = 0;
    while (at < length && text.charAt(at) == ' ') {
      at++;
    }
    while (length > at && text.charAt(length - 1) == ' ') {
      length--;
    }
    if (length - at < 10 || text.charAt(at + 4) != '-' || text.charAt(at + 7) != '-') {
      return ofNumberText(text.substring(at, length));
    }
    int year = digits(text, at, 4);
    int month = digits(text, at + 5, 2);
    int day = digits(text, at + 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) {
      return UNREADABLE;
    }
    long days;
    try {
      days = LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      return UNREADABLE; // 30 February
    }
    at += 10;
    if (at == length) {
      return ofDate(days);
    }
    return ofTimeOfDay(text, at, length, days);
  }

  private long ofTimeOfDay(String text, int start, int length, long days) {
    char gap = text.charAt(start);
    if ((gap != 'T' && gap != 't' && gap != ' ') || length - start < 6) {
      return UNREADABLE;
    }
    int at = start + 1;
    int hour = digits(text, at, 2);
    int minute = text.charAt(at + 2) == ':' ? digits(text, at + 3, 2) : -1;
    at += 5;
    int second = 0;
    long micros = 0;
    if (at < length && text.charAt(at) == ':') {
      second = length - at >= 3 ? digits(text, at + 1, 2) : -1;
      at += 3;
      if (at < length && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
        at++;
        int first = at;
        long scale = 100_000;
        while (at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
          micros += (text.charAt(at) - '0') * scale;
          scale /= 10;
          at++;
        }
        if (at == first) {
          return UNREADABLE;
        }
      }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return UNREADABLE;
    }
    second = Math.min(second, 59); // a leap second is the last of its minute
    long local = ((days * 24 + hour) * 60 + minute) * 60 * SECOND + second * SECOND + micros;
    if (at == length) {
      return ofLocal(local);
    }
    int offset = offsetSeconds(text, at, length);
    return offset == Integer.MIN_VALUE ? UNREADABLE : local - offset * SECOND;
  }

  /** Z, UTC, +HH, +HHMM or +HH:MM, perhaps after a space; or MIN_VALUE. */
  private static int offsetSeconds(String text, int start, int length) {
    int at = start;
    if (text.charAt(at) == ' ') {
      at++;
    }
    String zone = text.substring(at, length);
    if (zone.equals("Z") || zone.equals("z") || zone.equals("UTC") || zone.equals("GMT")) {
      return 0;
    }
    if (zone.length() < 3 || (zone.charAt(0) != '+' && zone.charAt(0) != '-')) {
      return Integer.MIN_VALUE;
    }
    int hours = digits(zone, 1, 2);
    int minutes = 0;
    if (zone.length() == 6 && zone.charAt(3) == ':') {
      minutes = digits(zone, 4, 2);
    } else if (zone.length() == 5) {
      minutes = digits(zone, 3, 2);
    } else if (zone.length() != 3) {
      return Integer.MIN_VALUE;
    }
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    int seconds = (hours * 60 + minutes) * 60;
    return zone.charAt(0) == '-' ? -seconds : seconds;
  }

  private long ofNumberText(String text) {
    Double number = ValueText.number(text);
    if (number == null || number.isNaN() || Character.isLetter(text.charAt(0))) {
      return UNREADABLE;
    }
    try {
      return ofNumber(Long.parseLong(text));
    } catch (NumberFormatException e) {
      boolean timed = text.indexOf('.') == CALENDAR_DIGITS && text.length() < 2 * CALENDAR_DIGITS;
      return timed ? ofNumber(new BigDecimal(text)) : ofNumber(number.doubleValue());
    }
  }

  /** What a usable time's text is read as, for a person. */
  public static String form(String text) {
    Double number = ValueText.number(text);
    if (number == null) {
      return "a date and time";
    }
    long whole = number.longValue();
    if (CalendarNumber.seconds(whole) != NO_DATE) {
      return "a date in digits";
    }
    return UNITS.get(unit(Math.abs(whole))) + " since 1970";
  }

  private static int digits(String text, int at, int count) {
    int value = 0;
    for (int i = at; i < at + count; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
