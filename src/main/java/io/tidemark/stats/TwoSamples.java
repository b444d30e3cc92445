package io.tidemark.stats;

/**
 * Baseline and window of one field, in the forms that a {@link Method} may compare.
 *
 * @param cells counts of the same cells: bins, or categories, all told apart
 * @param known the same with the categories that the baseline's dictionary lacks as one cell
 * @param inner whether a cell is an interval between others, and so there even if it is empty
 * @param bins the cells, where they are bins of this window alone; null: fixed ones, or categories
 * @param numbers null: a categorical field
 */
public record TwoSamples(
    Counted cells, Counted known, Inner inner, ValueBins bins, Numbers numbers) {

  /** Counts of the same cells on both sides. */
  @SuppressWarnings("ArrayRecordComponent") // a pair passed on at once, never compared or kept
  public record Counted(long[] baseline, long[] window) {}

  /** Of a cell by its position. */
  public interface Inner {
    boolean at(int cell);
  }

  /**
   * @param asNannyMl whether they are compared as NannyML compares them: without a p-value, and
   *     over its fine bins
   * @param fine those bins; null: by the values
   */
  public record Numbers(
      NumericSummary baseline, NumericSummary window, boolean asNannyMl, Grid fine) {

    /** Baseline rows by fine bin. */
    long[] fineBaseline() {
      return fine.counts(baseline.cuts(), baseline.cells());
    }

    long[] fineWindow() {
      return fine.counts(window.cuts(), window.cells());
    }
  }
}
