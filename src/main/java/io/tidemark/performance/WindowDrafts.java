package io.tidemark.performance;

import io.tidemark.profile.WindowKey;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Begins the findings of one window: everything but value and verdict. */
final class WindowDrafts {
  private final MonitoringSpec spec;
  private final WindowKey key;
  private final boolean complete;

  WindowDrafts(MonitoringSpec spec, WindowKey key, boolean complete) {
    this.spec = spec;
    this.key = key;
    this.complete = complete;
  }

  /**
   * @param windowRows behind the figure, which are its revision
   */
  Draft begin(
      FindingKind kind,
      String segment,
      String subject,
      String method,
      long baselineRows,
      long windowRows,
      double value) {
    Finding finding = new Finding();
    finding.setModel(spec.model());
    finding.setModelVersion(key.version());
    finding.setWindowStart(WindowSpec.instant(key.start()));
    finding.setWindowEnd(WindowSpec.instant(spec.window().endOf(key.start())));
    finding.setRevision(windowRows);
    finding.setComplete(complete);
    finding.setSegment(segment);
    finding.setKind(kind);
    finding.setSubject(subject);
    finding.setMethod(method);
    finding.setNBaseline(baselineRows);
    finding.setNWindow(windowRows);
    finding.setReason("");
    finding.setTopMovers(List.of());
    finding.setTopCells(List.of());
    finding.setId(id(finding));
    return new Draft(finding, value);
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
}
