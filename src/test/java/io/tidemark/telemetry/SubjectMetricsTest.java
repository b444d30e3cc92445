package io.tidemark.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubjectMetricsTest {
  @Test
  void namesAreWhatPrometheusTakes() {
    assertThat(
            SubjectMetrics.names(
                List.of("car_value", "prediction.score", "İl–Adı", "Größe (cm)", "-", "9")))
        .containsExactly(
            Map.entry("car_value", "car_value"),
            Map.entry("prediction.score", "prediction_score"),
            Map.entry("İl–Adı", "i_l_ad"),
            Map.entry("Größe (cm)", "gr_e_cm"),
            Map.entry("-", "subject"),
            Map.entry("9", "9"));
  }

  @Test
  void subjectsThatWouldShareANameAreNumbered() {
    assertThat(SubjectMetrics.names(List.of("a.b", "a_b", "A b", "a_b_2")).values())
        .containsExactly("a_b", "a_b_2", "a_b_3", "a_b_2_2");
  }

  @Test
  void theirNumberIsBounded() {
    List<String> many = IntStream.range(0, 1000).mapToObj(number -> "f" + number).toList();
    assertThat(SubjectMetrics.of("m", many).subjects())
        .containsExactlyElementsOf(many.subList(0, SubjectMetrics.MOST_SUBJECTS));
  }

  @Test
  void aMetricIsOfItsKindOnly() {
    assertThatThrownBy(StreamMetric.ROWS_IN::gauge).hasMessageContaining("ROWS_IN is a COUNTER");
    assertThatThrownBy(StreamMetric.DRIFT_VALUE::gauge).hasMessageContaining("SUBJECT_GAUGE");
    assertThatThrownBy(StreamMetric.ROWS_IN::counter).hasMessageContaining("JOB_COUNTER");
    assertThat(StreamMetric.ROWS_AHEAD.counter().getName().toString())
        .isEqualTo("tidemark:rows_ahead");
    assertThat(StreamMetric.LABELS_IN.of("Größe (cm)-2")).isEqualTo("labels_in__gr_e_cm_2");
  }
}
