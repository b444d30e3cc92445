package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.Field;
import io.tidemark.stats.Binning;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.ValueBins;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The drift comparisons of one field in one segment: the preset's own method or the one that the
 * spec puts in its place, then the further ones it lists.
 */
final class CompareField {
  private final DriftSpec drift;
  private final PresetRule rule;

  CompareField(DriftSpec drift, PresetRule rule) {
    this.drift = drift;
    this.rule = rule;
  }

  List<PendingFinding> compare(
      PendingFindings drafts,
      String segment,
      Field field,
      int index,
      FieldBaseline reference,
      FieldState state) {
    DriftSpec.FieldRule override = drift.features().get(field.name());
    boolean presets = override == null || override.method() == null;
    Method own = presets ? rule.method(field, reference, state) : override.method();
    Set<Method> methods = new LinkedHashSet<>();
    methods.add(own);
    methods.addAll(drift.methods());
    List<PendingFinding> found = new ArrayList<>();
    for (Method method : methods) {
      if (!method.suits(field.numeric())) {
        continue;
      }
      PendingFinding draft =
          drafts.begin(
              PendingFindings.kindOf(field),
              segment,
              field.name(),
              method.id(),
              index,
              reference.total().valid(),
              state.valid());
      draft.presetsOwn = method == own;
      BinnedCounts cells = cells(draft, method, field, reference, state);
      if (cells != null) {
        draft.note = cells.note();
        drafts.explain(draft, cells);
        draft.growth = growth(cells, field, reference, state);
        Double threshold = override != null && method == own ? override.threshold() : null;
        judge(
            new FieldComparison(draft, segment, field, method, reference, state, cells),
            presets && method == own,
            threshold);
      }
      found.add(draft);
    }
    return found;
  }

  /** Null where there is nothing to compare, which is said. */
  private BinnedCounts cells(
      PendingFinding draft, Method method, Field field, FieldBaseline reference, FieldState state) {
    if (state.valid() == 0) {
      draft.conclude(
          false,
          state.rows() == 0
              ? "no_rows: the window is empty"
              : "no_values: the field is missing in every row of the window");
      return null;
    }
    if (reference.total().valid() == 0) {
      draft.conclude(false, "no_baseline_values: the field is missing in the whole baseline");
      return null;
    }
    BinnedCounts cells = cells(method, field, reference, state);
    if (cells == null) {
      draft.conclude(false, "no_baseline_values: the baseline has no finite value to make bins of");
    }
    return cells;
  }

  /**
   * @param presets whether the method is the preset's own
   * @param threshold of the spec, or null
   */
  private void judge(FieldComparison comparison, boolean presets, Double threshold) {
    if (presets && threshold == null && rule.judgeCounts(comparison)) {
      return;
    }
    PendingFinding draft = comparison.draft();
    MethodValue value = rule.value(comparison);
    draft.finding.setValue(finite(value.value()));
    draft.finding.setPValue(finite(value.pValue()));
    if (Double.isNaN(value.value()) && Double.isNaN(value.pValue())) {
      draft.conclude(false, "no_test: there is no finite value on both sides to compare");
    } else if (threshold != null) {
      holdAgainst(draft, value.value(), threshold);
    } else {
      rule.judge(comparison, value);
    }
    draft.finding.setReason(draft.finding.getReason() + value.certainty());
  }

  private BinnedCounts cells(
      Method method, Field field, FieldBaseline reference, FieldState state) {
    if (!field.numeric()) {
      return BinnedCounts.categorical(field, reference, state.categories());
    }
    Binning binning = drift.binning(field.name());
    if (binning.fixed()) {
      Grid grid = reference.grid(binning.equals(Binning.NANNYML));
      return grid == null ? null : BinnedCounts.numeric(field, grid, reference, state.numeric());
    }
    boolean presetBins = binning.equals(Binning.EVIDENTLY) || binning.equals(Binning.TFDV);
    ValueBins bins =
        binning.equals(Binning.EVIDENTLY) && method == Method.HELLINGER
            ? ValueBins.ofDistinct(reference.total().numeric(), state.numeric())
            : ValueBins.of(
                presetBins && method == Method.PSI_SODA ? Binning.SODA : binning,
                reference.total().numeric(),
                state.numeric());
    return bins == null ? null : BinnedCounts.numeric(field, bins, reference);
  }

  /** In the cells that the snapshot chooses rows by, whatever bins the method has. */
  private static double[] growth(
      BinnedCounts cells, Field field, FieldBaseline reference, FieldState state) {
    if (!field.numeric()) {
      return cells.growth();
    }
    Grid quantile = reference.grid(false);
    return quantile == null
        ? new double[0]
        : BinnedCounts.numeric(field, quantile, reference, state.numeric()).growth();
  }

  private void holdAgainst(PendingFinding draft, double value, double threshold) {
    draft.finding.setThreshold(threshold);
    if (draft.finding.getNWindow() < rule.minRows()) {
      draft.conclude(
          false, "too_few_rows: " + draft.finding.getNWindow() + " < min_rows " + rule.minRows());
      return;
    }
    boolean reached = value >= threshold;
    draft.conclude(
        reached,
        ShortNumber.of(value)
            + (reached ? " >= " : " < ")
            + ShortNumber.of(threshold)
            + " given in the spec");
  }

  static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
