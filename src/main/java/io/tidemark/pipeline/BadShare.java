package io.tidemark.pipeline;

import io.tidemark.ingest.RowCounts;
import io.tidemark.labels.LabelCounts;
import io.tidemark.spec.MonitoringSpec;
import java.util.Locale;

/** What a run says that found too many unusable rows. */
final class BadShare {
  private BadShare() {}

  static String message(MonitoringSpec spec, RowCounts counts) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d rows of model %s are unusable, more than events.max_bad allows (%s);"
            + " the outputs are kept. The dead letters say what is wrong with each.",
        counts.deadLettered(),
        counts.read(),
        spec.model(),
        spec.events().maxBad());
  }

  /** The same of labels. */
  static String message(MonitoringSpec spec, LabelCounts counts) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d labels of model %s are unusable, more than events.max_bad allows (%s);"
            + " the outputs are kept. The dead letters say what is wrong with each.",
        counts.deadLettered(),
        counts.read(),
        spec.model(),
        spec.events().maxBad());
  }
}
