package io.tidemark.stats;

import static io.tidemark.stats.DetectorRuns.alarms;
import static io.tidemark.stats.DetectorRuns.errors;
import static io.tidemark.stats.DetectorRuns.fifthThenHalf;
import static io.tidemark.stats.DetectorRuns.firstWarnings;
import static io.tidemark.stats.DetectorRuns.oracle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HddmWTest {
  private static final HddmW.Parameters DEFAULT = HddmW.Parameters.DEFAULT;
  private static final HddmW.Parameters TWO_SIDED = new HddmW.Parameters(.001, .005, .05, true);

  @Test
  void alarmsWhereRiverDoes() throws Exception {
    assertThat(alarms(DEFAULT, oracle("river_np12345_binom02_binom08"))).containsExactly(1018);
    double[] halfThenSeven = oracle("river_py42_choices01_p07");
    assertThat(alarms(DEFAULT, halfThenSeven)).containsExactly(1077);
    assertThat(firstWarnings(DEFAULT, halfThenSeven)).startsWith(451);
  }

  /**
   * The rate falls at 1000. An earlier version of River has the one-sided figures for the two-sided
   * test too: its cut of the falling side began at +∞, which no rate exceeds. It begins at -∞ now,
   * and River's own test has the fall.
   */
  @Test
  void alarmsWhereRiverDoesOnBothSides() throws Exception {
    double[] recurrent = oracle("river_np12345_normal_recurrent");
    assertThat(alarms(DEFAULT, recurrent)).containsExactly(507, 1508);
    assertThat(alarms(TWO_SIDED, recurrent)).containsExactly(507, 1032, 1508);
  }

  @Test
  void alarmsOfAKnownStream() {
    assertThat(alarms(DEFAULT, fifthThenHalf())).containsExactly(1046);
  }

  /** The cut sought among all prefixes each time, averages as weighted sums. */
  @Test
  void agreesWithTheDefinition() {
    for (HddmW.Parameters parameters :
        List.of(DEFAULT, TWO_SIDED, new HddmW.Parameters(.01, .02, .2, true))) {
      int found = 0;
      for (long seed = 1; seed <= 3; seed++) {
        double[] outcomes = errors(seed, .2, .7, .1);
        List<Integer> alarms = alarms(parameters, outcomes);
        assertThat(alarms).isEqualTo(alarms(since -> hasChanged(parameters, since), outcomes));
        found += alarms.size();
      }
      assertThat(found).isPositive();
    }
  }

  private static boolean hasChanged(HddmW.Parameters parameters, double[] outcomes) {
    return hasRisen(parameters, outcomes)
        || (parameters.twoSided()
            && hasRisen(parameters, Arrays.stream(outcomes).map(x -> -x).toArray()));
  }

  private static boolean hasRisen(HddmW.Parameters parameters, double[] outcomes) {
    int n = outcomes.length;
    double least = Double.POSITIVE_INFINITY;
    int cut = 0;
    double[] means = averages(outcomes, parameters.lambda());
    for (int i = 1; i <= n; i++) {
      double level = means[i - 1] + bound(squares(i, parameters.lambda()), parameters.alarm());
      if (level < least) {
        least = level;
        cut = i;
      }
    }
    if (cut == n) {
      return false;
    }
    double[] since = averages(Arrays.copyOfRange(outcomes, cut, n), parameters.lambda());
    double squares = squares(cut, parameters.lambda()) + squares(n - cut, parameters.lambda());
    return since[n - cut - 1] - means[cut - 1] > bound(squares, parameters.alarm());
  }

  private static double[] averages(double[] outcomes, double lambda) {
    double[] averages = outcomes.clone();
    for (int i = 1; i < averages.length; i++) {
      averages[i] = lambda * outcomes[i] + (1 - lambda) * averages[i - 1];
    }
    return averages;
  }

  /** λ²·(1 + r + ... + r^(n-1)) + r^n, r = (1 − λ)². */
  private static double squares(int n, double lambda) {
    double ratio = (1 - lambda) * (1 - lambda);
    double rest = Math.pow(ratio, n);
    return lambda * lambda * (1 - rest) / (1 - ratio) + rest;
  }

  private static double bound(double squares, double probability) {
    return Math.sqrt(squares * Math.log(1 / probability) / 2);
  }

  /** An average of 0 is an average: the first error after it counts λ, not 1. */
  @Test
  void aFirstErrorAfterManySuccessesIsNoAlarm() {
    double[] outcomes = new double[200];
    outcomes[150] = 1;
    assertThat(alarms(DEFAULT, outcomes)).isEmpty();
  }

  @Test
  void seesAFallOnlyIfTwoSided() {
    double[] outcomes = errors(5, .9, .1);
    assertThat(alarms(DEFAULT, outcomes)).isEmpty();
    assertThat(alarms(TWO_SIDED, outcomes)).hasSize(1).allMatch(i -> i > 1000 && i < 1060);
  }

  @Test
  void rejectsParameters() {
    reject("alarm must be between 0 and 1 but is 0.0", 0, .005, .05);
    reject("warning must be between 0 and 1 but is 1.0", .001, 1, .05);
    reject("alarm 0.01 must not be above warning 0.005", .01, .005, .05);
    reject("lambda must be above 0 and at most 1 but is 0.0", .001, .005, 0);
  }

  private static void reject(String message, double alarm, double warning, double lambda) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HddmW.Parameters(alarm, warning, lambda, false))
        .withMessage(message);
  }
}
