package io.tidemark.drift;

import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.stats.BenjaminiHochberg;
import java.util.ArrayList;
import java.util.List;

/**
 * Concludes a window's family of tests together: effect size, significance under the false
 * discovery rate and enough rows, each said in the finding. The drift of labels is a family of its
 * own, because labels come later than everything else and nothing waits for them.
 */
final class WindowJudge {
  private static final String PART_OF_DAY =
      " (the baseline has seen less than a day, and other hours may differ)";

  private final DriftSpec drift;

  WindowJudge(DriftSpec drift) {
    this.drift = drift;
  }

  void conclude(List<Draft> drafts) {
    List<Draft> labels = new ArrayList<>();
    List<Draft> others = new ArrayList<>();
    for (Draft draft : drafts) {
      if (draft.awaitsFamily()) {
        boolean label = draft.finding.getKind() == FindingKind.label_drift;
        (label ? labels : others).add(draft);
      }
    }
    concludeFamily(labels);
    concludeFamily(others);
  }

  private void concludeFamily(List<Draft> family) {
    double[] p = family.stream().mapToDouble(draft -> draft.familyP).toArray();
    double[] adjusted = BenjaminiHochberg.adjust(p);
    double[] cuts = BenjaminiHochberg.cuts(p, drift.fdr());
    for (int i = 0; i < adjusted.length; i++) {
      Draft draft = family.get(i);
      draft.finding.setAdjustedP(adjusted[i]);
      if (draft.judgement != null) {
        concludeDistance(draft, adjusted[i], cuts[i]);
      } else {
        concludeVolume(draft, adjusted[i]);
      }
    }
  }

  private void concludeDistance(Draft draft, double adjusted, double cut) {
    double threshold = draft.judgement.thresholdAt(cut, drift.effect());
    draft.finding.setThreshold(
        draft.valueOfDistance == null
            ? finite(threshold)
            : finite(draft.valueOfDistance.applyAsDouble(threshold)));
    List<String> failed = new ArrayList<>();
    long rows = draft.finding.getNWindow();
    if (rows < drift.minRows()) {
      failed.add("too_few_rows: " + rows + " < min_rows " + drift.minRows());
    }
    double effect = draft.judgement.effect();
    if (!(effect > drift.effect())) {
      failed.add("effect " + Draft.number(effect) + " not above " + Draft.number(drift.effect()));
    }
    if (!(adjusted <= drift.fdr())) {
      failed.add(
          "not significant: adjusted p "
              + Draft.number(adjusted)
              + " > fdr "
              + Draft.number(drift.fdr())
              + (draft.judgement.variation().lowerBound() ? PART_OF_DAY : ""));
    }
    boolean alarm = failed.isEmpty();
    draft.conclude(
        alarm,
        alarm
            ? "effect "
                + Draft.number(effect)
                + " > "
                + Draft.number(drift.effect())
                + "; adjusted p "
                + Draft.number(adjusted)
                + " <= fdr "
                + Draft.number(drift.fdr())
            : String.join("; ", failed));
  }

  private void concludeVolume(Draft draft, double adjusted) {
    double rows = draft.finding.getValue();
    boolean beyond =
        rows < draft.finding.getLowerThreshold() || rows > draft.finding.getThreshold();
    boolean significant = adjusted <= drift.fdr();
    String range =
        Draft.number(draft.finding.getLowerThreshold())
            + " to "
            + Draft.number(draft.finding.getThreshold());
    String reason =
        beyond
            ? significant
                ? "rows outside " + range + "; adjusted p " + Draft.number(adjusted)
                : "outside " + range + " but not significant: adjusted p " + Draft.number(adjusted)
            : "within " + range;
    draft.conclude(beyond && significant, reason);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
