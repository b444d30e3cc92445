package io.tidemark.drift;

import io.tidemark.schema.Finding;

/** What stays the same of a finding from window to window. */
final class ComparisonKey {
  private ComparisonKey() {}

  static String of(Finding finding) {
    return String.join(
        "\u0000",
        finding.getModelVersion(),
        finding.getKind().toString(),
        finding.getSegment(),
        finding.getSubject(),
        finding.getMethod());
  }
}
