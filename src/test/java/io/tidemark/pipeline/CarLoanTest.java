package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preset {@code tidemark} on real data whose drift is known. */
class CarLoanTest {
  private static final Set<String> DRIFTED =
      Set.of(
          "car_value",
          "salary_range",
          "repaid_loan_on_prev_car",
          "loan_length",
          "prediction.score");

  @TempDir Path folder;

  @Test
  void ringsForWhatDriftedFromWhenItDriftedAndHardlyEverElse() throws Exception {
    Path data = Cli.shared().resolve("data/car_loan");
    assumeTrue(Files.exists(data), "no data at " + data);
    String spec = "--spec=pipelines/car-loan.yaml";
    Path baseline = folder.resolve("baseline.avro");
    assertThat(
            Cli.run(
                    "baseline",
                    spec,
                    "--events=" + data.resolve("reference.parquet"),
                    "--output=" + baseline)
                .code())
        .isZero();
    Cli.Result result =
        Cli.run(
            "monitor",
            spec,
            "--events=" + data + "/*.parquet",
            "--baseline=" + baseline,
            "--output=" + folder.resolve("out"));
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> findings = Cli.findings(folder.resolve("out"));
    int others = 0;
    int otherAlarms = 0;
    int rang = 0;
    int worse = 0;
    for (JsonNode finding : findings) {
      if (finding.get("kind").asText().matches("performance|estimated_performance|concept_drift")) {
        // What drifted made the model worse.
        boolean silent =
            finding.get("window_start").asText().compareTo("2019-03-25T00:00:00Z") <= 0;
        assertThat(silent && finding.get("alarm").asBoolean()).as(finding.toString()).isFalse();
        worse += finding.get("alarm").asBoolean() ? 1 : 0;
        continue;
      }
      boolean drifted =
          DRIFTED.contains(finding.get("subject").asText())
              && finding.get("method").asText().equals("jensen_shannon");
      String start = finding.get("window_start").asText();
      boolean alarm = finding.get("alarm").asBoolean();
      if (!drifted) {
        others++;
        otherAlarms += alarm ? 1 : 0;
      } else if (start.compareTo("2019-03-25") < 0) {
        assertThat(alarm).as(finding.toString()).isFalse();
      } else if (start.compareTo("2019-03-25T00:00:00Z") > 0) {
        assertThat(alarm).as(finding.toString()).isTrue();
        rang++;
      }
    }
    assertThat(rang).isEqualTo(5 * 22);
    assertThat(worse).isGreaterThan(2 * 22);
    assertThat((double) otherAlarms / others).isLessThanOrEqualTo(.01);
  }
}
