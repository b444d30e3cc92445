package io.tidemark.stats;

import static io.tidemark.stats.DetectorRuns.alarms;
import static io.tidemark.stats.DetectorRuns.errors;
import static io.tidemark.stats.DetectorRuns.fifthThenHalf;
import static io.tidemark.stats.DetectorRuns.oracle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageHinkleyTest {
  private static final PageHinkley.Parameters DEFAULT = PageHinkley.Parameters.DEFAULT;

  @Test
  void alarmsWhereRiverDoes() throws Exception {
    assertThat(alarms(DEFAULT, oracle("river_py12345_choices01_4to7"))).startsWith(1006);
  }

  @Test
  void alarmsOfAKnownStream() {
    assertThat(alarms(DEFAULT, fifthThenHalf())).containsExactly(1191);
  }

  /** Both sums of every prefix, written out. */
  @Test
  void agreesWithTheDefinition() {
    for (PageHinkley.Parameters parameters :
        List.of(
            new PageHinkley.Parameters(30, .005, 20, .9999),
            new PageHinkley.Parameters(100, .05, 8, .98),
            new PageHinkley.Parameters(1, 0, 15, 1))) {
      int found = 0;
      for (long seed = 1; seed <= 3; seed++) {
        for (double[] values : List.of(errors(seed, .2, .6, .1), Streams.sumsOfFour(seed, 1500))) {
          List<Integer> alarms = alarms(parameters, values);
          assertThat(alarms).isEqualTo(alarms(since -> isAbove(parameters, since), values));
          found += alarms.size();
        }
      }
      assertThat(found).as("alarms of %s", parameters).isPositive();
    }
  }

  private static boolean isAbove(PageHinkley.Parameters parameters, double[] values) {
    if (values.length < parameters.minInstances()) {
      return false;
    }
    double[] rise = new double[values.length];
    double[] fall = new double[values.length];
    double total = 0;
    for (int i = 0; i < values.length; i++) {
      total += values[i];
      double deviation = values[i] - total / (i + 1);
      rise[i] = parameters.alpha() * (i == 0 ? 0 : rise[i - 1]) + deviation - parameters.delta();
      fall[i] = parameters.alpha() * (i == 0 ? 0 : fall[i - 1]) + deviation + parameters.delta();
    }
    int last = values.length - 1;
    return rise[last] - Samples.min(rise) > parameters.threshold()
        || Samples.max(fall) - fall[last] > parameters.threshold();
  }

  @Test
  void seesAFall() {
    assertThat(alarms(DEFAULT, errors(5, .6, .2))).hasSize(1).allMatch(i -> i > 1000 && i < 1300);
  }

  @Test
  void mayAlarmFromTheLeastNumberOfValuesOn() {
    double[] step = new double[40];
    for (int i = 10; i < step.length; i++) {
      step[i] = 1000;
    }
    assertThat(alarms(DEFAULT, step)).startsWith(29);
    assertThat(alarms(new PageHinkley.Parameters(1, .005, 50, 1), step)).startsWith(10);
  }

  @Test
  void rejectsParameters() {
    reject("minInstances must be at least 1 but is 0", 0, .005, 50, .9999);
    reject("delta must be 0 or above, to 1e100, but is -0.1", 30, -.1, 50, .9999);
    reject("delta must be 0 or above, to 1e100, but is NaN", 30, Double.NaN, 50, .9999);
    reject("threshold must be above 0 and finite, not 0.0", 30, .005, 0, .9999);
    reject("alpha must be above 0 and at most 1 but is 1.1", 30, .005, 50, 1.1);
  }

  private static void reject(
      String message, int minInstances, double delta, double threshold, double alpha) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PageHinkley.Parameters(minInstances, delta, threshold, alpha))
        .withMessage(message);
  }
}
