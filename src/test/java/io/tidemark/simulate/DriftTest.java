package io.tidemark.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.simulate.SimulatedLog.Options;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of drift moves what it is said to move, when it is said to, and nothing else. */
class DriftTest {
  private static final int HALF = 6;

  @TempDir Path folder;

  private SimulatedLog write(String yaml, Options options) throws Exception {
    return SimulatedLog.write(
        folder.resolve("log" + options.hashCode() + yaml.hashCode()), yaml, "parquet", options);
  }

  private static double odds(double share) {
    return share / (1 - share);
  }

  private static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElseThrow();
  }

  @Test
  void withoutDriftEveryWindowIsLikeTheReference() throws Exception {
    SimulatedLog log = write(SimulatedLog.BINARY, Options.rows(60_000).drift().clean());
    assertThat(log.truth().get("planted")).isEmpty();
    assertThat(log.truth().get("stationary")).hasSize(9);
    double reference = log.number("select avg(age) from REFERENCE");
    double deviation = log.number("select stddev(age) from REFERENCE");
    for (double mean : log.numbers("select avg(age) from EVENTS group by w")) {
      assertThat(mean).isCloseTo(reference, within(.07 * deviation));
    }
  }

  @Test
  void aPriorShiftMovesClassesAndKeepsScoresOfAClass() throws Exception {
    SimulatedLog log = write(SimulatedLog.BINARY, Options.rows(120_000).drift(Drift.PRIOR).clean());
    double[] ones = log.numbers("select avg((truth = '1')::int) from EVENTS group by w order by w");
    double before = mean(ones, 0, HALF);
    double after = mean(ones, HALF, 12);
    assertThat(StrictMath.log(odds(after) / odds(before))).isCloseTo(1, within(.06));
    for (String truth : new String[] {"0", "1"}) {
      for (String measure :
          new String[] {"avg(p)", "stddev(p)", "avg(age)", "avg((h = 'h_a')::int)"}) {
        String sql = "select " + measure + " from EVENTS where truth = '" + truth + "' and w ";
        double was = log.number(sql + "< 6");
        assertThat(log.number(sql + ">= 6")).as(truth + measure).isCloseTo(was, within(.02 * was));
      }
    }
    assertThat(log.truth().get("planted").toString())
        .contains("\"field\":\"label\",\"kind\":\"prior_shift\"", "\"size\":1.0,\"value\":\"1\"");
    assertThat(log.truth().get("stationary")).isEmpty();
  }

  @Test
  void aPriorShiftFavoursOneClassOfManyAndHighValues() throws Exception {
    for (String[] task :
        new String[][] {
          {SimulatedLog.MULTICLASS, "truth = 'owl'"}, {SimulatedLog.REGRESSION, "truth > 100"}
        }) {
      SimulatedLog log = write(task[0], Options.rows(60_000).drift(Drift.PRIOR).clean());
      String share = "select avg((" + task[1] + ")::int) from EVENTS where w ";
      double before = log.number(share + "< 6");
      double after = log.number(share + ">= 6");
      assertThat(StrictMath.log(odds(after) / odds(before))).isCloseTo(1, within(.08));
    }
  }

  @Test
  void conceptDriftTouchesNothingButTheTruth() throws Exception {
    SimulatedLog still = write(SimulatedLog.BINARY, Options.rows(60_000).drift());
    SimulatedLog log = write(SimulatedLog.BINARY, Options.rows(60_000).drift(Drift.CONCEPT));
    String rows = "select count(*), sum(hash(row)::hugeint) from (%s) row";
    String inputs = rows.formatted("select * exclude (truth) from EVENTS");
    assertThat(log.query(inputs)).isEqualTo(still.query(inputs));
    String all = rows.formatted("select * from EVENTS");
    assertThat(log.query(all)).isNotEqualTo(still.query(all));
    String reference = rows.formatted("select * from REFERENCE");
    assertThat(log.query(reference)).isEqualTo(still.query(reference));
    String accuracy = "select avg((truth = guess)::int) from EVENTS where w ";
    double before = log.number(accuracy + "< 6");
    assertThat(before).isGreaterThan(.6);
    assertThat(log.number(accuracy + ">= 6"))
        .isCloseTo(before - .3 * (2 * before - 1), within(.01));
    assertThat(log.truth().get("stationary")).hasSize(9);
  }

  @Test
  void conceptDriftLowersWhatOtherTasksAreWorth() throws Exception {
    SimulatedLog classes =
        write(SimulatedLog.MULTICLASS, Options.rows(20_000).drift(Drift.CONCEPT));
    String accuracy = "select avg((truth = guess)::int) from EVENTS where w ";
    assertThat(classes.number(accuracy + ">= 6"))
        .isLessThan(classes.number(accuracy + "< 6") - .02);
    SimulatedLog values = write(SimulatedLog.REGRESSION, Options.rows(20_000).drift(Drift.CONCEPT));
    String error = "select avg(abs(truth - y)) from EVENTS where w ";
    assertThat(values.number(error + ">= 6")).isGreaterThan(1.3 * values.number(error + "< 6"));
  }

  @Test
  void aGradualChangeGrows() throws Exception {
    Options options =
        Options.rows(60_000).drift(Drift.COVARIATE, Drift.CONCEPT).pattern(Pattern.GRADUAL);
    SimulatedLog log = write(SimulatedLog.BINARY, options.size(1));
    double[] a =
        log.numbers("select avg(age) from EVENTS where \"at\" is not null group by w order by w");
    double step = log.number("select stddev(age) from REFERENCE") / 12;
    for (int window = HALF; window < 12; window++) {
      assertThat(a[window]).isGreaterThan(a[window - 1] + step);
    }
    double[] accuracy =
        log.numbers(
            "select avg((truth = guess)::int) from EVENTS where \"at\" is not null group by w order by w");
    for (int window = HALF; window < 12; window++) {
      assertThat(accuracy[window]).isLessThan(accuracy[window - 1]);
    }
    assertThat(accuracy[11])
        .as("all turned round")
        .isCloseTo(1 - mean(accuracy, 0, HALF), within(.04));
    JsonNode planted = log.truth().get("planted").get(0);
    assertThat(planted.get("pattern").asText()).isEqualTo("gradual");
    assertThat(planted.get("by_window")).hasSize(6);
    assertThat(planted.get("by_window").get(2).get("size").asDouble()).isEqualTo(.5);
    assertThat(planted.get("by_window").get(5).get("size").asDouble()).isEqualTo(1);
  }

  @Test
  void aRecurringChangeComesBack() throws Exception {
    Options options = Options.rows(60_000).drift(Drift.COVARIATE, Drift.PRIOR);
    SimulatedLog log = write(SimulatedLog.BINARY, options.pattern(Pattern.RECURRING).clean());
    double[] a = log.numbers("select avg(age) from EVENTS group by w order by w");
    double[] ones = log.numbers("select avg((truth = '1')::int) from EVENTS group by w order by w");
    double deviation = log.number("select stddev(age) from REFERENCE");
    for (int window = HALF; window < 12; window++) {
      boolean on = (window - HALF) % 2 == 0;
      double shift = (a[window] - mean(a, 0, HALF)) / deviation;
      assertThat(shift > .25).as(window + " " + shift).isEqualTo(on);
      assertThat(ones[window] - mean(ones, 0, HALF) > .1).as("window " + window).isEqualTo(on);
    }
    assertThat(log.truth().get("planted").get(0).get("by_window"))
        .extracting(window -> window.get("size").asDouble())
        .containsExactly(.5, 0.0, .5, 0.0, .5, 0.0);
  }

  @Test
  void sizeMovesAFeatureBySoManyDeviations() throws Exception {
    SimulatedLog log =
        write(SimulatedLog.BINARY, Options.rows(60_000).drift(Drift.COVARIATE).size(2).clean());
    double mean = log.number("select avg(age) from REFERENCE");
    double deviation = log.number("select stddev(age) from REFERENCE");
    double after = log.number("select avg(age) from EVENTS where w >= 6");
    assertThat((after - mean) / deviation).isCloseTo(2, within(.05));
  }
}
