package io.tidemark.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.telemetry.SubjectMetrics;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportDriftFnTest {
  private static final SubjectMetrics SUBJECTS = SubjectMetrics.of("m", List.of("a", "b", "c"));

  private static Finding finding(FindingKind kind, String segment, String subject, Double value) {
    Finding finding = new Finding();
    finding.setKind(kind);
    finding.setSegment(segment);
    finding.setSubject(subject);
    finding.setValue(value);
    return finding;
  }

  @Test
  void tellsOneDistanceASubject() {
    Finding own = finding(FindingKind.data_drift, "", "a", .25);
    Finding prediction = finding(FindingKind.prediction_drift, "", "b", .5);
    assertThat(
            ReportDriftFn.told(
                List.of(
                    finding(FindingKind.missing, "", "a", .1),
                    finding(FindingKind.data_drift, "region=north", "a", .9),
                    own,
                    finding(FindingKind.data_drift, "", "a", .75), // a method beside its own
                    prediction,
                    finding(FindingKind.data_drift, "", "undeclared", .1)),
                SUBJECTS))
        .containsExactly(own, prediction);
  }

  @Test
  void aMethodBesideItsOwnDoesNotStandInForAMissingValue() {
    assertThat(
            ReportDriftFn.told(
                List.of(
                    finding(FindingKind.data_drift, "", "a", null),
                    finding(FindingKind.data_drift, "", "a", .75)),
                SUBJECTS))
        .isEmpty();
  }
}
