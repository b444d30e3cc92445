package io.tidemark.stats;

/**
 * Mean and standard deviation of a figure over some windows, and the range that is usual by them.
 *
 * @param deviation with n in the denominator, unless it says otherwise where it is made
 * @param count of the figures that count
 */
public record MeanAndDeviation(double mean, double deviation, long count) {
  /** Usual is what lies within so many deviations of the mean (NannyML). */
  private static final double DEVIATIONS = 3;

  /** Of figures; NaN does not count. */
  public static MeanAndDeviation of(double[] values) {
    double sum = 0;
    int count = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        sum += value;
        count++;
      }
    }
    double mean = sum / count;
    double squares = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        squares += (value - mean) * (value - mean);
      }
    }
    return new MeanAndDeviation(mean, Math.sqrt(squares / count), count);
  }

  /** Of figures that were summed exactly. */
  public static MeanAndDeviation of(Moments moments) {
    return new MeanAndDeviation(moments.mean(), moments.populationDeviation(), moments.count());
  }

  /** With n - 1 in the denominator; NaN for fewer than two. */
  public double sampleDeviation() {
    return count < 2 ? Double.NaN : deviation * Math.sqrt(count / (count - 1.0));
  }

  /** The same mean with another deviation. */
  public MeanAndDeviation withDeviation(double other) {
    return new MeanAndDeviation(mean, other, count);
  }

  /** The lower end of what is usual. */
  public double below() {
    return mean - DEVIATIONS * deviation;
  }

  /** The upper end of what is usual. */
  public double above() {
    return mean + DEVIATIONS * deviation;
  }
}
