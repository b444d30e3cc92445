package io.tidemark.ingest.format;

import io.tidemark.ingest.row.TimeRange;
import io.tidemark.stats.CountText;
import java.util.Locale;

/**
 * Rows that are not read, because what their row groups say of themselves proves that none of them
 * lies within the run's bounds.
 *
 * @param groups that they stand in
 * @param all row groups that there are
 * @param unlikely rows with a time that no inference log has; see {@code UnlikelyTime}
 */
public record PassedOver(long rows, long groups, long all, long unlikely) {
  public static final PassedOver NONE = new PassedOver(0, 0, 0, 0);

  public PassedOver plus(RowGroups.Group group, boolean read, TimeRange likely) {
    boolean odd = !read && !likely.holds(group.times());
    return new PassedOver(
        rows + (read ? 0 : group.rows()),
        groups + (read ? 0 : 1),
        all + 1,
        unlikely + (odd ? group.rows() : 0));
  }

  /** As a line for the user. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "Passed over %s in %,d of %s by their times.",
        CountText.of(rows, "row"),
        groups,
        CountText.of(all, "row group"));
  }
}
