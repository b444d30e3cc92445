package io.tidemark.drift;

import io.tidemark.profile.FieldState;
import io.tidemark.profile.Reference;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.spec.Field;
import io.tidemark.stats.Binning;
import io.tidemark.stats.DriftRule;
import io.tidemark.stats.DriftRule.Judgement;
import io.tidemark.stats.Grid;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.ValueBins;
import io.tidemark.stats.Variation;
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
  private final FieldRules rules;

  CompareField(DriftSpec drift, FieldRules rules) {
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
    DriftSpec.FieldRule override = drift.features().get(field.name());
    Method own =
        override != null && override.method() != null
            ? override.method()
            : presetMethod(field, reference, state);
    Set<Method> methods = new LinkedHashSet<>();
    methods.add(own);
    methods.addAll(drift.methods());
    List<Draft> found = new ArrayList<>();
    for (Method method : methods) {
      if (!method.suits(field.numeric())) {
        continue;
      }
      Draft draft =
          drafts.begin(
              FindingDrafts.kindOf(field),
              segment,
              field.name(),
              method.id(),
              index,
              reference.total().valid(),
              state.valid());
      draft.presetsOwn = method == own;
      Double threshold = override != null && method == own ? override.threshold() : null;
      boolean presetRule =
          drift.preset() == Preset.TIDEMARK
              && method == Method.JENSEN_SHANNON
              && (override == null || override.method() == null);
      fill(draft, drafts, method, threshold, presetRule, segment, field, reference, state);
      found.add(draft);
    }
    return found;
  }

  private Method presetMethod(Field field, Reference reference, FieldState state) {
    return switch (drift.preset()) {
      case TIDEMARK, NANNYML -> Method.JENSEN_SHANNON;
      case TFDV -> field.numeric() ? Method.JENSEN_SHANNON_DIVERGENCE : Method.L_INFINITY;
      case EVIDENTLY -> EvidentlyRule.method(field, reference, state);
    };
  }

  private void fill(
      Draft draft,
      FindingDrafts drafts,
      Method method,
      Double threshold,
      boolean presetRule,
      String segment,
      Field field,
      Reference reference,
      FieldState state) {
    if (state.valid() == 0) {
      draft.conclude(
          false,
          state.rows() == 0
              ? "no_rows: the window is empty"
              : "no_values: the field is missing in every row of the window");
      return;
    }
    if (reference.total().valid() == 0) {
      draft.conclude(false, "no_baseline_values: the field is missing in the whole baseline");
      return;
    }
    Cells cells = cells(method, field, reference, state);
    if (cells == null) {
      draft.conclude(false, "no_baseline_values: the baseline has no finite value to make bins of");
      return;
    }
    draft.note = cells.note();
    drafts.explain(draft, cells);
    draft.growth = growth(cells, field, reference, state);
    if (presetRule && threshold == null) {
      judge(draft, cells, segment, field, reference);
      return;
    }
    MethodValue value = value(method, cells, field, reference, state);
    draft.finding.setValue(finite(value.value()));
    draft.finding.setPValue(finite(value.pValue()));
    if (Double.isNaN(value.value()) && Double.isNaN(value.pValue())) {
      draft.conclude(false, "no_test: there is no finite value on both sides to compare");
    } else if (threshold != null) {
      holdAgainst(draft, value.value(), threshold);
    } else if (drift.preset() == Preset.NANNYML) {
      holdAgainstReference(draft, method, value, cells, segment, field, reference);
    } else if (drift.preset() == Preset.EVIDENTLY && EvidentlyRule.judges(method)) {
      EvidentlyRule.conclude(draft, method, value);
    } else {
      draft.conclude(false, "reported only: no threshold is given for " + method.id());
    }
    draft.finding.setReason(draft.finding.getReason() + value.certainty());
  }

  private MethodValue value(
      Method method, Cells cells, Field field, Reference reference, FieldState state) {
    Binning binning = drift.binning(field.name());
    boolean aligned =
        method == Method.JENSEN_SHANNON_DIVERGENCE
            && field.numeric()
            && binning.kind() == Binning.Kind.ALIGNED;
    return aligned
        ? MethodValue.aligned(binning.bins(), reference.total().numeric(), state.numeric())
        : method.compare(cells.samples(state, asNannyMl()));
  }

  private boolean asNannyMl() {
    return drift.preset() == Preset.NANNYML;
  }

  private Cells cells(Method method, Field field, Reference reference, FieldState state) {
    if (!field.numeric()) {
      return Cells.categorical(field, reference, state.categories());
    }
    Binning binning = drift.binning(field.name());
    if (binning.fixed()) {
      Grid grid = reference.grid(binning.equals(Binning.NANNYML));
      return grid == null ? null : Cells.numeric(field, grid, reference, state.numeric());
    }
    boolean presetBins = binning.equals(Binning.EVIDENTLY) || binning.equals(Binning.TFDV);
    ValueBins bins =
        binning.equals(Binning.EVIDENTLY) && method == Method.HELLINGER
            ? ValueBins.ofDistinct(reference.total().numeric(), state.numeric())
            : ValueBins.of(
                presetBins && method == Method.PSI_SODA ? Binning.SODA : binning,
                reference.total().numeric(),
                state.numeric());
    return bins == null ? null : Cells.numeric(field, bins, reference);
  }

  /** In the cells that the snapshot chooses rows by, whatever bins the method has. */
  private static double[] growth(Cells cells, Field field, Reference reference, FieldState state) {
    if (!field.numeric()) {
      return cells.growth();
    }
    Grid quantile = reference.grid(false);
    return quantile == null
        ? new double[0]
        : Cells.numeric(field, quantile, reference, state.numeric()).growth();
  }

  private void judge(Draft draft, Cells cells, String segment, Field field, Reference reference) {
    boolean ordered = field.numeric();
    Variation variation =
        rules.variation(
            segment,
            field.name(),
            reference,
            () -> {
              List<long[]> windows = new ArrayList<>();
              reference
                  .windows()
                  .forEach(window -> windows.add(cells.lumped(cells.of(window.state()))));
              return Variation.of(
                  cells.lumped(cells.baseline()),
                  windows,
                  ordered,
                  drift.minRows(),
                  reference.spansDay());
            });
    Judgement judgement =
        DriftRule.judge(
            cells.lumped(cells.baseline()), cells.lumped(cells.window()), ordered, variation);
    draft.finding.setValue(finite(judgement.distance()));
    draft.finding.setEffect(finite(judgement.effect()));
    draft.finding.setPValue(finite(judgement.pValue()));
    if (judgement.outcome() != DriftRule.Outcome.TESTED) {
      draft.conclude(false, "no_test: " + judgement.outcome().text());
      return;
    }
    draft.judgement = judgement;
    draft.familyP = judgement.pValue();
  }

  private void holdAgainst(Draft draft, double value, double threshold) {
    draft.finding.setThreshold(threshold);
    boolean few = drift.preset() == Preset.TIDEMARK && draft.finding.getNWindow() < drift.minRows();
    if (few) {
      draft.conclude(
          false, "too_few_rows: " + draft.finding.getNWindow() + " < min_rows " + drift.minRows());
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

  private void holdAgainstReference(
      Draft draft,
      Method method,
      MethodValue value,
      Cells cells,
      String segment,
      Field field,
      Reference reference) {
    if (method == Method.CHI_SQUARE) {
      boolean alarm = value.pValue() < FieldRules.CHI_SQUARE_P;
      draft.conclude(
          alarm,
          "p "
              + ShortNumber.of(value.pValue())
              + (alarm ? " < " : " >= ")
              + FieldRules.CHI_SQUARE_P);
      return;
    }
    double threshold =
        rules.threshold(
            segment,
            field.name(),
            method,
            reference,
            window -> {
              FieldState state = window.state();
              return state == null || state.valid() == 0
                  ? Double.NaN
                  : method.compare(cells.samplesOf(state, true)).value();
            });
    draft.finding.setThreshold(finite(threshold));
    boolean alarm = value.value() > threshold;
    draft.conclude(
        alarm,
        ShortNumber.of(value.value())
            + (alarm ? " > " : " <= ")
            + ShortNumber.of(threshold)
            + ", mean + 3 sd of the baseline's windows");
  }

  static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
