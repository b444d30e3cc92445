package io.tidemark.stats;

import static io.tidemark.stats.DetectorRuns.alarms;
import static io.tidemark.stats.DetectorRuns.errors;
import static io.tidemark.stats.DetectorRuns.fifthThenHalf;
import static io.tidemark.stats.DetectorRuns.firstWarnings;
import static io.tidemark.stats.DetectorRuns.oracle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class DdmTest {
  private static final Ddm.Parameters DEFAULT = Ddm.Parameters.DEFAULT;

  @Test
  void alarmsWhereRiverDoes() throws Exception {
    assertThat(alarms(DEFAULT, oracle("river_np12345_binom02_binom08"))).containsExactly(1049);
    double[] halfThenSeven = oracle("river_py42_choices01_p07");
    assertThat(alarms(DEFAULT, halfThenSeven)).containsExactly(1334);
    assertThat(firstWarnings(DEFAULT, halfThenSeven)).containsExactly(1084, 1492);
  }

  @Test
  void alarmsOfAKnownStream() {
    assertThat(alarms(DEFAULT, fifthThenHalf())).containsExactly(1107, 1261);
  }

  /** Every prefix since the last alarm looked at anew. */
  @Test
  void agreesWithTheDefinition() {
    for (Ddm.Parameters parameters : List.of(DEFAULT, new Ddm.Parameters(5, 1, 1.5))) {
      int found = 0;
      for (long seed = 1; seed <= 6; seed++) {
        double[] outcomes = errors(seed, .2, .3);
        List<Integer> alarms = alarms(parameters, outcomes);
        assertThat(alarms).isEqualTo(alarms(since -> isAbove(parameters, since), outcomes));
        found += alarms.size();
      }
      assertThat(found).isPositive();
    }
  }

  private static boolean isAbove(Ddm.Parameters parameters, double[] outcomes) {
    double level = 0;
    double least = Double.POSITIVE_INFINITY;
    double limit = Double.POSITIVE_INFINITY;
    double errors = 0;
    for (int n = 1; n <= outcomes.length; n++) {
      errors += outcomes[n - 1];
      double p = errors / n;
      double s = Math.sqrt(p * (1 - p) / n);
      level = p + s;
      if (n > parameters.warmUp() && level <= least) {
        least = level;
        limit = p + parameters.alarm() * s;
      }
    }
    return level > limit;
  }

  @Test
  void theFirstErrorAfterAFlawlessWarmUpIsAnAlarm() {
    double[] outcomes = new double[100];
    outcomes[60] = 1;
    assertThat(alarms(DEFAULT, outcomes)).containsExactly(60);
    double[] early = new double[100];
    early[29] = 1;
    assertThat(alarms(DEFAULT, early)).isEmpty();
  }

  @Test
  void rejectsParameters() {
    reject("warmUp must be at least 0 but is -1", -1, 2, 3);
    reject("warn must be above 0 and finite, not 0.0", 30, 0, 3);
    reject("alarm must be above 0 and finite, not Infinity", 30, 2, Double.POSITIVE_INFINITY);
    reject("warn 4.0 must not be above alarm 3.0", 30, 4, 3);
  }

  private static void reject(String message, int warmUp, double warn, double alarm) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ddm.Parameters(warmUp, warn, alarm))
        .withMessage(message);
  }
}
