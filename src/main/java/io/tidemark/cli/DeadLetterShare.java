package io.tidemark.cli;

import io.tidemark.ingest.row.RowCounts;
import io.tidemark.labels.LabelCounts;
import io.tidemark.pipeline.BadRows;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.CountText;
import java.util.Locale;

/** What a run says that found too many unusable rows. */
final class DeadLetterShare {
  private DeadLetterShare() {}

  /**
   * @param kept what the run has written all the same
   * @param reasons as {@link BadRows#text} gives them
   */
  static String message(MonitoringSpec spec, RowCounts counts, String kept, String reasons) {
    return message(spec, counts.deadLettered(), counts.read(), "row", kept, reasons);
  }

  /** The same of rows that were made or collected on request. */
  static String ofAugmented(MonitoringSpec spec, RowCounts counts, String kept, String reasons) {
    return message(spec, counts.deadLettered(), counts.read(), "augmented row", kept, reasons);
  }

  /** The same of labels. */
  static String message(MonitoringSpec spec, LabelCounts counts, String kept, String reasons) {
    return message(spec, counts.deadLettered(), counts.read(), "label", kept, reasons);
  }

  private static String message(
      MonitoringSpec spec, long bad, long read, String noun, String kept, String reasons) {
    return String.format(
        Locale.ROOT,
        "%,d of %s of model %s %s unusable, more than events.max_bad allows (%s); %s%s",
        bad,
        CountText.of(read, noun),
        spec.model(),
        bad == 1 ? "is" : "are",
        spec.events().maxBad(),
        kept,
        reasons.isEmpty() ? "." : ":" + reasons);
  }
}
