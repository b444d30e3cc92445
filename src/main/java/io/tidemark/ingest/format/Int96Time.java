package io.tidemark.ingest.format;

import io.tidemark.ingest.row.EventTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import org.apache.parquet.io.api.Binary;

/** Impala's and old Spark's timestamps: nanoseconds of the day, then the Julian day; UTC. */
record Int96Time(long days, long nanos) {
  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
  private static final long DAY = 86_400_000_000L;

  /** More than the years of an event have; their microseconds still fit a long. */
  private static final long MOST_DAYS = 10_000_000;

  /** First and last of the days that begin and end within a long of microseconds. */
  private static final long FARTHEST_DAY = Long.MAX_VALUE / DAY;

  static Int96Time of(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long julian = bytes.getInt();
    long days = julian - JULIAN_DAY_OF_EPOCH;
    if (days < -FARTHEST_DAY && julian >= -FARTHEST_DAY - 1) {
      // Spark counts microseconds from the first Julian day in a long, which the last 6,682 years
      // that it knows exceed: they begin anew at the least, and so its reader brings them back.
      long micros = days * DAY + Math.floorDiv(nanos, 1000L);
      return new Int96Time(Math.floorDiv(micros, DAY), Math.floorMod(micros, DAY) * 1000);
    }
    return new Int96Time(days, nanos);
  }

  /**
   * Microseconds since the epoch; {@link EventTime#UNREADABLE} far beyond the years of an event.
   */
  long micros() {
    return Math.abs(days) > MOST_DAYS
        ? EventTime.UNREADABLE
        : days * DAY + Math.floorDiv(nanos, 1000L);
  }

  /** Microseconds since the epoch. */
  double number() {
    long micros = micros();
    return micros == EventTime.UNREADABLE ? days * (double) DAY + nanos / 1e3 : micros;
  }

  /** With every digit. */
  String text() {
    return Instant.ofEpochSecond(days * 86_400).plusNanos(nanos).toString();
  }
}
