package io.tidemark.stats.slices;

import io.tidemark.stats.Moments;
import java.util.BitSet;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A slice's errors beside those of the other rows. Of a slice that was chosen for its errors the
 * interval is too high on average, and p too small: what was chosen among is told with {@link
 * WeakSlice#adjusted}.
 *
 * @param size rows
 * @param sum of errors
 * @param mean error, NaN without rows
 * @param lift the mean over that of all rows, NaN where all errors are 0
 * @param lower end of the mean's 95 % interval: of mistakes Wilson's (1927), of losses the normal
 *     one from exact moments, not below 0; NaN where there are too few rows
 * @param upper end of the interval
 * @param p one-sided, of the rest's errors being as large: of mistakes Fisher's exact test, of
 *     losses Welch's (1947), with no smaller a variance than that of all rows, or a slice that
 *     happens to have nearly equal losses would stand out; NaN without rows, in it or beside it
 */
public record SliceFigures(
    int size, double sum, double mean, double lift, double lower, double upper, double p) {
  private static final double Z = NormalDistribution.of(0, 1).inverseSurvivalProbability(0.025);

  /** Of any slice of these rows, found among them or elsewhere. */
  public static SliceFigures of(CodedRows rows, Conjunction slice) {
    return of(rows, rows.where(slice));
  }

  static SliceFigures of(CodedRows rows, BitSet within) {
    return rows.kind() == ErrorKind.MISTAKE ? mistakes(rows, within) : losses(rows, within);
  }

  private static SliceFigures mistakes(CodedRows rows, BitSet within) {
    int size = within.cardinality();
    int all = rows.mistakes().cardinality();
    BitSet wrong = (BitSet) within.clone();
    wrong.and(rows.mistakes());
    int sum = wrong.cardinality();
    double mean = (double) sum / size;
    double centre = (mean + Z * Z / (2.0 * size)) / (1 + Z * Z / size);
    double half =
        Z / (1 + Z * Z / size) * Math.sqrt(mean * (1 - mean) / size + Z * Z / (4.0 * size * size));
    return new SliceFigures(
        size,
        sum,
        mean,
        all == 0 ? Double.NaN : mean / ((double) all / rows.size()),
        sum > 0 ? centre - half : size == 0 ? Double.NaN : 0,
        sum < size ? centre + half : size == 0 ? Double.NaN : 1,
        size == 0 || size == rows.size()
            ? Double.NaN
            : HypergeometricTail.of(rows.size(), all, size, sum));
  }

  private static SliceFigures losses(CodedRows rows, BitSet within) {
    Moments slice = new Moments();
    Moments rest = new Moments();
    for (int row = 0; row < rows.size(); row++) {
      (within.get(row) ? slice : rest).add(rows.error(row));
    }
    Moments all = new Moments();
    all.merge(slice);
    all.merge(rest);
    double half = Z * slice.deviation() / Math.sqrt(slice.count());
    return new SliceFigures(
        within.cardinality(),
        slice.sum(),
        slice.mean(),
        all.max() > 0 ? slice.mean() / all.mean() : Double.NaN,
        Math.max(0, slice.mean() - half),
        slice.mean() + half,
        welch(slice, rest, all.deviation()));
  }

  private static double welch(Moments slice, Moments rest, double deviation) {
    if (slice.count() == 0 || rest.count() == 0) {
      return Double.NaN;
    }
    double one = least(slice, deviation) / Math.sqrt(slice.count());
    double other = least(rest, deviation) / Math.sqrt(rest.count());
    double error = StrictMath.hypot(one, other); // its square may be out of range
    if (!(error > 0)) {
      return 1; // all errors are equal
    }
    double t = (slice.mean() - rest.mean()) / error;
    double share = one / error * (one / error);
    double freedom =
        1
            / (share * share / Math.max(1, slice.count() - 1)
                + (1 - share) * (1 - share) / Math.max(1, rest.count() - 1));
    return TDistribution.of(freedom).survivalProbability(t);
  }

  private static double least(Moments moments, double deviation) {
    return moments.count() < 2 ? deviation : Math.max(moments.deviation(), deviation);
  }
}
