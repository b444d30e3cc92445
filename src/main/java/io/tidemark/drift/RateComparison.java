package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.Field;
import java.util.function.ToLongFunction;

/**
 * A share of a field's rows in a window, compared with the baseline's.
 *
 * @param draft the finding that comes of it
 * @param state of the window
 */
record RateComparison(
    PendingFinding draft,
    String segment,
    Field field,
    FieldBaseline reference,
    FieldState state,
    Rate rate) {

  /**
   * A share of rows.
   *
   * @param inReference rows of a part of the reference that count
   * @param inWindow rows of a window that count
   * @param of rows that could
   */
  record Rate(
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
}
