package io.tidemark.ingest.row;

import io.tidemark.event.ValueText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;

/**
 * A timestamp or a time of day as typed formats store it: an integer of some unit.
 *
 * @param perSecond units in a second
 * @param ofDay a time of day, which is no time by itself
 * @param utc counted from the epoch; otherwise from 1970-01-01T00:00 on the log's clocks
 */
public record TypedTime(long perSecond, boolean ofDay, boolean utc) {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  /** Of a Parquet column; null: it holds something else. */
  public static TypedTime of(LogicalTypeAnnotation logical) {
    if (logical instanceof TimestampLogicalTypeAnnotation type) {
      return new TypedTime(perSecond(type.getUnit()), false, type.isAdjustedToUTC());
    }
    return logical instanceof TimeLogicalTypeAnnotation type
        ? new TypedTime(perSecond(type.getUnit()), true, false)
        : null;
  }

  private static long perSecond(LogicalTypeAnnotation.TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1000;
      case MICROS -> 1_000_000;
      case NANOS -> SECOND;
    };
  }

  /**
   * Of an Avro value; null: it is something else. By the name in the schema, because Avro's library
   * does not know nanoseconds.
   */
  public static TypedTime of(Schema schema) {
    String name = schema.getProp(LogicalType.LOGICAL_TYPE_PROP);
    if (name == null) {
      return null;
    }
    boolean isLong = schema.getType() == Schema.Type.LONG;
    return switch (name) {
      case "time-millis" -> isLong ? null : new TypedTime(1000, true, false);
      case "time-micros" -> isLong ? new TypedTime(1_000_000, true, false) : null;
      case "timestamp-millis" -> isLong ? new TypedTime(1000, false, true) : null;
      case "timestamp-micros" -> isLong ? new TypedTime(1_000_000, false, true) : null;
      case "timestamp-nanos" -> isLong ? new TypedTime(SECOND, false, true) : null;
      case "local-timestamp-millis" -> isLong ? new TypedTime(1000, false, false) : null;
      case "local-timestamp-micros" -> isLong ? new TypedTime(1_000_000, false, false) : null;
      case "local-timestamp-nanos" -> isLong ? new TypedTime(SECOND, false, false) : null;
      default -> null;
    };
  }

  /**
   * As an event's time: microseconds since the epoch, finer digits cut off.
   *
   * @return {@link EventTime#UNREADABLE} for a time of day, and far beyond the years of an event
   */
  public long micros(long value, EventTime time) {
    if (ofDay) {
      return EventTime.UNREADABLE;
    }
    long micros = perSecond == SECOND ? Math.floorDiv(value, 1000L) : value;
    if (perSecond == 1000) {
      if (value > Long.MAX_VALUE / 1000 || value < Long.MIN_VALUE / 1000) {
        return EventTime.UNREADABLE;
      }
      micros = value * 1000;
    }
    return utc ? micros : time.ofLocal(micros);
  }

  /** As a number: a timestamp in microseconds, whatever unit it is stored in. */
  public double number(long value, EventTime time) {
    if (ofDay) {
      return value;
    }
    long micros = micros(value, time);
    return micros == EventTime.UNREADABLE ? value * (1e6 / perSecond) : micros;
  }

  /** With every digit; a time of day that is none as the number that it is stored as. */
  public String text(long value, EventTime time) {
    long second = Math.floorDiv(value, perSecond);
    long nanos = Math.floorMod(value, perSecond) * (SECOND / perSecond);
    if (ofDay) {
      return value >= 0 && second < DAY / SECOND
          ? ValueText.ofDay(LocalTime.ofNanoOfDay(second * SECOND + nanos))
          : Long.toString(value);
    }
    try {
      return (utc ? Instant.ofEpochSecond(second, nanos) : time.ofLocal(second, (int) nanos))
          .toString();
    } catch (DateTimeException e) {
      return Long.toString(value); // beyond a thousand million years
    }
  }
}
