package io.tidemark.drift;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.schema.Finding;

/** What stays the same of a finding from window to window. */
final class ComparisonKey {
  private ComparisonKey() {}

  static String of(Finding finding) {
    return of(
        finding.getModelVersion(),
        finding.getKind().toString(),
        finding.getSegment(),
        finding.getSubject(),
        finding.getMethod());
  }

  /** The same of a stored finding. */
  static String of(JsonNode finding) {
    return of(
        finding.path("model_version").asText(),
        finding.path("kind").asText(),
        finding.path("segment").asText(),
        finding.path("subject").asText(),
        finding.path("method").asText());
  }

  private static String of(
      String version, String kind, String segment, String subject, String method) {
    return String.join("\u0000", version, kind, segment, subject, method);
  }
}
