package io.tidemark.drift;

import io.tidemark.event.Redaction;
import io.tidemark.profile.FieldBaseline;
import io.tidemark.profile.FieldState;
import io.tidemark.spec.Field;
import io.tidemark.stats.CategorySummary;
import io.tidemark.stats.CountText;
import io.tidemark.stats.Dictionary;
import io.tidemark.stats.Grid;
import io.tidemark.stats.NumericSummary;
import io.tidemark.stats.TwoSamples;
import io.tidemark.stats.ValueBins;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Baseline and window of one field over the same cells. Numeric: below, each bin, above.
 * Categorical: each known value, each unknown one, and the unknown ones that are not told apart.
 */
final class BinnedCounts {
  private final Field field;
  private final Grid grid;
  private final ValueBins bins;
  private final List<String> values;
  private final int known;
  private final FieldBaseline reference;
  private final long[] baseline;
  private final long[] window;

  private BinnedCounts(
      Field field,
      Grid grid,
      ValueBins bins,
      List<String> values,
      int known,
      FieldBaseline reference,
      long[] baseline,
      long[] window) {
    this.field = field;
    this.grid = grid;
    this.bins = bins;
    this.values = values;
    this.known = known;
    this.reference = reference;
    this.baseline = baseline;
    this.window = window;
  }

  /**
   * @param grid of a numeric field
   */
  static BinnedCounts numeric(
      Field field, Grid grid, FieldBaseline reference, NumericSummary window) {
    return new BinnedCounts(
        field,
        grid,
        null,
        List.of(),
        0,
        reference,
        reference.counts(grid),
        grid.counts(window.cuts(), window.cells()));
  }

  /**
   * @param bins of a numeric field, which hold for this window alone
   */
  static BinnedCounts numeric(Field field, ValueBins bins, FieldBaseline reference) {
    return new BinnedCounts(
        field, null, bins, List.of(), 0, reference, bins.baseline(), bins.window());
  }

  static BinnedCounts categorical(Field field, FieldBaseline reference, CategorySummary window) {
    List<String> values = new ArrayList<>();
    Dictionary dictionary = window.dictionary();
    for (int code = 0; code < dictionary.size(); code++) {
      values.add(dictionary.value(code));
    }
    Map<String, Long> unseen = window.unseen().counts();
    values.addAll(unseen.keySet());
    long[] counts = new long[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      counts[i] = i < dictionary.size() ? window.count(i) : unseen.get(values.get(i));
    }
    counts[values.size()] = window.unseen().other();
    BinnedCounts cells =
        new BinnedCounts(
            field, null, null, values, dictionary.size(), reference, new long[0], counts);
    return new BinnedCounts(
        field,
        null,
        null,
        values,
        dictionary.size(),
        reference,
        cells.of(reference.total()),
        counts);
  }

  long[] baseline() {
    return baseline;
  }

  long[] window() {
    return window;
  }

  /** Whether they are bins of this window, which do not serve another. */
  boolean ofWindowAlone() {
    return bins != null;
  }

  /**
   * The window and the baseline as methods compare them.
   *
   * @param state the window's
   * @param asNannyMl whether numbers are compared as NannyML compares them
   */
  TwoSamples samples(FieldState state, boolean asNannyMl) {
    return samples(state, window, asNannyMl);
  }

  /** The same of a window of the reference. */
  TwoSamples samplesOf(FieldState state, boolean asNannyMl) {
    return samples(state, of(state), asNannyMl);
  }

  private TwoSamples samples(FieldState state, long[] counts, boolean asNannyMl) {
    TwoSamples.Numbers numbers =
        state.numeric() == null
            ? null
            : new TwoSamples.Numbers(
                reference.total().numeric(),
                state.numeric(),
                asNannyMl,
                asNannyMl ? reference.field().fine() : null);
    return new TwoSamples(
        new TwoSamples.Counted(baseline, counts),
        new TwoSamples.Counted(lumped(baseline), lumped(counts)),
        this::innerBin,
        bins,
        numbers);
  }

  private boolean innerBin(int cell) {
    return grid != null ? cell > 0 && cell < baseline.length - 1 : bins != null && bins.binned();
  }

  /** The same cells of another state of the reference, such as one of its windows. */
  long[] of(FieldState state) {
    if (grid != null) {
      return reference.counts(grid, state);
    }
    if (ofWindowAlone()) {
      throw new IllegalStateException("bins of one window do not serve another");
    }
    long[] counts = new long[values.size() + 1];
    if (state == null) {
      return counts;
    }
    // The last cell is all the rest: a state that cannot keep every value keeps others than this
    // window does, and whichever window comes first must make the same of it.
    long rest = state.valid();
    for (int i = 0; i < values.size(); i++) {
      counts[i] = reference.count(values.get(i), state);
      rest -= counts[i];
    }
    counts[values.size()] = rest;
    return counts;
  }

  /** What a reader of the comparison has to know of its cells; empty: nothing. */
  String note() {
    boolean all = field.numeric() || (window[values.size()] == 0 && baseline[values.size()] == 0);
    return all
        ? ""
        : "; "
            + CountText.of(values.size(), "value is", "values are")
            + " told apart, all others count as one";
  }

  /** Unknown values of a categorical field as one cell. */
  long[] lumped(long[] counts) {
    if (field.numeric()) {
      return counts;
    }
    long[] lumped = new long[known + 1];
    for (int i = 0; i < counts.length; i++) {
      lumped[Math.min(i, known)] += counts[i];
    }
    return lumped;
  }

  String label(int cell, Redaction redaction) {
    if (field.numeric()) {
      return redaction.hides(field)
          ? "bin " + cell
          : grid != null ? grid.label(cell) : bins.label(cell);
    }
    if (cell == values.size()) {
      return "other";
    }
    String shown = redaction.show(field, values.get(cell));
    return shown == null ? "value " + cell : shown;
  }

  /**
   * Window share minus baseline share of quantile bins or categories, in the cells that {@link
   * Comparison#growth} describes.
   */
  double[] growth() {
    long[] p = snapshotCells(baseline);
    long[] q = snapshotCells(window);
    double n = sum(p);
    double m = sum(q);
    double[] growth = new double[p.length];
    for (int i = 0; i < growth.length; i++) {
      growth[i] = (m == 0 ? 0 : q[i] / m) - (n == 0 ? 0 : p[i] / n);
    }
    return growth;
  }

  private long[] snapshotCells(long[] counts) {
    if (grid == null) {
      return lumped(counts);
    }
    long[] joined = new long[counts.length - 1];
    for (int i = 0; i < counts.length; i++) {
      joined[Math.max(0, i - 1)] += counts[i];
    }
    return joined;
  }

  private static double sum(long[] counts) {
    double sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
