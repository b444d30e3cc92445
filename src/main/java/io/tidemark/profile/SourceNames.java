package io.tidemark.profile;

import io.tidemark.event.Redaction;
import io.tidemark.event.SourceLabels;
import io.tidemark.spec.MonitoringSpec;

/** How sources of labels are called in outputs. */
public record SourceNames(MonitoringSpec spec, Redaction redaction) {
  /** The log itself, whose labels are in the column that this key of the spec names. */
  private static final String LOG = "events.label";

  /** "" where nobody says who labelled; null: it may not be shown. */
  public String shown(String source) {
    if (source.equals(SourceLabels.LOG)) {
      return LOG;
    }
    boolean named = !source.isEmpty() && spec.labels() != null && spec.labels().source() != null;
    return named ? redaction.show(spec.labels().source(), source) : source;
  }
}
