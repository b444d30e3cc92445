package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preset {@code evidently} against Evidently's own scores and decisions on the same windows. */
class EvidentlyCarLoanTest {
  private static final String SPEC =
      """
      model: car-loan
      task: binary
      events:
        time: timestamp
        prediction: {score: y_pred_proba, label: y_pred, positive: "1"}
        label: repaid
      features:
        car_value: numeric
        salary_range: categorical
        debt_to_income_ratio: numeric
        loan_length: numeric
        repaid_loan_on_prev_car: categorical
        size_of_downpayment: categorical
        driver_tenure: numeric
      window: {size: PT2615760S, origin: 2018-01-01T00:00:00Z}
      drift:
        preset: evidently
        methods: [psi, jensen_shannon_ln, kolmogorov_smirnov, wasserstein_normed, hellinger,
                  chi_square_gof]
      snapshot: off
      """;

  /** Not one of METHODS'. */
  private static final String KL_DIVERGENCE = "kl_div";

  @TempDir Path folder;

  @Test
  void scoresAndDecisionsAgree() throws Exception {
    Path table = Cli.shared().resolve("oracles/evidently/car_loan_by_5000_rows.csv");
    assumeTrue(Files.exists(table), "no third-party figures at " + table);
    List<JsonNode> all = run();
    List<String> starts =
        new ArrayList<>(
            new TreeSet<>(all.stream().map(f -> f.get("window_start").asText()).toList()));
    assertThat(starts).hasSize(10);
    Map<String, JsonNode> findings = new HashMap<>();
    for (JsonNode finding : all) {
      findings.put(
          starts.indexOf(finding.get("window_start").asText())
              + " "
              + finding.get("subject").asText()
              + " "
              + finding.get("method").asText(),
          finding);
    }
    int compared = 0;
    List<String> lines = Files.readAllLines(table);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (cells[4].equals(KL_DIVERGENCE)) {
        continue;
      }
      int window = Integer.parseInt(cells[0].substring(0, cells[0].indexOf(':'))) / 5000;
      JsonNode finding = findings.get(window + " " + subject(cells[2]) + " " + method(cells[4]));
      assertThat(finding).as(line).isNotNull();
      boolean byP = cells[4].equals("ks") || cells[4].equals("chisquare");
      double score = Double.parseDouble(cells[5]);
      assertThat(finding.get(byP ? "p_value" : "value").asDouble())
          .as(line)
          .isCloseTo(score, within(1e-6 * Math.abs(score) + 1e-12));
      if (!cells[6].isEmpty()) {
        assertThat(finding.get("alarm").asBoolean())
            .as(line + finding)
            .isEqualTo(cells[6].equals("True"));
      }
      compared++;
    }
    assertThat(compared).isGreaterThan(450);
    JsonNode set = findings.get("9  share_of_drifted_columns");
    assertThat(set.get("alarm").asBoolean()).isTrue();
    assertThat(findings.get("0  share_of_drifted_columns").get("alarm").asBoolean()).isFalse();
  }

  private List<JsonNode> run() throws Exception {
    Path spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    Path data = Cli.shared().resolve("data/car_loan");
    Cli.Result baseline =
        Cli.run(
            "baseline",
            "--spec=" + spec,
            "--events=" + data.resolve("reference.parquet"),
            "--output=" + folder.resolve("baseline.avro"));
    assertThat(baseline.code()).as(baseline.err()).isZero();
    Cli.Result monitor =
        Cli.run(
            "monitor",
            "--spec=" + spec,
            "--events=" + data.resolve("monitoring.parquet"),
            "--baseline=" + folder.resolve("baseline.avro"),
            "--output=" + folder.resolve("out"));
    assertThat(monitor.code()).as(monitor.err()).isZero();
    return Cli.findings(folder.resolve("out"));
  }

  private static String subject(String column) {
    return switch (column) {
      case "y_pred_proba" -> "prediction.score";
      case "y_pred" -> "prediction.label";
      default -> column;
    };
  }

  private static String method(String name) {
    return switch (name) {
      case "jensenshannon" -> "jensen_shannon_ln";
      case "ks", "ks_statistic(scipy)" -> "kolmogorov_smirnov";
      case "wasserstein" -> "wasserstein_normed";
      case "chisquare" -> "chi_square_gof";
      default -> name;
    };
  }
}
