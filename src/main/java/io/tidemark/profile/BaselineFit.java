package io.tidemark.profile;

import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import java.util.List;

/**
 * Whether baselines serve a spec: a field must have the type it had, a method the cut points it
 * needs, a segment its own counts. A changed threshold never makes a baseline unfit, and a feature
 * that it lacks is a finding, not an error.
 */
public final class BaselineFit {
  /** Windows of a run hold so many distinct values exactly where a method compares values. */
  private static final int COMPARED_VALUES = 1 << 16;

  private BaselineFit() {}

  /**
   * @throws BaselineException naming the file and what it lacks
   */
  public static void check(MonitoringSpec spec, Baselines baselines) {
    for (int i = 0; i < baselines.all().size(); i++) {
      check(spec, baselines.all().get(i), baselines.path(i));
    }
  }

  private static void check(MonitoringSpec spec, Baseline baseline, String path) {
    for (Field field : spec.fields()) {
      int at = baseline.indexOf(field.name());
      if (at < 0) {
        continue;
      }
      FieldBins reference = baseline.fields().get(at);
      if (reference.field().type() != field.type()) {
        throw new BaselineException(
            path
                + ": holds "
                + field.name()
                + " as another type than the spec; build the baseline anew");
      }
      if (field.numeric() && reference.quantile() != null) {
        checkValues(spec.drift(), baseline, at, field, path);
      }
    }
    for (String segment : spec.segments()) {
      boolean counted =
          baseline.layout().segments().stream()
              .anyMatch(at -> baseline.fields().get(at).field().name().equals(segment));
      int at = baseline.indexOf(segment);
      boolean tooMany =
          at >= 0
              && baseline.fields().get(at).dictionary().size()
                  > ProfileLayout.MAX_SEGMENTS_OF_A_FIELD;
      if (!counted && at >= 0 && !tooMany) {
        throw new BaselineException(
            path + ": lacks segments by " + segment + "; build the baseline anew with this spec");
      }
      if (tooMany) {
        throw new BaselineException(
            path
                + ": "
                + segment
                + " has more than "
                + ProfileLayout.MAX_SEGMENTS_OF_A_FIELD
                + " values, too many for segments; take it out of the spec's segments");
      }
    }
  }

  private static void checkValues(
      DriftSpec drift, Baseline baseline, int at, Field field, String path) {
    boolean exact = baseline.total().state(0, at).numeric().values().exact();
    boolean held = baseline.total().layout().valueCapacity() >= ProfileLayout.SHOWN_VALUES;
    boolean lacks =
        (drift.needsFineBins(field.name()) && baseline.fields().get(at).fine() == null && !exact)
            || (drift.needsValues(field.name()) && !held && !exact);
    if (lacks) {
      throw new BaselineException(
          path
              + ": lacks the bins or values that the spec's drift methods compare for "
              + field.name()
              + "; build the baseline anew with this spec");
    }
  }

  /** How many distinct values the run's windows hold exactly. */
  public static int valueCapacity(MonitoringSpec spec, Baselines baselines) {
    List<Field> numeric = spec.fields().stream().filter(Field::numeric).toList();
    boolean fine = numeric.stream().anyMatch(f -> spec.drift().needsFineBins(f.name()));
    boolean small =
        baselines.all().stream().anyMatch(baseline -> baseline.rows() < Baseline.EXACT_ROWS);
    if (fine && small) {
      return COMPARED_VALUES;
    }
    boolean values = numeric.stream().anyMatch(f -> spec.drift().needsValues(f.name()));
    return values ? ProfileLayout.comparedValues(numeric.size()) : ProfileLayout.SHOWN_VALUES;
  }
}
