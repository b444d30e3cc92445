package io.tidemark.stats.performance;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Fits a {@link Calibrator} on labelled rows by score. The isotonic function is used if on rows
 * held out of its fit the calibration error ({@link Reliability}) is below that of the scores as
 * they are, after NannyML. None where all labels are of one class or the AUC is above .999.
 *
 * <p>NannyML holds out ten stratified random tenths, which may overlap, and so depends on the order
 * of rows. Here each row falls in one of ten folds by a seeded draw that depends only on how many
 * rows of which score and label there are: each is held out once, the errors are taken over all of
 * them together as there, and the decision is a function of the multiset. The two may decide
 * differently where calibration hardly matters.
 */
public final class Calibration {
  private static final double SEPARATED = .999;
  private static final int FOLDS = 10;
  private static final long SEED = 42;

  private Calibration() {}

  /** The calibrator of labelled rows. */
  public static Calibrator fit(ScoredRows rows) {
    if (!(rows.positives() > 0 && rows.negatives() > 0)) {
      return Calibrator.identity(Calibrator.Reason.ONE_CLASS);
    }
    if (Ranking.rocAuc(rows).value() > SEPARATED) {
      return Calibrator.identity(Calibrator.Reason.SEPARATED);
    }
    double raw = Reliability.of(rows).ece();
    double calibrated = Reliability.of(heldOut(rows)).ece();
    return calibrated < raw
        ? Calibrator.isotonic(Isotonic.fit(rows))
        : Calibrator.identity(Calibrator.Reason.NO_BETTER);
  }

  /** A share of the rows that were calibrated without them. */
  private record Held(double calibrated, double rows, double positives) {}

  /** The rows by the probability that the other folds' function gives them. */
  static ScoredRows heldOut(ScoredRows rows) {
    int size = rows.size();
    double[][] foldRows = new double[FOLDS][size];
    double[][] foldPositives = new double[FOLDS][size];
    Draws draws = new Draws(SEED);
    for (int i = 0; i < size; i++) {
      for (long row = 0; row < (long) rows.rows(i); row++) {
        int fold = (int) draws.below(FOLDS);
        foldRows[fold][i]++;
        foldPositives[fold][i] += row < rows.positives(i) ? 1 : 0;
      }
    }
    Held[] held = new Held[FOLDS * size];
    int used = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      double[] otherRows = new double[size];
      double[] otherPositives = new double[size];
      for (int i = 0; i < size; i++) {
        otherRows[i] = rows.rows(i) - foldRows[fold][i];
        otherPositives[i] = rows.positives(i) - foldPositives[fold][i];
      }
      ScoredRows others = rows.with(otherRows, otherPositives);
      if (others.rows() == 0) {
        continue; // all of very few rows in one fold: nothing to fit on
      }
      Isotonic function = Isotonic.fit(others);
      for (int i = 0; i < size; i++) {
        if (foldRows[fold][i] > 0) {
          double calibrated = function.at(rows.score(i));
          held[used++] = new Held(calibrated, foldRows[fold][i], foldPositives[fold][i]);
        }
      }
    }
    return byScore(Arrays.copyOf(held, used));
  }

  private static ScoredRows byScore(Held[] held) {
    Arrays.sort(held, Comparator.comparingDouble(Held::calibrated));
    double[] scores = new double[held.length];
    double[] rows = new double[held.length];
    double[] positives = new double[held.length];
    int used = 0;
    for (Held part : held) {
      if (used == 0 || part.calibrated() != scores[used - 1]) {
        scores[used++] = part.calibrated();
      }
      rows[used - 1] += part.rows();
      positives[used - 1] += part.positives();
    }
    return new ScoredRows(
        Arrays.copyOf(scores, used), Arrays.copyOf(rows, used), Arrays.copyOf(positives, used), 0);
  }
}
