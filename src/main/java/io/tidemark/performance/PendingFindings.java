package io.tidemark.performance;

import io.tidemark.flow.WindowKey;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.FindingKey;

/** Begins the findings of one window: everything but value and verdict. */
final class PendingFindings {
  private final MonitoringSpec spec;
  private final WindowKey key;
  private final boolean complete;

  PendingFindings(MonitoringSpec spec, WindowKey key, boolean complete) {
    this.spec = spec;
    this.key = key;
    this.complete = complete;
  }

  /**
   * @param windowRows behind the figure, which are its revision
   */
  PendingFinding begin(
      FindingKind kind,
      String segment,
      String subject,
      String method,
      long baselineRows,
      long windowRows,
      double value) {
    Finding finding =
        FindingKey.of(spec, key.version(), key.start(), segment, kind, subject, method)
            .begin(windowRows, complete, baselineRows, windowRows);
    return new PendingFinding(finding, value);
  }
}
