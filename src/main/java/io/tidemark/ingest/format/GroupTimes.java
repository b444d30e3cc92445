package io.tidemark.ingest.format;

import io.tidemark.ingest.row.CalendarNumber;
import io.tidemark.ingest.row.EventTime;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.row.TypedTime;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;

/**
 * Between which event times the rows of a Parquet row group lie, as far as its footer proves that.
 * It does where the least and the greatest value of the time column bound every row's time: each
 * row has a value, all are whole numbers of one reading, and a greater number is a later time.
 * Texts, whose forms and zones may differ, floats, which may be NaN, and decimals prove nothing.
 */
final class GroupTimes {
  private GroupTimes() {}

  /** Null: the footer does not prove it. */
  static TimeRange of(ColumnChunkMetaData column, long rows, EventTime time) {
    Statistics<?> statistics = column.getStatistics();
    if (statistics == null
        || !statistics.hasNonNullValue()
        || !statistics.isNumNullsSet()
        || statistics.getNumNulls() != 0
        || column.getValueCount() != rows) {
      return null;
    }
    LogicalTypeAnnotation logical = column.getPrimitiveType().getLogicalTypeAnnotation();
    if (statistics instanceof LongStatistics longs) {
      return of(longs.getMin(), longs.getMax(), logical, time);
    }
    if (statistics instanceof IntStatistics ints) {
      return logical instanceof DateLogicalTypeAnnotation
          ? local(time.ofDate(ints.getMin()), time.ofDate(ints.getMax()), time)
          : of(ints.getMin(), ints.getMax(), logical, time);
    }
    return null;
  }

  private static TimeRange of(long min, long max, LogicalTypeAnnotation logical, EventTime time) {
    TypedTime typed = TypedTime.of(logical);
    if (typed != null) {
      long first = typed.micros(min, time);
      long last = typed.micros(max, time);
      return typed.utc() ? between(first, last, 0) : local(first, last, time);
    }
    boolean plain =
        logical == null || logical instanceof IntLogicalTypeAnnotation type && type.isSigned();
    if (!plain || !EventTime.isAscending(min, max)) {
      return null;
    }
    long first = time.ofNumber(min);
    long last = time.ofNumber(max);
    return CalendarNumber.occurs(min, max) ? local(first, last, time) : between(first, last, 0);
  }

  private static TimeRange local(long first, long last, EventTime time) {
    return EventTime.isUsable(first) && EventTime.isUsable(last)
        ? between(first, last, time.clockChange(first, last))
        : null;
  }

  private static TimeRange between(long first, long last, long slack) {
    // Where clocks change the first may even be read as later than the last.
    if (!EventTime.isUsable(first) || !EventTime.isUsable(last) || first > last + slack) {
      return null;
    }
    return new TimeRange(first - slack, last + 1 + slack);
  }
}
