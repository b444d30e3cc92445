package io.tidemark.store;

import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What names a finding: its id is the hash of these columns, whatever stage it is of.
 *
 * @param windowStart microseconds since the epoch; windowEnd likewise
 * @param segment as it is shown
 */
public record FindingKey(
    String model,
    String version,
    long windowStart,
    long windowEnd,
    String segment,
    FindingKind kind,
    String subject,
    String method) {

  /** Of one of the spec's windows. */
  public static FindingKey of(
      MonitoringSpec spec,
      String version,
      long windowStart,
      String segment,
      FindingKind kind,
      String subject,
      String method) {
    return new FindingKey(
        spec.model(),
        version,
        windowStart,
        spec.window().endOf(windowStart),
        segment,
        kind,
        subject,
        method);
  }

  /**
   * A finding of this name over so many rows, without a verdict yet.
   *
   * @param revision rows behind what there is of the window
   * @param complete whether nothing of the window was cut off
   */
  public Finding begin(long revision, boolean complete, long baselineRows, long windowRows) {
    Finding finding = begin();
    finding.setRevision(revision);
    finding.setComplete(complete);
    finding.setNBaseline(baselineRows);
    finding.setNWindow(windowRows);
    return finding;
  }

  /**
   * A finding of this name, without a verdict yet.
   *
   * @param more what tells it apart from others of the same name, such as the place of an alarm
   */
  public Finding begin(String... more) {
    Finding finding = new Finding();
    finding.setModel(model);
    finding.setModelVersion(version);
    finding.setWindowStart(WindowSpec.instant(windowStart));
    finding.setWindowEnd(WindowSpec.instant(windowEnd));
    finding.setSegment(segment);
    finding.setKind(kind);
    finding.setSubject(subject);
    finding.setMethod(method);
    finding.setReason("");
    finding.setTopMovers(List.of());
    finding.setTopCells(List.of());
    List<String> columns =
        new ArrayList<>(
            List.of(
                model,
                version,
                finding.getWindowStart().toString(),
                finding.getWindowEnd().toString(),
                segment,
                kind.toString(),
                subject,
                method));
    columns.addAll(List.of(more));
    String joined = String.join("\u0000", columns);
    finding.setId(ContentHash.of(joined.getBytes(StandardCharsets.UTF_8)));
    return finding;
  }
}
