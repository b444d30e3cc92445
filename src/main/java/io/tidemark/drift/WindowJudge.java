package io.tidemark.drift;

import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.stats.DriftRule;
import io.tidemark.stats.JudgeFamily;
import io.tidemark.stats.ShortNumber;
import java.util.ArrayList;
import java.util.List;

/**
 * Concludes a window's family of tests together: effect size, significance under the false
 * discovery rate and enough rows, each said in the finding. The drift of labels is a family of its
 * own, because labels come later than everything else and nothing waits for them.
 */
final class WindowJudge {
  private final DriftSpec drift;

  WindowJudge(DriftSpec drift) {
    this.drift = drift;
  }

  void conclude(List<PendingFinding> drafts) {
    List<PendingFinding> labels = new ArrayList<>();
    List<PendingFinding> others = new ArrayList<>();
    for (PendingFinding draft : drafts) {
      if (draft.awaitsFamily()) {
        boolean label = draft.finding.getKind() == FindingKind.label_drift;
        (label ? labels : others).add(draft);
      }
    }
    JudgeFamily.of(labels, draft -> draft.familyP, drift.fdr(), this::conclude);
    JudgeFamily.of(others, draft -> draft.familyP, drift.fdr(), this::conclude);
  }

  private void conclude(PendingFinding draft, double adjusted, double cut) {
    draft.finding.setAdjustedP(adjusted);
    if (draft.judgement != null) {
      concludeDistance(draft, adjusted, cut);
    } else {
      concludeVolume(draft, adjusted);
    }
  }

  private void concludeDistance(PendingFinding draft, double adjusted, double cut) {
    double threshold = draft.judgement.thresholdAt(cut, drift.effect());
    draft.finding.setThreshold(
        draft.valueOfDistance == null
            ? finite(threshold)
            : finite(draft.valueOfDistance.applyAsDouble(threshold)));
    DriftRule.Verdict verdict =
        draft.judgement.verdict(
            draft.finding.getNWindow(), drift.minRows(), drift.effect(), adjusted, drift.fdr());
    draft.conclude(verdict.alarm(), verdict.reason());
  }

  private void concludeVolume(PendingFinding draft, double adjusted) {
    double rows = draft.finding.getValue();
    boolean beyond =
        rows < draft.finding.getLowerThreshold() || rows > draft.finding.getThreshold();
    boolean significant = adjusted <= drift.fdr();
    String range =
        ShortNumber.of(draft.finding.getLowerThreshold())
            + " to "
            + ShortNumber.of(draft.finding.getThreshold());
    String reason =
        beyond
            ? significant
                ? "rows outside " + range + "; adjusted p " + ShortNumber.of(adjusted)
                : "outside "
                    + range
                    + " but not significant: adjusted p "
                    + ShortNumber.of(adjusted)
            : "within " + range;
    draft.conclude(beyond && significant, reason);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
