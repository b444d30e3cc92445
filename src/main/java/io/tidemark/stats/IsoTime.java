package io.tidemark.stats;

import java.time.Instant;

/**
 * Times as {@link Instant#toString} has them, without the formatter that takes most of the time of
 * writing a line. (Days to dates: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".)
 */
public final class IsoTime {
  private static final long DAY = 86_400;

  /** Days from the year 0 to 1970, and of 400 years. */
  private static final int TO_EPOCH = 719_468;

  private static final int ERA = 146_097;

  private IsoTime() {}

  public static String of(Instant time) {
    long day = Math.floorDiv(time.getEpochSecond(), DAY);
    int second = (int) Math.floorMod(time.getEpochSecond(), DAY);
    long shifted = day + TO_EPOCH;
    if (shifted < 366 || shifted >= 10_000L * 366) {
      return time.toString(); // years of other than four digits
    }
    long era = shifted / ERA;
    int ofEra = (int) (shifted % ERA);
    int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100); // from March on
    int month = (5 * ofYear + 2) / 153;
    int dayOfMonth = ofYear - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    long year = yearOfEra + 400 * era + (month <= 2 ? 1 : 0);
    if (year > 9999) {
      return time.toString();
    }
    StringBuilder text = new StringBuilder(30);
    digits(text, (int) year, 1000);
    digits(text.append('-'), month, 10);
    digits(text.append('-'), dayOfMonth, 10);
    digits(text.append('T'), second / 3600, 10);
    digits(text.append(':'), second / 60 % 60, 10);
    digits(text.append(':'), second % 60, 10);
    int nano = time.getNano();
    if (nano != 0) {
      text.append('.');
      if (nano % 1_000_000 == 0) {
        digits(text, nano / 1_000_000, 100);
      } else if (nano % 1000 == 0) {
        digits(text, nano / 1000, 100_000);
      } else {
        digits(text, nano, 100_000_000);
      }
    }
    return text.append('Z').toString();
  }

  private static void digits(StringBuilder text, int number, int highest) {
    for (int place = highest; place > 0; place /= 10) {
      text.append((char) ('0' + number / place % 10));
    }
  }
}
