package io.tidemark.stats.slices;

/**
 * A slice of a period, and the same slice in the period before.
 *
 * @param named what the search said of it; null: it stood out in the period before, and is not
 *     among those named in this one
 * @param name its predicates
 * @param figures in this period
 * @param adjusted p of its errors being larger than those of the rest, by Benjamini and Hochberg:
 *     of a named one among all that could have been named, else among the slices compared
 * @param earlier null: there are no rows to compare with
 * @param change null: likewise
 */
public record ComparedSlice(
    WeakSlice named,
    Conjunction name,
    SliceFigures figures,
    double adjusted,
    Earlier earlier,
    SliceChange change) {

  /**
   * The same slice in the period before.
   *
   * @param adjusted p of its errors having been larger than those of the rest then, among the
   *     slices compared
   * @param changeP p of its errors not being larger now than then: one-sided, of mistakes Fisher's
   *     exact test, of losses Welch's; adjusted likewise. NaN without rows on one side
   */
  public record Earlier(SliceFigures figures, double adjusted, double changeP) {}
}
