package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.Field;
import io.tidemark.stats.BetweenWindowVariation;
import io.tidemark.stats.Distances;
import io.tidemark.stats.DriftRule;
import io.tidemark.stats.DriftRule.Judgement;
import io.tidemark.stats.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * Preset {@code tidemark}: a distance cleaned of noise and held against how much the baseline's own
 * windows vary ({@link DriftRule}). Verdicts wait for the other tests of the window.
 */
final class TidemarkRule implements PresetRule {
  private final DriftSpec drift;
  private final FieldRules rules;

  TidemarkRule(DriftSpec drift, FieldRules rules) {
    this.drift = drift;
    this.rules = rules;
  }

  @Override
  public Method method(Field field, FieldBaseline reference, FieldState state) {
    return Method.JENSEN_SHANNON;
  }

  @Override
  public long minRows() {
    return drift.minRows();
  }

  @Override
  public boolean judgeCounts(FieldComparison comparison) {
    BinnedCounts cells = comparison.cells();
    FieldBaseline reference = comparison.reference();
    boolean ordered = comparison.field().numeric();
    BetweenWindowVariation variation =
        rules.variation(
            comparison.segment(),
            comparison.field().name(),
            reference,
            () -> {
              List<long[]> windows = new ArrayList<>();
              reference
                  .windows()
                  .forEach(window -> windows.add(cells.lumped(cells.of(window.state()))));
              return BetweenWindowVariation.of(
                  cells.lumped(cells.baseline()),
                  windows,
                  ordered,
                  drift.minRows(),
                  reference.spansDay());
            });
    Judgement judgement =
        DriftRule.judge(
            cells.lumped(cells.baseline()), cells.lumped(cells.window()), ordered, variation);
    PendingFinding draft = comparison.draft();
    draft.finding.setValue(CompareField.finite(judgement.distance()));
    if (!await(draft, judgement)) {
      draft.conclude(false, "no_test: " + judgement.outcome().text());
    }
    return true;
  }

  /** Leaves the verdict to the family; false: there was nothing to test. */
  private static boolean await(PendingFinding draft, Judgement judgement) {
    draft.finding.setEffect(CompareField.finite(judgement.effect()));
    draft.finding.setPValue(CompareField.finite(judgement.pValue()));
    if (judgement.outcome() != DriftRule.Outcome.TESTED) {
      return false;
    }
    draft.judgement = judgement;
    draft.familyP = judgement.pValue();
    return true;
  }

  /** Two cells: the rows that count and the others. */
  @Override
  public void judgeRate(RateComparison comparison) {
    FieldBaseline reference = comparison.reference();
    RateComparison.Rate rate = comparison.rate();
    PendingFinding draft = comparison.draft();
    long[] baseline = rate.cellsOfReference(reference.total());
    BetweenWindowVariation variation =
        rules.variation(
            comparison.segment(),
            comparison.field().name() + "\u0000" + draft.finding.getMethod(),
            reference,
            () -> {
              List<long[]> windows = new ArrayList<>();
              reference.windows().stream()
                  .filter(window -> window.state() != null)
                  .forEach(window -> windows.add(rate.cellsOfReference(window.state())));
              return BetweenWindowVariation.of(
                  baseline, windows, false, drift.minRows(), reference.spansDay());
            });
    long[] window = rate.cellsOfWindow(comparison.state());
    if (await(draft, DriftRule.judge(baseline, window, false, variation))) {
      draft.valueOfDistance = distance -> rateAt(distance, baseline);
    } else {
      draft.conclude(false, "no such value in baseline and window");
    }
  }

  /** The rate above the baseline's that lies at this distance from it; 1 if none does. */
  private static double rateAt(double distance, long[] baseline) {
    if (Double.isNaN(distance)) {
      return Double.NaN;
    }
    long parts = 1_000_000_000L;
    double low = (double) baseline[1] / (baseline[0] + baseline[1]);
    double high = 1;
    for (int i = 0; i < 50; i++) {
      double middle = (low + high) / 2;
      long hit = Math.round(middle * parts);
      double reached = Distances.jensenShannon(baseline, new long[] {parts - hit, hit});
      if (reached < distance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
