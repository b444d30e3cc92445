package io.tidemark.ingest;

import io.tidemark.event.ValueText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalTime;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;

/** Parquet's typed timestamps as microseconds since the epoch. */
final class ParquetTime {
  /** No value; differs from {@link EventTime#UNREADABLE}. */
  static final long MISSING = Long.MIN_VALUE + 1;

  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
  private static final long DAY = 86_400_000_000L;

  /** More than the years of an event have; their microseconds still fit a long. */
  private static final long MOST_DAYS = 10_000_000;

  private ParquetTime() {}

  /** An INT64: a timestamp of any unit, local or UTC, or an epoch number. */
  static long ofTyped(long value, LogicalTypeAnnotation logical, EventTime time) {
    if (logical instanceof TimeLogicalTypeAnnotation) {
      return EventTime.UNREADABLE; // a time of day, of no day
    }
    if (!(logical instanceof TimestampLogicalTypeAnnotation type)) {
      return EventTime.ofEpoch(value);
    }
    long micros;
    try {
      micros =
          switch (type.getUnit()) {
            case MILLIS -> Math.multiplyExact(value, 1000L);
            case MICROS -> value;
            case NANOS -> Math.floorDiv(value, 1000L);
          };
    } catch (ArithmeticException e) {
      return EventTime.UNREADABLE; // beyond the year 290,000
    }
    return type.isAdjustedToUTC() ? micros : time.ofLocal(micros);
  }

  /** A timestamp as a number: microseconds, whatever unit its file has. */
  static double number(long value, TimestampLogicalTypeAnnotation type) {
    return switch (type.getUnit()) {
      case MILLIS -> value * 1000.0;
      case MICROS -> value;
      case NANOS -> Math.floorDiv(value, 1000L);
    };
  }

  /** Impala's and old Spark's form: nanoseconds of the day, then the Julian day; UTC. */
  static long ofInt96(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long days = bytes.getInt() - JULIAN_DAY_OF_EPOCH;
    return Math.abs(days) > MOST_DAYS
        ? EventTime.UNREADABLE
        : days * DAY + Math.floorDiv(nanos, 1000L);
  }

  /** A time of day as text, as CSV files have it: HH:MM:SS with a fraction if there is one. */
  static String ofDay(long value, TimeLogicalTypeAnnotation type) {
    long nanos =
        switch (type.getUnit()) {
          case MILLIS -> value * 1_000_000L;
          case MICROS -> value * 1000L;
          case NANOS -> value;
        };
    boolean inDay = value >= 0 && nanos / 1000 < DAY && nanos >= 0;
    return inDay ? ValueText.ofDay(LocalTime.ofNanoOfDay(nanos)) : Long.toString(value);
  }
}
