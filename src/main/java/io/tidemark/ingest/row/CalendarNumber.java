package io.tidemark.ingest.row;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Dates in disguise: numbers whose eight digits are a date (yyyyMMdd), or whose fourteen a date and
 * a time of day (yyyyMMddHHmmss), of the years 1900 to 2100. As epoch numbers they would be three
 * weeks of 1970, or of the 27th century. Other lengths are none: twelve digits may as well be
 * milliseconds of 1976, and ten seconds of these years.
 */
public final class CalendarNumber {
  /** The number is no date. */
  static final long NONE = Long.MIN_VALUE;

  private static final long FIRST = 1900_01_01;
  private static final long LAST = 2100_12_31;
  private static final long DAY = 1_000_000;

  private CalendarNumber() {}

  /** Whether a number has a time of day, if it is a date. */
  static boolean hasTime(long number) {
    return number > LAST;
  }

  /** Whether any number from the least to the greatest may be such a date. */
  public static boolean occurs(long least, long greatest) {
    boolean date = least <= LAST && greatest >= FIRST;
    return date || least < (LAST + 1) * DAY && greatest >= FIRST * DAY;
  }

  /** Whether all are, without a time of day: days of one month. */
  static boolean isMonth(long least, long greatest) {
    return !hasTime(greatest)
        && least / 100 == greatest / 100
        && seconds(least) != NONE
        && seconds(greatest) != NONE;
  }

  /** Seconds since 1970-01-01T00:00 on the log's clocks, or {@link #NONE}. */
  static long seconds(long number) {
    long date = hasTime(number) ? number / DAY : number;
    if (date < FIRST || date > LAST) {
      return NONE;
    }
    int year = (int) (date / 10_000);
    int month = (int) (date / 100 % 100);
    int day = (int) (date % 100);
    if (month < 1 || month > 12 || day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
      return NONE;
    }
    int time = hasTime(number) ? (int) (number % DAY) : 0;
    int hour = time / 10_000;
    int minute = time / 100 % 100;
    int second = time % 100;
    if (hour > 23 || minute > 59 || second > 60) {
      return NONE;
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    return ((days * 24 + hour) * 60 + minute) * 60 + Math.min(second, 59); // a leap second
  }
}
