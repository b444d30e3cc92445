package io.tidemark.drift;

import io.tidemark.drift.RateComparison.Rate;
import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The shares of missing and of unseen values: two cells each, judged as the preset judges. */
final class CompareRates {
  private final PresetRule rule;

  CompareRates(PresetRule rule) {
    this.rule = rule;
  }

  List<PendingFinding> compare(
      PendingFindings drafts,
      String segment,
      Field field,
      int index,
      FieldBaseline reference,
      FieldState state) {
    List<PendingFinding> found = new ArrayList<>();
    PendingFinding missing =
        drafts.begin(
            FindingKind.missing,
            segment,
            field.name(),
            "missing_rate",
            index,
            reference.total().rows(),
            state.rows());
    ToLongFunction<FieldState> gone = part -> part.missing() + part.invalid();
    Rate missingRate = new Rate(gone, gone, FieldState::rows);
    judge(new RateComparison(missing, segment, field, reference, state, missingRate));
    found.add(missing);
    if (!field.numeric()) {
      found.add(unseen(drafts, segment, field, index, reference, state));
    }
    return found;
  }

  private PendingFinding unseen(
      PendingFindings drafts,
      String segment,
      Field field,
      int index,
      FieldBaseline reference,
      FieldState state) {
    PendingFinding unseen =
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
    Rate unseenRate = new Rate(none, unknown, FieldState::valid);
    judge(new RateComparison(unseen, segment, field, reference, state, unseenRate));
    return unseen;
  }

  private void judge(RateComparison comparison) {
    Rate rate = comparison.rate();
    FieldState state = comparison.state();
    if (rate.of().applyAsLong(state) == 0) {
      comparison.draft().conclude(false, "no_rows: no row of the window could have one");
      return;
    }
    comparison.draft().finding.setValue(rate.ofWindow(state));
    rule.judgeRate(comparison);
  }
}
