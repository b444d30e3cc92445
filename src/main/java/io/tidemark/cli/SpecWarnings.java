package io.tidemark.cli;

import io.tidemark.pipeline.PerformanceBranch;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SlicesSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What the contract of specs and options names and this version does not do. A run that would give
 * other results than the spec asks for is refused; one that only leaves a further table out says
 * so.
 */
final class SpecWarnings {
  private SpecWarnings() {}

  static List<String> warnings(MonitoringSpec spec) {
    List<String> warnings = new ArrayList<>();
    if (spec.performance() != null && !PerformanceBranch.applies(spec)) {
      warnings.add("performance: needs labels, in events.label or labels; nothing is measured");
    }
    if (PerformanceBranch.applies(spec) && !spec.horizons().isEmpty()) {
      warnings.add("window.horizons: performance is measured over the windows themselves only");
    }
    boolean asked = spec.slices() != null && !spec.slices().equals(SlicesSpec.DEFAULT);
    if (asked && !PerformanceBranch.applies(spec)) {
      warnings.add("slices: need labels, in events.label or labels; none are searched");
    }
    return warnings;
  }
}
