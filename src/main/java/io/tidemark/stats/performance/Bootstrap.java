package io.tidemark.stats.performance;

import io.tidemark.stats.Moments;
import java.util.function.ToDoubleFunction;

/**
 * The sampling error of figures without a closed form: their spread over samples drawn with
 * replacement from the reference's rows by score and label (Efron, 1979). The seed is fixed, so the
 * same rows give the same error.
 */
final class Bootstrap {
  private static final int SAMPLES = 200;

  /** More rows cost time and change nothing: the spread goes with the root of their number. */
  private static final long MAX_ROWS = 10_000;

  private static final long SEED = 1979;

  private Bootstrap() {}

  static SamplingError of(ScoredRows rows, ToDoubleFunction<ScoredRows> figure) {
    long drawn = Math.min(MAX_ROWS, Math.round(rows.rows()));
    if (drawn == 0) {
      return SamplingError.UNKNOWN;
    }
    double[] upTo = cumulative(rows);
    int[] guide = guide(upTo, Math.round(rows.rows()));
    Draws draws = new Draws(SEED);
    Moments figures = new Moments();
    for (int i = 0; i < SAMPLES; i++) {
      double value = figure.applyAsDouble(sample(rows, upTo, guide, drawn, draws));
      if (!Double.isNaN(value)) {
        figures.add(value);
      }
    }
    return new SamplingError(Math.sqrt(figures.populationVariance() * drawn), 1);
  }

  /** Rows up to each score's negatives and then its positives. */
  private static double[] cumulative(ScoredRows rows) {
    double[] upTo = new double[2 * rows.size()];
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      upTo[2 * i] = sum + rows.negatives(i);
      sum += rows.rows(i);
      upTo[2 * i + 1] = sum;
    }
    return upTo;
  }

  /** Where to begin to look for a row: one entry for each of so many equal parts of the rows. */
  private static int[] guide(double[] upTo, long total) {
    int[] guide = new int[2 * upTo.length];
    int at = 0;
    for (int i = 0; i < guide.length; i++) {
      while (at < upTo.length - 1 && upTo[at] <= (double) total * i / guide.length) {
        at++;
      }
      guide[i] = Math.max(0, at - 1); // whichever way a quotient is rounded
    }
    return guide;
  }

  private static ScoredRows sample(
      ScoredRows rows, double[] upTo, int[] guide, long drawn, Draws draws) {
    double[] counts = new double[rows.size()];
    double[] positives = new double[rows.size()];
    long total = Math.round(rows.rows());
    for (long i = 0; i < drawn; i++) {
      double place = draws.below(total) + .5; // between two whole numbers
      int at = guide[(int) (place * guide.length / total)];
      while (upTo[at] < place) {
        at++;
      }
      counts[at / 2]++;
      positives[at / 2] += at % 2;
    }
    return rows.with(counts, positives);
  }
}
