package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.Field;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;
import java.util.List;

/** What a preset makes of comparisons with the baseline, where the spec gives no threshold. */
interface PresetRule {
  /** What follows from the baseline's windows is kept in {@code rules}, as long as the worker. */
  static PresetRule of(DriftSpec drift, FieldRules rules) {
    return switch (drift.preset()) {
      case TIDEMARK -> new TidemarkRule(drift, rules);
      case NANNYML -> new NannyMlRule(rules);
      case EVIDENTLY -> new EvidentlyRule();
      case TFDV -> new TfdvRule(drift);
    };
  }

  /** The method of a field for which the spec names none. */
  Method method(Field field, FieldBaseline reference, FieldState state);

  /** Rows that a window needs to ring by a threshold of the spec. */
  default long minRows() {
    return 0;
  }

  /**
   * Judges a comparison by the preset's own method where there is more to it than the method's
   * figure, value and all.
   *
   * @return false: it goes by the figure
   */
  default boolean judgeCounts(FieldComparison comparison) {
    return false;
  }

  /** A method's figure. */
  default MethodValue value(FieldComparison comparison) {
    return comparison.method().compare(comparison.cells().samples(comparison.state(), false));
  }

  /**
   * Judges a figure.
   *
   * @param value of which something is not NaN
   */
  default void judge(FieldComparison comparison, MethodValue value) {
    comparison
        .draft()
        .conclude(false, "reported only: no threshold is given for " + comparison.method().id());
  }

  /** Judges a share of rows, of a window that has any. */
  default void judgeRate(RateComparison comparison) {
    comparison.draft().conclude(false, "reported only: the preset has no rule for it");
  }

  /** Findings about all that was found together. */
  default List<PendingFinding> summaries(
      PendingFindings drafts, List<PendingFinding> found, long baselineRows) {
    return List.of();
  }
}
