package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.Field;
import io.tidemark.stats.MeanAndDeviation;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;
import io.tidemark.stats.ShortNumber;

/**
 * Preset {@code nannyml}: figures are held against mean + 3 standard deviations of those of the
 * baseline's windows, chi-square against a p-value; shares of rows against both sides of the mean.
 */
final class NannyMlRule implements PresetRule {
  /** Chi-square alarms below this p-value and has no threshold. */
  private static final double CHI_SQUARE_P = .05;

  private final FieldRules rules;

  NannyMlRule(FieldRules rules) {
    this.rules = rules;
  }

  @Override
  public Method method(Field field, FieldBaseline reference, FieldState state) {
    return Method.JENSEN_SHANNON;
  }

  @Override
  public MethodValue value(FieldComparison comparison) {
    return comparison.method().compare(comparison.cells().samples(comparison.state(), true));
  }

  @Override
  public void judge(FieldComparison comparison, MethodValue value) {
    PendingFinding draft = comparison.draft();
    if (comparison.method() == Method.CHI_SQUARE) {
      boolean alarm = value.pValue() < CHI_SQUARE_P;
      draft.conclude(
          alarm, "p " + ShortNumber.of(value.pValue()) + (alarm ? " < " : " >= ") + CHI_SQUARE_P);
      return;
    }
    if (comparison.cells().ofWindowAlone()) {
      draft.conclude(
          false,
          "reported only: the field's bins are each window's own, so the baseline's windows give no"
              + " threshold");
      return;
    }
    double threshold = threshold(comparison);
    draft.finding.setThreshold(CompareField.finite(threshold));
    boolean alarm = value.value() > threshold;
    draft.conclude(
        alarm,
        ShortNumber.of(value.value())
            + (alarm ? " > " : " <= ")
            + ShortNumber.of(threshold)
            + ", mean + 3 sd of the baseline's windows");
  }

  private double threshold(FieldComparison comparison) {
    Method method = comparison.method();
    BinnedCounts cells = comparison.cells();
    return rules.threshold(
        comparison.segment(),
        comparison.field().name(),
        method,
        comparison.reference(),
        window -> {
          FieldState state = window.state();
          return state == null || state.valid() == 0
              ? Double.NaN
              : method.compare(cells.samplesOf(state, true)).value();
        });
  }

  @Override
  public void judgeRate(RateComparison comparison) {
    RateComparison.Rate rate = comparison.rate();
    PendingFinding draft = comparison.draft();
    double value = rate.ofWindow(comparison.state());
    MeanAndDeviation windows =
        MeanAndDeviation.of(
            comparison.reference().windows().stream()
                .mapToDouble(window -> rate.ofReference(window.state()))
                .toArray());
    double upper = Math.min(1, windows.above());
    double lower = Math.max(0, windows.below());
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
}
