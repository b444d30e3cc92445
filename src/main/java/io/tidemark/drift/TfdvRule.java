package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.Field;
import io.tidemark.stats.Binning;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;

/** Preset {@code tfdv}: TFDV's measures; thresholds are the spec's alone. */
final class TfdvRule implements PresetRule {
  private final DriftSpec drift;

  TfdvRule(DriftSpec drift) {
    this.drift = drift;
  }

  @Override
  public Method method(Field field, FieldBaseline reference, FieldState state) {
    return field.numeric() ? Method.JENSEN_SHANNON_DIVERGENCE : Method.L_INFINITY;
  }

  /** The divergence of numbers is one of each side's own buckets. */
  @Override
  public MethodValue value(FieldComparison comparison) {
    Field field = comparison.field();
    Binning binning = drift.binning(field.name());
    boolean aligned =
        comparison.method() == Method.JENSEN_SHANNON_DIVERGENCE
            && field.numeric()
            && binning.kind() == Binning.Kind.ALIGNED;
    return aligned
        ? MethodValue.aligned(
            binning.bins(), comparison.reference().total().numeric(), comparison.state().numeric())
        : PresetRule.super.value(comparison);
  }
}
