package io.tidemark.pipeline;

import io.tidemark.ingest.row.RowCounts;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import java.util.Collection;
import java.util.Locale;

/** What is said of rows that are no model's. */
public final class Unclaimed {
  private Unclaimed() {}

  /**
   * A line for the user.
   *
   * @param ofNobody at least one
   */
  public static String text(RowCounts ofNobody) {
    String unclaimed =
        CountText.of(ofNobody.unclaimed(), "row is", "rows are")
            + " unclaimed: by events.where no model's of this run";
    String unreadable =
        CountText.of(ofNobody.deadLettered(), "row", "rows")
            + " cannot be read far enough to tell whose "
            + (ofNobody.deadLettered() == 1 ? "it is" : "they are");
    if (ofNobody.deadLettered() == 0) {
      return unclaimed + ".";
    }
    return (ofNobody.unclaimed() == 0 ? "" : unclaimed + "; ") + unreadable + ".";
  }

  /**
   * Why a run fails that found too many rows of which nobody can tell whose they are; "" where it
   * does not.
   *
   * @param read by all models
   */
  public static String failure(RowCounts ofNobody, long read, Collection<MonitoringSpec> specs) {
    double most = specs.stream().mapToDouble(spec -> spec.events().maxBad()).max().orElse(1);
    long all = read + ofNobody.read();
    return ofNobody.deadLettered() <= most * all
        ? ""
        : String.format(
            Locale.ROOT,
            "%s, of %,d, more than events.max_bad allows (%s); the outputs are kept.",
            CountText.of(ofNobody.deadLettered(), "row is", "rows are") + " unreadable",
            all,
            most);
  }
}
