package io.tidemark.stats;

import static io.tidemark.stats.DetectorRuns.alarms;
import static io.tidemark.stats.DetectorRuns.errors;
import static io.tidemark.stats.DetectorRuns.fifthThenHalf;
import static io.tidemark.stats.DetectorRuns.firstWarnings;
import static io.tidemark.stats.DetectorRuns.oracle;
import static io.tidemark.stats.DetectorRuns.verdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.stats.Detector.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class EddmTest {
  private static final Eddm.Parameters DEFAULT = Eddm.Parameters.DEFAULT;
  private static final Eddm.Parameters OF_MOA = new Eddm.Parameters(30, .95, .9, 0);

  /**
   * River's figures for the first stream are of an earlier version, which divided the variance by n
   * as MOA does; those for the second are of the present one, with n − 1.
   */
  @Test
  void alarmsWhereRiverDoes() throws Exception {
    assertThat(alarms(OF_MOA, oracle("river_np12345_binom02_binom08")))
        .containsExactly(681, 848, 983, 1042, 1089);
    Eddm.Parameters calmer = new Eddm.Parameters(30, .8, .75, 1);
    double[] halfThenSeven = oracle("river_py42_choices01_p07");
    assertThat(alarms(calmer, halfThenSeven)).containsExactly(1278);
    assertThat(firstWarnings(calmer, halfThenSeven)).startsWith(1059);
  }

  @Test
  void alarmsOfAKnownStream() {
    assertThat(alarms(DEFAULT, fifthThenHalf()))
        .containsExactly(242, 418, 617, 773, 942, 1044, 1104, 1185, 1253);
    assertThat(alarms(OF_MOA, fifthThenHalf()))
        .containsExactly(243, 420, 617, 776, 943, 1045, 1106, 1187, 1253);
  }

  /** The distances of every prefix of errors since the last alarm looked at anew. */
  @Test
  void agreesWithTheDefinition() {
    for (Eddm.Parameters parameters :
        List.of(DEFAULT, OF_MOA, new Eddm.Parameters(10, .8, .7, 1))) {
      int found = 0;
      for (long seed = 1; seed <= 6; seed++) {
        double[] outcomes = errors(seed, .3, .4);
        List<Integer> alarms = alarms(parameters, outcomes);
        assertThat(alarms).isEqualTo(alarms(since -> isNear(parameters, since), outcomes));
        found += alarms.size();
      }
      assertThat(found).isPositive();
    }
  }

  private static boolean isNear(Eddm.Parameters parameters, double[] outcomes) {
    if (outcomes[outcomes.length - 1] == 0) {
      return false;
    }
    int errors = 0;
    int last = 0;
    double sum = 0;
    double squares = 0;
    double level = 0;
    double greatest = 0;
    for (int n = 1; n <= outcomes.length; n++) {
      if (outcomes[n - 1] == 1) {
        errors++;
        sum += n - last;
        squares += (n - last) * (n - last);
        last = n;
        double spread = Math.max(0, squares - sum * sum / errors);
        level = sum / errors + 2 * Math.sqrt(spread / Math.max(1, errors - parameters.ddof()));
        greatest = n > parameters.warmUp() ? Math.max(greatest, level) : 0;
      }
    }
    return errors > parameters.warmUp() && level / greatest < parameters.beta();
  }

  @Test
  void aWarningLastsBetweenErrors() {
    double[] outcomes = errors(3, .1, .6);
    Detector eddm = new Eddm.Parameters(30, .95, .01, 1).start();
    int i = 0;
    while (eddm.update(outcomes[i]) == Verdict.NONE) {
      i++;
    }
    assertThat(outcomes[i]).isEqualTo(1);
    assertThat(verdicts(eddm, new double[5])).containsOnly(Verdict.WARNING);
  }

  @Test
  void rejectsParameters() {
    reject("warmUp must be at least 0 but is -1", -1, .95, .9, 1);
    reject("alpha must be above 0 and at most 1 but is 1.5", 30, 1.5, .9, 1);
    reject("beta must be above 0 and at most 1 but is 0.0", 30, .95, 0, 1);
    reject("beta 0.95 must not be above alpha 0.9", 30, .9, .95, 1);
    reject("ddof must be at most 1 but is 2", 30, .95, .9, 2);
  }

  private static void reject(String message, int warmUp, double alpha, double beta, int ddof) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Eddm.Parameters(warmUp, alpha, beta, ddof))
        .withMessage(message);
  }
}
