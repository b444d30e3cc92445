package io.tidemark.drift;

import io.tidemark.profile.Baseline;
import io.tidemark.profile.Baseline.ReferenceWindow;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.stats.MeanAndDeviation;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Whether a window has unusually few or many rows: beyond mean ± 3 sd of the baseline's full
 * windows. Preset {@code tidemark} asks besides that the count is significant among the window's
 * tests, by Student's t for one more count from the windows' distribution: three sd of a handful of
 * windows are passed by chance far more often than three sd of many. And it takes the counts to
 * vary at least as independent arrivals do (sd ≥ √mean): a reference with exactly 5000 rows a
 * window must not ring at 5001.
 */
final class CompareVolume {
  /** Fewer full windows have no spread to speak of. */
  private static final int MIN_WINDOWS = 3;

  private CompareVolume() {}

  static PendingFinding compare(
      PendingFindings drafts, DriftSpec drift, Baseline baseline, long rows) {
    double[] counts =
        baseline.windows().stream()
            .filter(ReferenceWindow::full)
            .mapToDouble(window -> window.profile().rows())
            .toArray();
    PendingFinding draft =
        drafts.begin(FindingKind.volume, "", "", "row_count", -1, baseline.rows(), rows);
    draft.finding.setValue((double) rows);
    if (counts.length < MIN_WINDOWS) {
      return draft.conclude(
          false, "no_test: the baseline has fewer than " + MIN_WINDOWS + " full windows");
    }
    MeanAndDeviation usual = usual(counts, drift.preset());
    draft.finding.setLowerThreshold(Math.max(0, usual.below()));
    draft.finding.setThreshold(usual.above());
    if (!drafts.complete()) {
      return draft.conclude(
          false,
          "partial window, cut by the run's bounds or, in a run without, by where the log begins or"
              + " ends: its row count means nothing");
    }
    if (drift.preset() != Preset.TIDEMARK) {
      boolean alarm =
          rows > draft.finding.getThreshold() || rows < draft.finding.getLowerThreshold();
      return draft.conclude(
          alarm, alarm ? "outside mean +- 3 sd of the baseline's windows" : "within mean +- 3 sd");
    }
    double p = pValue(rows, usual);
    draft.finding.setPValue(p);
    draft.familyP = p;
    return draft;
  }

  /** Preset {@code tidemark} never takes windows to vary less than independent arrivals do. */
  private static MeanAndDeviation usual(double[] counts, Preset preset) {
    MeanAndDeviation windows = MeanAndDeviation.of(counts);
    double seen = windows.sampleDeviation();
    return windows.withDeviation(
        preset == Preset.TIDEMARK ? Math.max(seen, Math.sqrt(windows.mean())) : seen);
  }

  private static double pValue(double rows, MeanAndDeviation usual) {
    double error = usual.deviation() * Math.sqrt(1 + 1.0 / usual.count());
    if (error == 0) {
      return rows == usual.mean() ? 1 : 0;
    }
    double t = Math.abs(rows - usual.mean()) / error;
    return Math.min(1, 2 * TDistribution.of(usual.count() - 1.0).survivalProbability(t));
  }
}
