package io.tidemark.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.simulate.SimulatedLog.Options;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log is like besides drift: calibrated, correlated, seasonal. */
class LogShapeTest {
  @TempDir Path folder;

  private SimulatedLog write(String yaml, Options options) throws Exception {
    return SimulatedLog.write(folder, yaml, "parquet", options);
  }

  @Test
  void binaryScoresAreCalibrated() throws Exception {
    SimulatedLog log = write(SimulatedLog.BINARY, Options.rows(100_000).drift(Drift.COVARIATE));
    for (String part : List.of("REFERENCE", "EVENTS where p is not null")) {
      calibrated(log, "p", "'1'", part);
    }
  }

  @Test
  void multiclassScoresSumToOneAndAreCalibrated() throws Exception {
    SimulatedLog log = write(SimulatedLog.MULTICLASS, Options.rows(100_000).drift());
    assertThat(log.number("select max(abs(p_cat + p_dog + p_owl - 1)) from EVENTS"))
        .isLessThan(1e-12);
    for (String name : List.of("cat", "dog", "owl")) {
      calibrated(log, "p_" + name, "'" + name + "'", "REFERENCE");
      assertThat(log.number("select avg((guess = '" + name + "')::int) from REFERENCE"))
          .as("every class is predicted")
          .isGreaterThan(.05);
    }
    assertThat(
            log.number(
                "select count(*) from EVENTS where guess <> case greatest(p_cat, p_dog, p_owl) when"
                    + " p_cat then 'cat' when p_dog then 'dog' else 'owl' end"))
        .isZero();
  }

  private static void calibrated(SimulatedLog log, String score, String name, String part)
      throws Exception {
    String sql =
        String.format(
            Locale.ROOT,
            "select avg(%s) - avg((truth = %s)::int), count(*) from %s group by floor(10 * %s)",
            score,
            name,
            part,
            score);
    for (List<String> bin : log.query(sql)) {
      double error = Double.parseDouble(bin.get(0));
      assertThat(error).isCloseTo(0, within(2.5 / Math.sqrt(Double.parseDouble(bin.get(1)))));
    }
  }

  @Test
  void regressionValuesAreMeansOfTheirTruths() throws Exception {
    SimulatedLog log = write(SimulatedLog.REGRESSION, Options.rows(50_000).drift());
    String errors =
        "select avg(truth - y) from REFERENCE group by floor(y / 20) having count(*) > 500";
    for (double error : log.numbers(errors)) {
      assertThat(error).isCloseTo(0, within(1.5));
    }
    assertThat(log.number("select stddev(truth - y) from REFERENCE")).isCloseTo(10, within(.2));
  }

  @Test
  void featuresThatShareAFactorCorrelate() throws Exception {
    double rho = .6;
    SimulatedLog log = write(SimulatedLog.BINARY, Options.rows(50_000).correlation(rho).clean());
    List<List<String>> factors = new ArrayList<>();
    log.truth()
        .get("correlation")
        .get("factors")
        .forEach(
            factor -> {
              factors.add(new ArrayList<>());
              factor.forEach(name -> factors.get(factors.size() - 1).add(name.asText()));
            });
    assertThat(factors).hasSize(3).allMatch(factor -> factor.size() == 2);
    // What a rank correlation is where values are normal with this correlation.
    double ranked = 6 / Math.PI * Math.asin(rho / 2);
    MonitoringSpec spec = SimulatedLog.spec(SimulatedLog.BINARY, "parquet");
    List<Field> smooth =
        spec.features().stream()
            .filter(Field::numeric)
            .filter(field -> NumericFeature.of(field, 1, 1, 9).shape() < 3)
            .toList();
    int pairs = 0;
    for (Field one : smooth) {
      for (Field other : smooth) {
        if (one.name().compareTo(other.name()) < 0) {
          boolean shared =
              factors.stream()
                  .anyMatch(names -> names.contains(one.name()) && names.contains(other.name()));
          pairs += shared ? 1 : 0;
          assertThat(rankCorrelation(log, one.path(), other.path()))
              .as(one.name() + other.name())
              .isCloseTo(shared ? ranked : 0, within(.03));
        }
      }
    }
    assertThat(pairs).as("pairs that share a factor").isPositive();
  }

  private static double rankCorrelation(SimulatedLog log, String one, String other)
      throws Exception {
    return log.number(
        "select corr(x, y) from (select rank() over (order by "
            + one
            + ") x, rank() over (order by "
            + other
            + ") y from REFERENCE)");
  }

  @Test
  void trafficAndAMeanFollowTheDay() throws Exception {
    SimulatedLog log =
        write(
            SimulatedLog.BINARY,
            Options.rows(48_000).drift().season(Seasonality.DAILY, .8, 48).clean());
    assertThat(log.truth().get("seasonality").get("field").asText()).isEqualTo("f");
    assertThat(log.truth().get("stationary").toString()).doesNotContain("\"f\"");
    double[] rows = log.numbers("select count(*) from EVENTS group by w order by w");
    double[] means = log.numbers("select avg(f) from EVENTS group by w order by w");
    double[] others = log.numbers("select avg(d) from EVENTS group by w order by w");
    double deviation = log.number("select stddev(f) from REFERENCE");
    double otherDeviation = log.number("select stddev(d) from REFERENCE");
    assertThat(rows).hasSize(48);
    for (int day = 0; day < 48; day += 24) {
      for (int hour = 0; hour < 24; hour++) {
        double expected = 1000 * (1 - .8 * Math.cos(2 * Math.PI * (hour + .5) / 24));
        assertThat(rows[day + hour]).isCloseTo(expected, within(.12 * expected + 5));
      }
      assertThat(means[day + 12] - means[day]).isGreaterThan(.8 * deviation);
      assertThat(others[day + 12] - others[day])
          .isBetween(-.3 * otherDeviation, .3 * otherDeviation);
    }
  }

  @Test
  void trafficFollowsTheWeek() throws Exception {
    String daily = SimulatedLog.BINARY.replace("PT1H", "P1D");
    SimulatedLog log =
        write(daily, Options.rows(28_000).drift().season(Seasonality.WEEKLY, .5, 14).clean());
    List<Integer> rows = new ArrayList<>();
    log.truth().get("events").get("by_window").forEach(w -> rows.add(w.get("profiled").asInt()));
    assertThat(log.truth().get("events").get("from").asText())
        .as("a Monday")
        .isEqualTo("2024-01-15T00:00:00Z");
    assertThat(rows.get(3)).as("Thursday").isGreaterThan(2 * rows.get(0));
    assertThat(rows.get(10)).as("Thursday").isGreaterThan(2 * rows.get(7));
  }
}
