package io.tidemark.drift;

import io.tidemark.profile.Baseline;
import io.tidemark.profile.Baseline.ReferenceWindow;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.DriftSpec.Preset;
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

  static Draft compare(FindingDrafts drafts, DriftSpec drift, Baseline baseline, long rows) {
    double[] counts =
        baseline.windows().stream()
            .filter(ReferenceWindow::full)
            .mapToDouble(window -> window.profile().rows())
            .toArray();
    Draft draft = drafts.begin(FindingKind.volume, "", "", "row_count", -1, baseline.rows(), rows);
    draft.finding.setValue((double) rows);
    if (counts.length < MIN_WINDOWS) {
      return draft.conclude(
          false, "no_test: the baseline has fewer than " + MIN_WINDOWS + " full windows");
    }
    Spread spread = Spread.of(counts);
    double deviation = deviation(spread, drift.preset());
    draft.finding.setLowerThreshold(Math.max(0, spread.mean() - 3 * deviation));
    draft.finding.setThreshold(spread.mean() + 3 * deviation);
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
    double p = pValue(rows, spread, deviation);
    draft.finding.setPValue(p);
    draft.familyP = p;
    return draft;
  }

  /** Preset {@code tidemark} never takes windows to vary less than independent arrivals do. */
  private static double deviation(Spread spread, Preset preset) {
    double seen = spread.sampleDeviation();
    return preset == Preset.TIDEMARK ? Math.max(seen, Math.sqrt(spread.mean())) : seen;
  }

  private static double pValue(double rows, Spread spread, double deviation) {
    double error = deviation * Math.sqrt(1 + 1.0 / spread.count());
    if (error == 0) {
      return rows == spread.mean() ? 1 : 0;
    }
    double t = Math.abs(rows - spread.mean()) / error;
    return Math.min(1, 2 * TDistribution.of(spread.count() - 1.0).survivalProbability(t));
  }
}
