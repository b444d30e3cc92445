package io.tidemark.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.Oracles;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** NannyML's realised and estimated performance on its car loan data, ten chunks of each file. */
class CarLoanPerformanceTest {
  private static final int CHUNK = 5000;
  private static final int CAPACITY = 1 << 12;
  private static final Offset<Double> EXACT = within(1e-14);
  private static final List<Metric> METRICS =
      List.of(
          Metric.ROC_AUC,
          Metric.F1,
          Metric.PRECISION,
          Metric.RECALL,
          Metric.SPECIFICITY,
          Metric.ACCURACY,
          Metric.AVERAGE_PRECISION);

  /** A row; labels of the monitored file are known afterwards. */
  private record Loan(double score, boolean predicted, boolean repaid) {}

  private static final List<List<Loan>> CHUNKS = new ArrayList<>();
  private static BinaryOutcomes reference;
  private static Calibrator calibrator;

  @BeforeEach
  void readOnce() throws Exception {
    Path first = Oracles.file("data/car_loan/reference.parquet");
    if (CHUNKS.isEmpty()) {
      read(first, Oracles.file("data/car_loan/monitoring.parquet"));
    }
  }

  private static void read(Path first, Path second) throws SQLException {
    List<Loan> rows = new ArrayList<>();
    rows.addAll(read(first));
    rows.addAll(read(second));
    for (int from = 0; from < rows.size(); from += CHUNK) {
      CHUNKS.add(rows.subList(from, from + CHUNK));
    }
    reference = new BinaryOutcomes(CAPACITY);
    CHUNKS.subList(0, 10).forEach(chunk -> reference.merge(outcomes(chunk)));
    calibrator = Calibration.fit(reference.byScore());
  }

  private static List<Loan> read(Path file) throws SQLException {
    List<Loan> rows = new ArrayList<>();
    String query = "select y_pred_proba, y_pred, repaid from '" + file + "'";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        rows.add(new Loan(result.getDouble(1), result.getInt(2) == 1, result.getDouble(3) == 1));
      }
    }
    assertThat(rows).hasSize(10 * CHUNK);
    return rows;
  }

  private static BinaryOutcomes outcomes(List<Loan> chunk) {
    BinaryOutcomes outcomes = new BinaryOutcomes(CAPACITY);
    chunk.forEach(row -> outcomes.add(row.score(), row.predicted(), row.repaid()));
    return outcomes;
  }

  private static ExpectedOutcomes expected(List<Loan> chunk) {
    ExpectedOutcomes outcomes = new ExpectedOutcomes(CAPACITY);
    chunk.forEach(
        row -> outcomes.add(row.score(), row.predicted(), calibrator.calibrate(row.score())));
    return outcomes;
  }

  private static Thresholds thresholds(Metric metric) {
    double[] values = new double[10];
    for (int i = 0; i < 10; i++) {
      values[i] = BinaryMetrics.of(metric, outcomes(CHUNKS.get(i))).value();
    }
    return Thresholds.of(metric, values);
  }

  private static List<Map<String, String>> table(String name) throws Exception {
    List<String[]> rows = Oracles.csv("oracles/nannyml_car_loan/" + name + "_chunk5000_wide.csv");
    List<Map<String, String>> table = new ArrayList<>();
    for (String[] row : rows.subList(1, rows.size())) {
      Map<String, String> cells = new HashMap<>();
      for (int i = 0; i < row.length; i++) {
        cells.put(rows.get(0)[i], row[i]);
      }
      table.add(cells);
    }
    assertThat(table).hasSize(20);
    return table;
  }

  private static double number(Map<String, String> row, Metric metric, String column) {
    return Double.parseDouble(row.get(metric.id() + "_" + column));
  }

  @Test
  void realisedPerformanceItsThresholdsAndAlarmsAgree() throws Exception {
    List<Map<String, String>> table = table("realized_performance");
    for (Metric metric : METRICS) {
      Thresholds thresholds = thresholds(metric);
      for (int i = 0; i < 20; i++) {
        Map<String, String> row = table.get(i);
        Measured measured = BinaryMetrics.of(metric, outcomes(CHUNKS.get(i)));
        String where = metric.id() + " of chunk " + i;
        assertThat(measured.bound()).as(where).isZero();
        assertThat(measured.value()).as(where).isCloseTo(number(row, metric, "value"), EXACT);
        assertThat(thresholds.lower())
            .as(where)
            .isCloseTo(number(row, metric, "lower_threshold"), EXACT);
        assertThat(thresholds.upper())
            .as(where)
            .isCloseTo(number(row, metric, "upper_threshold"), EXACT);
        assertThat(thresholds.alarms(measured.value()))
            .as(where)
            .isEqualTo(row.get(metric.id() + "_alert").equals("True"));
      }
    }
  }

  @Test
  void samplingErrorsAgree() throws Exception {
    Map<String, String> row = table("realized_performance").get(0);
    for (Metric metric : METRICS) {
      double theirs = number(row, metric, "sampling_error");
      double ours = BinarySamplingErrors.of(metric, reference).at(CHUNK);
      double tolerance =
          switch (metric) {
            case ROC_AUC -> .002; // theirs depends on how their sort leaves ties
            case AVERAGE_PRECISION -> .4; // theirs is random: .0052 here, .0039 in the estimates
            default -> 1e-13;
          };
      assertThat(ours).as(metric.id()).isCloseTo(theirs, within(tolerance * theirs));
    }
  }

  @Test
  void estimatedPerformanceAndItsAlarmsAgree() throws Exception {
    assertThat(calibrator.reason()).isEqualTo(Calibrator.Reason.BETTER);
    List<Map<String, String>> table = table("cbpe");
    for (Metric metric : METRICS) {
      Thresholds thresholds = thresholds(metric);
      double tolerance =
          switch (metric) {
            case ROC_AUC -> 1e-8; // theirs rounds cumulative sums to five decimals
            case AVERAGE_PRECISION -> .001; // theirs takes rows of one score one by one
            default -> 1e-14;
          };
      for (int i = 0; i < 20; i++) {
        Map<String, String> row = table.get(i);
        String where = metric.id() + " of chunk " + i;
        double value = BinaryMetrics.of(metric, expected(CHUNKS.get(i))).value();
        assertThat(value).as(where).isCloseTo(number(row, metric, "value"), within(tolerance));
        assertThat(thresholds.alarms(value))
            .as(where)
            .isEqualTo(row.get(metric.id() + "_alert").equals("True"));
        if (metric != Metric.AVERAGE_PRECISION) {
          double reach = SamplingError.BAND * BinarySamplingErrors.of(metric, reference).at(CHUNK);
          assertThat(metric.clip(value + reach))
              .as(where)
              .isCloseTo(number(row, metric, "upper_confidence_boundary"), within(2e-5));
          assertThat(metric.clip(value - reach))
              .as(where)
              .isCloseTo(number(row, metric, "lower_confidence_boundary"), within(2e-5));
        }
      }
    }
  }

  /** Performance fell because the inputs moved; P(y|x) did not. */
  @Test
  void estimatesForesawTheFall() {
    for (Metric metric : METRICS) {
      SamplingError error = BinarySamplingErrors.of(metric, reference);
      for (List<Loan> chunk : CHUNKS) {
        double realised = BinaryMetrics.of(metric, outcomes(chunk)).value();
        double estimated = BinaryMetrics.of(metric, expected(chunk)).value();
        assertThat(Gap.of(realised, error.at(CHUNK), estimated, error.at(CHUNK)).alarm())
            .as(metric.id())
            .isFalse();
      }
    }
  }
}
