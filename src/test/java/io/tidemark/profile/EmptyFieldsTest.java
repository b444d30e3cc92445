package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmptyFieldsTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "spec.yaml",
          """
          model: m
          task: regression
          events: {time: t, model_version: v, prediction: {value: p}}
          features: {x: numeric, c: {type: categorical, path: deep.c}}
          window: {size: P1D}
          """);

  @Test
  void fieldsWithHardlyAUsableValue() {
    // Rows, those without a version, and missing and invalid ones of x, c and the prediction.
    List<Long> one = List.of(100L, 0L, 95L, 0L, 0L, 100L, 0L, 0L);
    List<Long> two = List.of(100L, 0L, 95L, 0L, 90L, 10L, 0L, 0L);
    assertThat(EmptyFields.of(SPEC, List.of(one, two)))
        .singleElement()
        .satisfies(
            field -> {
              assertThat(field.empty()).isTrue();
              assertThat(field.text())
                  .isEqualTo(
                      "  c (categorical, column deep.c): of 200 rows 45.0 % without a value, 55.0 %"
                          + " with one that is no text, number or boolean");
            });
  }

  @Test
  void aVersionThatIsNotThere() {
    List<Long> rows = List.of(10L, 10L, 0L, 0L, 0L, 0L, 0L, 0L);
    assertThat(EmptyFields.of(SPEC, List.of(rows)))
        .extracting(field -> field.field().name())
        .containsExactly("model_version");
    assertThat(EmptyFields.of(SPEC, List.of())).isEmpty();
  }
}
