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

class HddmATest {
  private static final HddmA.Parameters DEFAULT = HddmA.Parameters.DEFAULT;
  private static final HddmA.Parameters TWO_SIDED = new HddmA.Parameters(.001, .005, true);

  @Test
  void alarmsWhereRiverDoes() throws Exception {
    assertThat(alarms(DEFAULT, oracle("river_np12345_binom02_binom08"))).containsExactly(1047);
    double[] halfThenSeven = oracle("river_py42_choices01_p07");
    assertThat(alarms(DEFAULT, halfThenSeven)).containsExactly(1206);
    assertThat(firstWarnings(DEFAULT, halfThenSeven)).startsWith(451);
    assertThat(alarms(TWO_SIDED, oracle("river_np12345_normal_recurrent")))
        .containsExactly(531, 1015, 1545);
  }

  @Test
  void alarmsOfAKnownStream() {
    assertThat(alarms(DEFAULT, fifthThenHalf())).containsExactly(1046);
  }

  /** The best and the worst beginning sought among all prefixes each time. */
  @Test
  void agreesWithTheDefinition() {
    for (HddmA.Parameters parameters :
        List.of(DEFAULT, TWO_SIDED, new HddmA.Parameters(.2, .5, true))) {
      int found = 0;
      for (long seed = 1; seed <= 4; seed++) {
        double[] outcomes = errors(seed, .3, .6, .4);
        List<Integer> alarms = alarms(parameters, outcomes);
        assertThat(alarms).isEqualTo(alarms(since -> hasChanged(parameters, since), outcomes));
        found += alarms.size();
      }
      assertThat(found).isPositive();
    }
  }

  private static boolean hasChanged(HddmA.Parameters parameters, double[] outcomes) {
    return hasRisen(parameters, outcomes)
        || (parameters.twoSided()
            && hasRisen(parameters, Arrays.stream(outcomes).map(x -> -x).toArray()));
  }

  private static boolean hasRisen(HddmA.Parameters parameters, double[] outcomes) {
    int n = outcomes.length;
    double least = Double.POSITIVE_INFINITY;
    double best = 0;
    int at = 0;
    double sum = 0;
    for (int i = 1; i <= n; i++) {
      sum += outcomes[i - 1];
      double level = sum / i + Math.sqrt(Math.log(1 / parameters.alarm()) / (2 * i));
      if (level <= least) {
        least = level;
        best = sum / i;
        at = i;
      }
    }
    double m = (double) (n - at) / at / n;
    return at < n && sum / n - best >= Math.sqrt(m / 2 * Math.log(2 / parameters.alarm()));
  }

  @Test
  void seesAFallOnlyIfTwoSided() {
    double[] outcomes = errors(5, .6, .2);
    assertThat(alarms(DEFAULT, outcomes)).isEmpty();
    assertThat(alarms(TWO_SIDED, outcomes)).hasSize(1).allMatch(i -> i > 1000 && i < 1100);
  }

  @Test
  void rejectsParameters() {
    reject("alarm must be between 0 and 1 but is 0.0", 0, .005);
    reject("warning must be between 0 and 1 but is 1.0", .001, 1);
    reject("alarm 0.01 must not be above warning 0.005", .01, .005);
  }

  private static void reject(String message, double alarm, double warning) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HddmA.Parameters(alarm, warning, false))
        .withMessage(message);
  }
}
