package io.tidemark.stats.performance;

import io.tidemark.stats.ExactSum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where a change of the mean error comes from, over the cells of a partition of the inputs: Σ
 * Δshare·baseline error, because the inputs moved (data drift), and Σ window share·Δerror, because
 * the same inputs are answered worse (concept drift). The two make up the whole change.
 *
 * <p>Where the baseline has no rows in a cell, there is no relation that could have changed: what
 * new inputs (a new category, values gone missing) change is theirs, all of it. Where the window
 * has none, the cell's whole part is the inputs', too.
 *
 * @param change window mean error less baseline mean error; NaN if a side has no rows
 * @param data what the inputs' shares account for, summed exactly
 * @param concept the rest, which is what the errors account for: the two sum to the change
 * @param parts one a cell that has rows, the largest change first, then by cell; empty if a side
 *     has no rows
 */
public record Attribution(double change, double data, double concept, List<Part> parts) {

  /**
   * What one cell contributes.
   *
   * @param baselineError mean error; NaN without rows; window likewise
   */
  public record Part(
      int cell,
      long baselineRows,
      long windowRows,
      double baselineError,
      double windowError,
      double data,
      double concept) {
    public double change() {
      return data + concept;
    }
  }

  private static final Comparator<Part> LARGEST_FIRST =
      Comparator.<Part>comparingDouble(part -> -Math.abs(part.change()))
          .thenComparingInt(Part::cell);

  public Attribution {
    parts = List.copyOf(parts);
  }

  /**
   * The attribution of a window's change.
   *
   * @throws IllegalArgumentException if the sides have different numbers of cells
   */
  public static Attribution of(CellErrors baseline, CellErrors window) {
    if (baseline.cells() != window.cells()) {
      throw new IllegalArgumentException(
          "cells do not match: " + baseline.cells() + " against " + window.cells());
    }
    double usual = baseline.meanError();
    double change = window.meanError() - usual;
    if (Double.isNaN(change)) {
      return new Attribution(Double.NaN, Double.NaN, Double.NaN, List.of());
    }
    List<Part> parts = new ArrayList<>();
    ExactSum data = new ExactSum();
    for (int cell = 0; cell < baseline.cells(); cell++) {
      if (baseline.rows(cell) > 0 || window.rows(cell) > 0) {
        Part part = part(cell, baseline, window, usual);
        data.add(part.data());
        parts.add(part);
      }
    }
    parts.sort(LARGEST_FIRST);
    return new Attribution(change, data.value(), change - data.value(), parts);
  }

  private static Part part(int cell, CellErrors baseline, CellErrors window, double usual) {
    long before = baseline.rows(cell);
    long now = window.rows(cell);
    double baselineError = baseline.errors(cell) / before;
    double windowError = window.errors(cell) / now;
    double expected = before > 0 ? baselineError : windowError;
    double share = (double) now / window.rows();
    return new Part(
        cell,
        before,
        now,
        baselineError,
        windowError,
        (share - (double) before / baseline.rows()) * expected,
        now > 0 ? share * (windowError - expected) : 0);
  }
}
