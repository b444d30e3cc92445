package io.tidemark.stats.performance;

/** Mean losses of scores against what came true. NaN without rows. */
final class Losses {
  /** The distance from 0 and 1 that a probability is taken to keep: scikit-learn's for doubles. */
  static final double EPSILON = Math.ulp(1.0);

  /** What a row costs. */
  interface Loss {
    double of(double score, boolean positive);
  }

  private Losses() {}

  /** -ln of the probability given to what came true, which counts as at least 2^-52. */
  static double log(double score, boolean positive) {
    return log(positive ? score : 1 - score);
  }

  static double log(double probabilityOfTruth) {
    double clipped = Math.max(EPSILON, Math.min(1 - EPSILON, probabilityOfTruth));
    return -StrictMath.log(clipped);
  }

  static double square(double score, boolean positive) {
    double error = positive ? 1 - score : score;
    return error * error;
  }

  /** Mean {@link #log} loss. The bound is that of a logarithm whose argument is off by a share. */
  static Measured logLoss(ScoredRows rows) {
    return rows.rows() == 0
        ? Measured.UNDEFINED
        : new Measured(mean(rows, Losses::log), -Math.log1p(-rows.relativeError()));
  }

  /** Brier score. A square is off by at most twice what the score is. */
  static Measured brier(ScoredRows rows) {
    return rows.rows() == 0
        ? Measured.UNDEFINED
        : new Measured(mean(rows, Losses::square), rows.relativeError());
  }

  static double mean(ScoredRows rows, Loss loss) {
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      sum += rows.positives(i) * loss.of(rows.score(i), true);
      sum += rows.negatives(i) * loss.of(rows.score(i), false);
    }
    return sum / rows.rows();
  }

  /** Standard deviation of the rows' losses (divisor n). */
  static double deviation(ScoredRows rows, Loss loss) {
    double mean = mean(rows, loss);
    return Math.sqrt(
        mean(
            rows,
            (score, positive) -> {
              double off = loss.of(score, positive) - mean;
              return off * off;
            }));
  }
}
