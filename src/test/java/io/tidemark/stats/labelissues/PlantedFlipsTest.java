package io.tidemark.stats.labelissues;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Flips are found as far as scores tell classes apart. Rows have calibrated scores: the softmax of
 * normal deviates times a separation, and the true class is drawn by them; then some labels are
 * flipped to another class. What the model is wrong about looks like a flip, so precision asks for
 * an error rate well below the flips', and recall for few rows near one half.
 */
class PlantedFlipsTest {
  private record Found(double recall, double precision, double modelError) {}

  private static Found found(
      int classes, int rows, double separation, double flips, long seed, LabelFilter filter) {
    Random random = new Random(seed);
    LabelledRows drawn = new LabelledRows(classes);
    Set<Integer> planted = new HashSet<>();
    double modelErrors = 0;
    for (int i = 0; i < rows; i++) {
      double[] scores = new double[classes];
      double sum = 0;
      for (int code = 0; code < classes; code++) {
        scores[code] = StrictMath.exp(separation * random.nextGaussian());
        sum += scores[code];
      }
      double place = random.nextDouble();
      int actual = -1;
      double largest = 0;
      for (int code = 0; code < classes; code++) {
        scores[code] /= sum;
        largest = Math.max(largest, scores[code]);
        actual = actual < 0 && (place < scores[code] || code == classes - 1) ? code : actual;
        place -= scores[code];
      }
      modelErrors += 1 - largest;
      if (random.nextDouble() < flips) {
        actual = (actual + 1 + random.nextInt(classes - 1)) % classes;
        planted.add(i);
      }
      drawn.add(actual, scores);
    }
    Set<String> issues = drawn.issues(filter);
    double hits = 0;
    for (int row : planted) {
      hits += issues.contains(drawn.rows().get(row).name()) ? 1 : 0;
    }
    return new Found(hits / planted.size(), hits / issues.size(), modelErrors / rows);
  }

  private static void foundWell(int classes, double separation, double flips, LabelFilter filter) {
    for (long seed = 1; seed <= 3; seed++) {
      Found found = found(classes, 20_000, separation, flips, seed, filter);
      assertThat(found.recall()).as("recall %s", found).isGreaterThanOrEqualTo(.9);
      assertThat(found.precision()).as("precision %s", found).isGreaterThanOrEqualTo(.9);
    }
  }

  /** The model errs on 2.4 %, 4.5 % and 2.2 % of rows: about a quarter of the flips, or half. */
  @Test
  void whereTheModelErrsMuchLessThanLabels() {
    foundWell(2, 16, .1, LabelFilter.PRUNE_BY_NOISE_RATE);
    foundWell(4, 16, .2, LabelFilter.PRUNE_BY_NOISE_RATE);
    foundWell(4, 32, .1, LabelFilter.PRUNE_BY_NOISE_RATE);
    foundWell(4, 32, .1, LabelFilter.BOTH);
  }

  /** It takes fewer rows, and is right more often: flips may be as rare as the model's errors. */
  @Test
  void confidentLearningWhereFlipsAreRarer() {
    foundWell(2, 16, .05, LabelFilter.CONFIDENT_LEARNING);
    foundWell(2, 32, .02, LabelFilter.CONFIDENT_LEARNING);
  }

  /** The model errs on 9 %: most of what contradicts it is its own mistake. */
  @Test
  void notWhereTheModelErrsMoreThanLabels() {
    for (LabelFilter filter : LabelFilter.values()) {
      assertThat(found(2, 20_000, 4, .05, 1, filter).precision()).isBetween(.3, .7);
    }
  }
}
