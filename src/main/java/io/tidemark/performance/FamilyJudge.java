package io.tidemark.performance;

import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.stats.JudgeFamily;
import io.tidemark.stats.ShortNumber;
import java.util.ArrayList;
import java.util.List;

/**
 * Concludes a window's tests together: worse than usual by more than is negligible, significant
 * under the false discovery rate, and on enough rows, each said in the finding. Estimates are a
 * family of their own, because they are there before labels come and must not change with them.
 */
final class FamilyJudge {
  private final DriftSpec drift;

  FamilyJudge(DriftSpec drift) {
    this.drift = drift;
  }

  void conclude(List<PendingFinding> drafts) {
    List<PendingFinding> estimated = new ArrayList<>();
    List<PendingFinding> realised = new ArrayList<>();
    for (PendingFinding draft : drafts) {
      if (draft.tested()) {
        boolean early = draft.finding.getKind() == FindingKind.estimated_performance;
        (early ? estimated : realised).add(draft);
      }
    }
    JudgeFamily.of(estimated, draft -> draft.p, drift.fdr(), this::conclude);
    JudgeFamily.of(realised, draft -> draft.p, drift.fdr(), this::conclude);
  }

  private void conclude(PendingFinding draft, double adjusted, double cut) {
    draft.finding.setPValue(draft.p);
    draft.finding.setAdjustedP(adjusted);
    draft.finding.setEffect(draft.worse());
    setThresholds(draft, cut);
    List<String> failed = new ArrayList<>();
    long rows = draft.finding.getNWindow();
    if (rows < drift.minRows()) {
      failed.add("too_few_rows: " + rows + " < min_rows " + drift.minRows());
    }
    double worse = draft.worse();
    if (worse < 0 && -worse > draft.effect) {
      failed.add("better than usual by " + ShortNumber.of(-worse) + ", which does not ring");
    } else if (!(worse > draft.effect)) {
      failed.add("off by " + ShortNumber.of(worse) + ", not above " + ShortNumber.of(draft.effect));
    }
    if (draft.atLeast > 0 && !(Math.abs(draft.value) > draft.atLeast)) {
      failed.add("gap not beyond " + ShortNumber.of(draft.atLeast));
    }
    if (!(adjusted <= drift.fdr())) {
      failed.add(
          "not significant: adjusted p "
              + ShortNumber.of(adjusted)
              + " > fdr "
              + ShortNumber.of(drift.fdr()));
    }
    draft.conclude(
        failed.isEmpty(),
        failed.isEmpty()
            ? (draft.better == 0 ? "off" : "worse than usual")
                + " by "
                + ShortNumber.of(worse)
                + " > "
                + ShortNumber.of(draft.effect)
                + " (usual "
                + ShortNumber.of(draft.centre)
                + "); adjusted p "
                + ShortNumber.of(adjusted)
                + " <= fdr "
                + ShortNumber.of(drift.fdr())
            : String.join("; ", failed));
  }

  /** The values at which it would have rung, the other tests being as they are. */
  private static void setThresholds(PendingFinding draft, double cut) {
    if (draft.better >= 0) {
      double share = draft.better == 0 ? cut / 2 : cut;
      double lower = draft.usual.lower(Math.min(share, .499), draft.error);
      lower = Math.min(lower, draft.centre - draft.effect);
      lower = draft.atLeast > 0 ? Math.min(lower, -draft.atLeast) : lower;
      if (draft.better == 0) {
        draft.finding.setLowerThreshold(lower);
      } else {
        draft.finding.setThreshold(lower);
      }
    }
    if (draft.better <= 0) {
      double share = draft.better == 0 ? cut / 2 : cut;
      double upper = draft.usual.upper(Math.min(share, .499), draft.error);
      upper = Math.max(upper, draft.centre + draft.effect);
      draft.finding.setThreshold(draft.atLeast > 0 ? Math.max(upper, draft.atLeast) : upper);
    }
  }
}
