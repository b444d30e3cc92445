package io.tidemark.alerts;

import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.FindingKey;
import java.time.Instant;

/** Findings to send. */
final class Alarms {
  private static final long HOUR = 3_600_000_000L;
  private static final long START = WindowSpec.micros(Instant.parse("2024-05-01T00:00:00Z"));

  private Alarms() {}

  static Alert of(String subject, long revision) {
    Finding finding =
        new FindingKey(
                "a model",
                "",
                START,
                START + HOUR,
                "",
                FindingKind.data_drift,
                subject,
                "jensen_shannon")
            .begin();
    finding.setRevision(revision);
    finding.setAlarm(true);
    finding.setReason("değişti"); // letters of more than one byte
    return Alert.of(finding);
  }
}
