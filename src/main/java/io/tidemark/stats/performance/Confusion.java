package io.tidemark.stats.performance;

/**
 * The four cells of a binary confusion matrix: counts, or counts to be expected, which need not be
 * whole. A figure whose denominator is 0 is NaN: nothing was predicted, or nothing was there to be
 * found. (NannyML's realised figures are NaN as well where labels or predictions are all of one
 * class; scikit-learn says 0 and warns.)
 *
 * @param tp rows predicted positive that are
 * @param fp rows predicted positive that are not
 * @param fn rows predicted negative that are positive
 * @param tn rows predicted negative that are
 */
public record Confusion(double tp, double fp, double fn, double tn) {
  public double rows() {
    return tp + fp + fn + tn;
  }

  public double positives() {
    return tp + fn;
  }

  public double negatives() {
    return fp + tn;
  }

  public double predicted() {
    return tp + fp;
  }

  /** Share of the rows that were predicted right. */
  public double accuracy() {
    return (tp + tn) / rows();
  }

  /** Share of those predicted positive that are. */
  public double precision() {
    return tp / predicted();
  }

  /** Share of the positives that were found. */
  public double recall() {
    return tp / positives();
  }

  /** Share of the negatives that were predicted so. */
  public double specificity() {
    return tn / negatives();
  }

  /** Harmonic mean of precision and recall: 0 without a true positive if there was an error. */
  public double f1() {
    return 2 * tp / (2 * tp + fp + fn);
  }
}
