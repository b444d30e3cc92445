package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Mover;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.TopMovers;
import io.tidemark.store.FindingKey;
import java.util.ArrayList;
import java.util.List;

/** Begins the findings of one window: everything but value and verdict. */
final class PendingFindings {
  private static final int TOP_MOVERS = 5;

  private final MonitoringSpec spec;
  private final Redaction redaction;
  private final WindowKey key;
  private final long revision;
  private final boolean complete;

  PendingFindings(
      MonitoringSpec spec, Redaction redaction, WindowKey key, long revision, boolean complete) {
    this.spec = spec;
    this.redaction = redaction;
    this.key = key;
    this.revision = revision;
    this.complete = complete;
  }

  Redaction redaction() {
    return redaction;
  }

  boolean complete() {
    return complete;
  }

  static FindingKind kindOf(Field field) {
    return switch (field.role()) {
      case FEATURE -> FindingKind.data_drift;
      case PREDICTION -> FindingKind.prediction_drift;
      case LABEL -> FindingKind.label_drift;
    };
  }

  PendingFinding begin(
      FindingKind kind,
      String segment,
      String subject,
      String method,
      int field,
      long baselineRows,
      long windowRows) {
    Finding finding =
        FindingKey.of(spec, key.version(), key.start(), segment, kind, subject, method)
            .begin(revision, complete, baselineRows, windowRows);
    return new PendingFinding(finding, field);
  }

  /** Says which cells moved most. */
  void explain(PendingFinding pending, BinnedCounts cells) {
    String[] labels = new String[cells.window().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = cells.label(i, redaction);
    }
    List<Mover> movers = new ArrayList<>();
    for (TopMovers.Mover mover :
        TopMovers.top(labels, cells.baseline(), cells.window(), TOP_MOVERS)) {
      movers.add(new Mover(mover.bin(), mover.baseline(), mover.window()));
    }
    pending.finding.setTopMovers(movers);
  }
}
