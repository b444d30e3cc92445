package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.profile.WindowKey;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.Mover;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.Movers;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Begins the findings of one window: everything but value and verdict. */
final class FindingDrafts {
  private static final int TOP_MOVERS = 5;

  private final MonitoringSpec spec;
  private final Redaction redaction;
  private final WindowKey key;
  private final long revision;
  private final boolean complete;

  FindingDrafts(
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

  Draft begin(
      FindingKind kind,
      String segment,
      String subject,
      String method,
      int field,
      long baselineRows,
      long windowRows) {
    Finding finding = new Finding();
    finding.setModel(spec.model());
    finding.setModelVersion(key.version());
    finding.setWindowStart(WindowSpec.instant(key.start()));
    finding.setWindowEnd(WindowSpec.instant(spec.window().endOf(key.start())));
    finding.setRevision(revision);
    finding.setComplete(complete);
    finding.setSegment(segment);
    finding.setKind(kind);
    finding.setSubject(subject);
    finding.setMethod(method);
    finding.setNBaseline(baselineRows);
    finding.setNWindow(windowRows);
    finding.setReason("");
    finding.setTopMovers(new ArrayList<>());
    finding.setTopCells(List.of());
    finding.setId(id(finding));
    return new Draft(finding, field);
  }

  private static String id(Finding finding) {
    String columns =
        String.join(
            "\u0000",
            finding.getModel(),
            finding.getModelVersion(),
            finding.getWindowStart().toString(),
            finding.getWindowEnd().toString(),
            finding.getSegment(),
            finding.getKind().toString(),
            finding.getSubject(),
            finding.getMethod());
    return ContentHash.of(columns.getBytes(StandardCharsets.UTF_8));
  }

  /** Says which cells moved most. */
  void explain(Draft draft, Cells cells) {
    String[] labels = new String[cells.window().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = cells.label(i, redaction);
    }
    List<Mover> movers = new ArrayList<>();
    for (Movers.Mover mover : Movers.top(labels, cells.baseline(), cells.window(), TOP_MOVERS)) {
      movers.add(new Mover(mover.bin(), mover.baseline(), mover.window()));
    }
    draft.finding.setTopMovers(movers);
  }
}
