package io.tidemark.drift;

import io.tidemark.profile.FieldState;
import io.tidemark.profile.Reference;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.spec.Field;
import io.tidemark.stats.Distances;
import io.tidemark.stats.DriftRule;
import io.tidemark.stats.DriftRule.Judgement;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.Variation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The shares of missing and of unseen values: two cells each, judged as the preset judges. */
final class CompareRates {
  private final DriftSpec drift;
  private final FieldRules rules;

  CompareRates(DriftSpec drift, FieldRules rules) {
    this.drift = drift;
    this.rules = rules;
  }

  List<Draft> compare(
      FindingDrafts drafts,
      String segment,
      Field field,
      int index,
      Reference reference,
      FieldState state) {
    List<Draft> found = new ArrayList<>();
    Draft missing =
        drafts.begin(
            FindingKind.missing,
            segment,
            field.name(),
            "missing_rate",
            index,
            reference.total().rows(),
            state.rows());
    ToLongFunction<FieldState> gone = part -> part.missing() + part.invalid();
    fill(missing, segment, field, reference, state, new Rate(gone, gone, FieldState::rows));
    found.add(missing);
    if (!field.numeric()) {
      found.add(unseen(drafts, segment, field, index, reference, state));
    }
    return found;
  }

  private Draft unseen(
      FindingDrafts drafts,
      String segment,
      Field field,
      int index,
      Reference reference,
      FieldState state) {
    Draft unseen =
        drafts.begin(
            FindingKind.unseen,
            segment,
            field.name(),
            "unseen_rate",
            index,
            reference.total().valid(),
            state.valid());
    if (reference.field().truncated()) {
      return unseen.conclude(
          false,
          "no_test: the baseline has more values than are kept, so an unknown value need not be"
              + " new");
    }
    // Whatever the reference holds is known, also what its own dictionary lacked at first.
    ToLongFunction<FieldState> none = part -> 0;
    ToLongFunction<FieldState> unknown = part -> part.categories().unseenRows();
    fill(unseen, segment, field, reference, state, new Rate(none, unknown, FieldState::valid));
    return unseen;
  }

  /**
   * A share of rows.
   *
   * @param inReference rows of a part of the reference that count
   * @param inWindow rows of a window that count
   * @param of rows that could
   */
  private record Rate(
      ToLongFunction<FieldState> inReference,
      ToLongFunction<FieldState> inWindow,
      ToLongFunction<FieldState> of) {
    double ofReference(FieldState part) {
      return part == null ? Double.NaN : share(inReference, part);
    }

    double ofWindow(FieldState window) {
      return share(inWindow, window);
    }

    private double share(ToLongFunction<FieldState> hits, FieldState state) {
      long rows = of.applyAsLong(state);
      return rows == 0 ? Double.NaN : (double) hits.applyAsLong(state) / rows;
    }

    long[] cellsOfReference(FieldState part) {
      return cells(inReference, part);
    }

    long[] cellsOfWindow(FieldState window) {
      return cells(inWindow, window);
    }

    private long[] cells(ToLongFunction<FieldState> hits, FieldState state) {
      long hit = hits.applyAsLong(state);
      return new long[] {of.applyAsLong(state) - hit, hit};
    }
  }

  private void fill(
      Draft draft, String segment, Field field, Reference reference, FieldState state, Rate rate) {
    if (rate.of().applyAsLong(state) == 0) {
      draft.conclude(false, "no_rows: no row of the window could have one");
      return;
    }
    draft.finding.setValue(rate.ofWindow(state));
    if (drift.preset() == Preset.EVIDENTLY || drift.preset() == Preset.TFDV) {
      draft.conclude(false, "reported only: the preset has no rule for it");
      return;
    }
    if (drift.preset() == Preset.NANNYML) {
      holdAgainstReference(draft, rate.ofWindow(state), reference, rate);
      return;
    }
    long[] baseline = rate.cellsOfReference(reference.total());
    Variation variation =
        rules.variation(
            segment,
            field.name() + "\u0000" + draft.finding.getMethod(),
            reference,
            () -> {
              List<long[]> windows = new ArrayList<>();
              reference.windows().stream()
                  .filter(window -> window.state() != null)
                  .forEach(window -> windows.add(rate.cellsOfReference(window.state())));
              return Variation.of(baseline, windows, false, drift.minRows(), reference.spansDay());
            });
    Judgement judgement = DriftRule.judge(baseline, rate.cellsOfWindow(state), false, variation);
    draft.finding.setEffect(CompareField.finite(judgement.effect()));
    draft.finding.setPValue(CompareField.finite(judgement.pValue()));
    if (judgement.outcome() != DriftRule.Outcome.TESTED) {
      draft.conclude(false, "no such value in baseline and window");
      return;
    }
    draft.judgement = judgement;
    draft.familyP = judgement.pValue();
    draft.valueOfDistance = distance -> rateAt(distance, baseline);
  }

  private static void holdAgainstReference(
      Draft draft, double value, Reference reference, Rate rate) {
    Spread spread =
        Spread.of(
            reference.windows().stream()
                .mapToDouble(window -> rate.ofReference(window.state()))
                .toArray());
    double upper = Math.min(1, spread.mean() + 3 * spread.deviation());
    double lower = Math.max(0, spread.mean() - 3 * spread.deviation());
    draft.finding.setLowerThreshold(CompareField.finite(lower));
    draft.finding.setThreshold(CompareField.finite(upper));
    boolean alarm = value > upper || value < lower;
    draft.conclude(
        alarm,
        ShortNumber.of(value)
            + (alarm ? " outside " : " within ")
            + ShortNumber.of(lower)
            + " to "
            + ShortNumber.of(upper)
            + ", mean +- 3 sd of the baseline's windows");
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
