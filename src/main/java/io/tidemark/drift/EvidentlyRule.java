package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.Field;
import io.tidemark.stats.Method;
import io.tidemark.stats.MethodValue;
import io.tidemark.stats.ShortNumber;
import io.tidemark.stats.ValueCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Preset {@code evidently}: which test a column gets and when it alarms, and whether the whole data
 * set has drifted. No row, noise or multiplicity rule, as in Evidently.
 */
final class EvidentlyRule implements PresetRule {
  /** Baselines up to so many values are tested, larger ones measured. */
  private static final long TESTED_ROWS = 1000;

  /** Numbers with no more different values are compared as categories. */
  private static final int FEW_VALUES = 5;

  private static final double DISTANCE = .1;
  private static final double P_VALUE = .05;
  private static final double DRIFTED_SHARE = .5;
  private static final Set<Method> BY_DISTANCE =
      EnumSet.of(Method.WASSERSTEIN_NORMED, Method.JENSEN_SHANNON_LN, Method.PSI, Method.HELLINGER);

  @Override
  public Method method(Field field, FieldBaseline reference, FieldState state) {
    if (reference.total().valid() <= TESTED_ROWS) {
      return field.numeric() ? Method.KOLMOGOROV_SMIRNOV : Method.CHI_SQUARE_GOF;
    }
    return field.numeric() && !fewValues(reference, state)
        ? Method.WASSERSTEIN_NORMED
        : Method.JENSEN_SHANNON_LN;
  }

  private static boolean fewValues(FieldBaseline reference, FieldState state) {
    ValueCounts baseline = reference.total().numeric().values();
    ValueCounts window = state.numeric().values();
    if (baseline.distinct() > FEW_VALUES || window.distinct() > FEW_VALUES) {
      return false;
    }
    TreeSet<Double> all = new TreeSet<>();
    Arrays.stream(baseline.values()).forEach(all::add);
    Arrays.stream(window.values()).forEach(all::add);
    return all.size() <= FEW_VALUES;
  }

  @Override
  public void judge(FieldComparison comparison, MethodValue value) {
    Method method = comparison.method();
    PendingFinding draft = comparison.draft();
    if (BY_DISTANCE.contains(method)) {
      draft.finding.setThreshold(DISTANCE);
      boolean alarm = value.value() >= DISTANCE;
      draft.conclude(alarm, ShortNumber.of(value.value()) + (alarm ? " >= " : " < ") + DISTANCE);
    } else if (method == Method.KOLMOGOROV_SMIRNOV || method == Method.CHI_SQUARE_GOF) {
      test(draft, method, value);
    } else {
      PresetRule.super.judge(comparison, value);
    }
  }

  private static void test(PendingFinding draft, Method method, MethodValue value) {
    if (Double.isNaN(value.pValue())) {
      draft.conclude(false, "no_test: baseline and window have one and the same value");
      return;
    }
    boolean reached = method == Method.KOLMOGOROV_SMIRNOV; // Evidently's two tests differ in this
    boolean alarm = reached ? value.pValue() <= P_VALUE : value.pValue() < P_VALUE;
    String sign = alarm ? reached ? " <= " : " < " : reached ? " > " : " >= ";
    draft.conclude(alarm, "p " + ShortNumber.of(value.pValue()) + sign + P_VALUE);
  }

  /** One finding a segment: the share of the features that drifted by their own test. */
  @Override
  public List<PendingFinding> summaries(
      PendingFindings drafts, List<PendingFinding> found, long baselineRows) {
    List<PendingFinding> sets = new ArrayList<>();
    for (String segment : new TreeSet<>(segments(found))) {
      List<PendingFinding> own =
          found.stream()
              .filter(draft -> draft.presetsOwn && isFeature(draft.finding, segment))
              .toList();
      if (own.isEmpty()) {
        continue;
      }
      long drifted = own.stream().filter(draft -> draft.finding.getAlarm()).count();
      double share = (double) drifted / own.size();
      long rows = own.stream().mapToLong(draft -> draft.finding.getNWindow()).max().orElse(0);
      PendingFinding set =
          drafts.begin(
              FindingKind.data_drift,
              segment,
              "",
              "share_of_drifted_columns",
              -1,
              baselineRows,
              rows);
      set.finding.setValue(share);
      set.finding.setThreshold(DRIFTED_SHARE);
      sets.add(
          set.conclude(
              share >= DRIFTED_SHARE, drifted + " of " + own.size() + " features drifted"));
    }
    return sets;
  }

  private static List<String> segments(List<PendingFinding> found) {
    return found.stream().map(draft -> draft.finding.getSegment()).toList();
  }

  private static boolean isFeature(Finding finding, String segment) {
    return finding.getKind() == FindingKind.data_drift && finding.getSegment().equals(segment);
  }
}
