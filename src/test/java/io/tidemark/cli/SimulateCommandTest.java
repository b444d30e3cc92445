package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.pipeline.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The options of {@code tidemark simulate}: each reaches the log, each wrong one says what to do.
 */
class SimulateCommandTest {
  private static final String SPEC = "--spec=pipelines/loan-default.yaml";

  @TempDir Path folder;

  @Test
  void everyOptionReachesTheLog() throws Exception {
    Cli.Result result =
        Cli.run(
            "simulate",
            SPEC,
            "--output=" + folder,
            "--rows=2000",
            "--seed=3",
            "--windows=8",
            "--drift=covariate,prior,concept",
            "--pattern=recurring",
            "--period=2",
            "--size=0.4",
            "--seasonality=weekly",
            "--amplitude=0.3",
            "--correlation=0.2",
            "--clean");
    assertThat(result.code()).as(result.err()).isZero();
    JsonNode truth = new ObjectMapper().readTree(folder.resolve("truth.json").toFile());
    assertThat(truth.get("events").get("windows").asInt()).isEqualTo(8);
    assertThat(truth.get("planted"))
        .extracting(planted -> planted.get("kind").asText())
        .containsExactly(
            "covariate_shift",
            "category_shares",
            "covariate_shift",
            "prior_shift",
            "concept_drift");
    assertThat(truth.get("planted"))
        .allSatisfy(
            planted -> {
              assertThat(planted.get("size").asDouble()).isEqualTo(.4);
              assertThat(planted.get("by_window"))
                  .extracting(window -> window.get("size").asDouble())
                  .startsWith(.4, .4)
                  .allMatch(size -> size == .4 || size == 0);
            });
    assertThat(truth.get("seasonality").get("cycle").asText()).isEqualTo("weekly");
    assertThat(truth.get("seasonality").get("amplitude").asDouble()).isEqualTo(.3);
    assertThat(truth.get("correlation").get("rho").asDouble()).isEqualTo(.2);
    assertThat(truth.get("expected_rows").get("dead_lettered").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rows=0 | --rows=0: give 1 to",
        "--windows=3 | --windows=3: give 4 to 10000",
        "--drift=bad | --drift=bad: is none of default, covariate, prior, concept, flips, slice1, slice2, slice3;"
            + " choose one",
        "--drift=none,prior | name each kind once, or none alone",
        "--drift=prior,prior | name each kind once, or none alone",
        "--drift=default,covariate | default holds covariate shifts already",
        "--pattern=slow | --pattern=slow: is none of sudden, gradual, recurring; choose one",
        "--period=0 | --period=0: give the windows",
        "--period=13 | 1 to 12",
        "--size=0 | --size=0.0: give more than 0 and at most 5",
        "--size=NaN | --size=NaN: give more than 0",
        "--size=big | --size=big: give a number, or kinds with one each",
        "--size=default= | give a number, or kinds with one each",
        "--size=default=1,default=2 | name each kind once",
        "--size=concept=1 | --size=concept=1: name it in --drift, too",
        "--size=big=1 | --size=big: is none of default, covariate, prior, concept, flips, slice1, slice2, slice3;"
            + " choose one",
        "--size=default=9 | --size=9.0: give more than 0 and at most 5",
        "--seasonality=hourly | is none of none, daily, weekly; choose one",
        "--amplitude=1 | --amplitude=1.0: give 0 to below 1",
        "--correlation=1 | --correlation=1.0: give 0 to below 1",
        "--correlation=-0.1 | give 0 to below 1",
        "--windows=many | '--windows'",
        "--live=events | --live=events: give kafka://host:port/topic",
        "--live-labels=kafka://h:1/t | --live-labels=kafka://h:1/t: goes with --live only"
      })
  void refusesWrongValues(String option, String message) {
    Cli.Result result = Cli.run("simulate", SPEC, "--output=" + folder, option);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
    assertThat(folder).isEmptyDirectory();
  }
}
