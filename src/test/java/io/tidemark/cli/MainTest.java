package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong use: exit code 2, a message that says what to do, and never a stack trace. */
class MainTest {
  private static final String SPEC = "--spec=pipelines/car-loan.yaml";

  @TempDir Path folder;

  private static void refused(Cli.Result result, String... message) {
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("\tat ", "Exception");
  }

  @Test
  void withoutACommandShowsHowItIsUsed() {
    refused(Cli.run(), "Usage: tidemark");
  }

  /** Whatever the surroundings ask for: logs and files take what is printed, too. */
  @Test
  void showsNoColours() {
    System.setProperty("picocli.ansi", "true");
    try {
      Cli.Result help = Cli.run("monitor", "--help");
      Cli.Result wrong = Cli.run("monitor", "--nothing");
      assertThat(help.out() + help.err() + wrong.out() + wrong.err())
          .contains("--baseline")
          .doesNotContain("[0m", "[1m"); // what begins a colour is shown as text
    } finally {
      System.clearProperty("picocli.ansi");
    }
  }

  @Test
  void validatesSpecs() {
    Cli.Result result = Cli.run("validate", "--spec=pipelines/*.yaml");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("car-loan.yaml: right", "loan-default.yaml: right");
  }

  @Test
  void namesTheProblemsOfASpec() throws Exception {
    Path spec = Files.writeString(folder.resolve("bad.yaml"), "model: m\nevents: {}\n");
    refused(Cli.run("validate", "--spec=" + spec), "bad.yaml:1: task: is missing");
  }

  @Test
  void namesAMissingSpec() {
    refused(Cli.run("validate", "--spec=nowhere.yaml"), "--spec=nowhere.yaml: no such file");
  }

  @Test
  void namesMissingEvents() {
    refused(
        Cli.run("baseline", SPEC, "--events=nowhere/*.parquet", "--output=" + folder.resolve("b")),
        "nowhere/*.parquet: no such file");
  }

  @Test
  void refusesAFileThatIsNoParquet() throws Exception {
    Path events = Files.writeString(folder.resolve("e.parquet"), "this is not Parquet at all");
    refused(
        Cli.run("baseline", SPEC, "--events=" + events, "--output=" + folder.resolve("b")),
        "e.parquet: not readable as Parquet");
  }

  @Test
  void refusesABaselineThatIsNone() throws Exception {
    Path baseline = Files.writeString(folder.resolve("b.avro"), "no Avro");
    refused(
        Cli.run(
            "monitor",
            SPEC,
            "--events=x.parquet",
            "--baseline=" + baseline,
            "--output=" + folder.resolve("o")),
        "b.avro: is no baseline file; build one with 'tidemark baseline'");
  }

  @ParameterizedTest
  @CsvSource({
    "--alerts=pigeon, --alerts: begins with neither kafka:// nor https://; give"
        + " kafka://host:port/topic or https://host/path",
    "--alerts=kafka://h:1, '--alerts=kafka://h:1: give kafka://host:port/topic, with ?properties'",
    "--alerts-key=k, '--alerts-key: signs alerts; give --alerts=https://host/path, too'"
  })
  void refusesReceiversOfAlertsThatAreNone(String option, String message) {
    refused(Cli.run("monitor", SPEC, "--events=e", "--baseline=b", "--output=o", option), message);
  }

  @ParameterizedTest
  @CsvSource({
    "--labels=kafka://h:1/rows?delay=PT1M, '--labels: is the topic of --events'",
    "--dead-letters=kafka://h:1/rows, '--dead-letters: is a topic that is read'",
    "--savepointPath=file:/s, '--savepointPath: a job within this process begins anew'",
    "--as-of=2024-01-01T00:00:00Z, '--as-of: goes with input that ends'",
    "--from=2024-01-01T00:00:00.5Z, '--from=2024-01-01T00:00:00.500Z lies inside a window'"
  })
  void refusesWhatAFollowedTopicCannotGoWith(String option, String message) {
    refused(
        Cli.run(
            "monitor",
            SPEC,
            "--events=kafka://h:1/rows",
            "--baseline=b",
            "--output=" + folder.resolve("o"),
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--checkpointingInterval=1000",
            option),
        message);
  }

  @Test
  void refusesOptionsThatNobodyKnows() {
    refused(
        Cli.run("monitor", SPEC, "--events=e", "--baseline=b", "--output=o", "--colour=red"),
        "colour");
  }

  @Test
  void refusesTimesThatAreNone() {
    refused(
        Cli.run("monitor", SPEC, "--events=e", "--baseline=b", "--output=o", "--from=soon"),
        "--from=soon: is no time");
  }

  @Test
  void aReferenceWithoutUsableRowsIsAnError() throws Exception {
    Path events = Files.writeString(folder.resolve("e.jsonl"), "{}\nnonsense\n");
    refused(
        Cli.run("baseline", SPEC, "--events=" + events, "--output=" + folder.resolve("b")),
        "the reference has no usable row");
  }

  @Test
  void itSaysWhyTheRowsAreUnusable() throws Exception {
    String row = "{\"prediction_id\":\"%s\",\"timestamp\":%s}\n";
    Path events =
        Files.writeString(
            folder.resolve("e.jsonl"),
            "nonsense\n" + row.formatted(1, "\"soon\"") + row.formatted(2, "\"later\""));
    Cli.Result result =
        Cli.run("baseline", SPEC, "--events=" + events, "--output=" + folder.resolve("b"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("the reference has no usable row")
        .contains("2 rows time_unreadable, the first at " + events + "@9: the time column holds")
        .contains("('soon'). A time is a date (2024-03-01), a date and time")
        .contains("1 row malformed, the first at " + events + "@0: Unrecognized token");
  }
}
