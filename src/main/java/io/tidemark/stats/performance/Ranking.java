package io.tidemark.stats.performance;

/** How well scores put positives above negatives. NaN where a class is missing. */
final class Ranking {
  private Ranking() {}

  /**
   * The area under the ROC curve, the trapezoid over the different scores: the share of (positive,
   * negative) pairs in which the positive scores higher, ties counting half. Where scores are
   * pooled, all pairs within a bin may be on either side: the bound is half their share.
   */
  static Measured rocAuc(ScoredRows rows) {
    double pairs = rows.positives() * rows.negatives();
    if (!(pairs > 0)) {
      return Measured.UNDEFINED;
    }
    double twice = 0; // whole numbers, exact below 2^53
    double tied = 0;
    double below = 0;
    for (int i = 0; i < rows.size(); i++) {
      twice += rows.positives(i) * (2 * below + rows.negatives(i));
      tied += rows.positives(i) * rows.negatives(i);
      below += rows.negatives(i);
    }
    return new Measured(twice / (2 * pairs), rows.exact() ? 0 : tied / (2 * pairs));
  }

  /**
   * Average precision: over the different scores from the top, the recall gained times the
   * precision reached. Rows of one score count as one step, for labels as for expectations (NannyML
   * takes expected rows one by one). Where scores are pooled, the precision is the mean over the
   * bin's rows as if its positives were evenly spread; at each it lies between that with all the
   * bin's negatives above and that with none.
   */
  static Measured averagePrecision(ScoredRows rows) {
    double positives = rows.positives();
    if (!(positives > 0)) {
      return Measured.UNDEFINED;
    }
    double sum = 0;
    double doubt = 0;
    double found = 0;
    double seen = 0;
    for (int i = rows.size() - 1; i >= 0; i--) {
      double gained = rows.positives(i);
      double foundNow = found + gained;
      double seenNow = seen + rows.rows(i);
      if (gained > 0 && rows.exact()) {
        sum += gained * foundNow / seenNow;
      } else if (gained > 0) {
        double others = seen - found;
        double first = found + Math.min(1, gained);
        double best = foundNow / (foundNow + others);
        double worst = first / (first + others + rows.negatives(i));
        double between = meanPrecision(found, seen, gained, rows.rows(i));
        double precision = Math.max(worst, Math.min(best, between));
        sum += gained * precision;
        doubt += gained * Math.max(best - precision, precision - worst);
      }
      found = foundNow;
      seen = seenNow;
    }
    return new Measured(sum / positives, doubt / positives);
  }

  /** The mean of (found + u·gained) / (seen + u·rows) for u from 0 to 1. */
  private static double meanPrecision(double found, double seen, double gained, double rows) {
    double share = gained / rows;
    return seen == 0
        ? share
        : share + (found - seen * share) / rows * StrictMath.log1p(rows / seen);
  }
}
