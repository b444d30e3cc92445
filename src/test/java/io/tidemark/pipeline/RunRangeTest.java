package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunRangeTest {
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: i, time: t, prediction: {score: s, positive: 1}}
      features: {x: numeric}
      labels: {id: i, value: y, time: k, horizon: PT36H}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: SNAPSHOT
      """;

  private static RunRange range(String snapshot, String from, boolean joins) {
    MonitoringSpec spec = SpecReader.read("test", SPEC.replace("SNAPSHOT", snapshot));
    return RunRange.of(spec, new TimeRange(micros(from), micros("2024-01-20T00:00:00Z")), joins);
  }

  private static long micros(String time) {
    return WindowSpec.micros(Instant.parse(time));
  }

  @Test
  void looksBackToTheWindowWhoseLabelsMayHaveCome() {
    RunRange range = range("off", "2024-01-10T06:00:00Z", true);
    assertThat(range.read().from()).isEqualTo(micros("2024-01-08T18:00:00Z"));
    assertThat(range.read().to()).isEqualTo(range.statistics().to());
    assertThat(range.reports(micros("2024-01-10T00:00:00Z"))).isFalse();
    assertThat(range.reports(micros("2024-01-10T06:00:00Z"))).isTrue();
  }

  @Test
  void andOnToTheStartOfItsSnapshotPeriod() {
    RunRange range = range("{period: P7D}", "2024-01-10T06:00:00Z", true);
    assertThat(range.read().from()).isEqualTo(micros("2024-01-08T00:00:00Z"));
    range = range("{period: P7D}", "2024-01-09T06:00:00Z", true);
    assertThat(range.read().from()).isEqualTo(micros("2024-01-01T00:00:00Z"));
  }

  /** A period is chosen among all of its rows, whether their labels come late or not. */
  @Test
  void looksBackToTheStartOfItsSnapshotPeriodWithoutLabels() {
    RunRange range = range("{period: P7D}", "2024-01-10T06:00:00Z", false);
    assertThat(range.read().from()).isEqualTo(micros("2024-01-08T00:00:00Z"));
    assertThat(range("{period: PT6H}", "2024-01-10T06:00:00Z", false).looksBack()).isFalse();
  }

  @Test
  void doesNotLookBackWithoutLabelsOrFromInsideAWindow() {
    assertThat(range("off", "2024-01-10T06:00:00Z", false).looksBack()).isFalse();
    assertThat(range("off", "2024-01-10T07:00:00Z", true).looksBack()).isFalse();
    MonitoringSpec spec = SpecReader.read("test", SPEC.replace("SNAPSHOT", "off"));
    assertThat(RunRange.of(spec, TimeRange.ALL, true).looksBack()).isFalse();
  }
}
