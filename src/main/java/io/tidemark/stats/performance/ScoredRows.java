package io.tidemark.stats.performance;

import java.util.Arrays;

/**
 * Rows by score, ascending, and how many of them are positive or expected to be. What every figure
 * that depends on scores is read from.
 */
public final class ScoredRows {
  private final double[] scores;
  private final double[] rows;
  private final double[] positives;
  private final double relativeError;
  private final double totalRows;
  private final double totalPositives;

  /**
   * The arrays belong to the new object; each score has rows.
   *
   * @param relativeError by how much scores may be off, as a share of the distance to the nearer of
   *     0 and 1; 0: exact
   */
  ScoredRows(double[] scores, double[] rows, double[] positives, double relativeError) {
    this.scores = scores;
    this.rows = rows;
    this.positives = positives;
    this.relativeError = relativeError;
    totalRows = Arrays.stream(rows).sum();
    totalPositives = Arrays.stream(positives).sum();
  }

  int size() {
    return scores.length;
  }

  double score(int i) {
    return scores[i];
  }

  double rows(int i) {
    return rows[i];
  }

  double positives(int i) {
    return positives[i];
  }

  double negatives(int i) {
    return rows[i] - positives[i];
  }

  public double rows() {
    return totalRows;
  }

  public double positives() {
    return totalPositives;
  }

  public double negatives() {
    return totalRows - totalPositives;
  }

  /** Whether every score is as it was. */
  public boolean exact() {
    return relativeError == 0;
  }

  double relativeError() {
    return relativeError;
  }

  /** Other counts of these scores; those without rows are left out. */
  ScoredRows with(double[] otherRows, double[] otherPositives) {
    double[] keptScores = new double[scores.length];
    double[] keptRows = new double[scores.length];
    double[] keptPositives = new double[scores.length];
    int kept = 0;
    for (int i = 0; i < scores.length; i++) {
      if (otherRows[i] > 0) {
        keptScores[kept] = scores[i];
        keptRows[kept] = otherRows[i];
        keptPositives[kept++] = otherPositives[i];
      }
    }
    return new ScoredRows(
        Arrays.copyOf(keptScores, kept),
        Arrays.copyOf(keptRows, kept),
        Arrays.copyOf(keptPositives, kept),
        relativeError);
  }
}
