package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.format.JsonRows;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "s",
          """
          model: m
          task: regression
          events: {id: i, time: t, prediction: {value: p}}
          features: {x: numeric}
          window: {size: P1D}
          """);
  private static final EventColumns COLUMNS = EventColumns.all(SPEC);

  /** Rows between bars; an empty one is said to be none. */
  private static final Envelope BARS =
      (record, inside) -> {
        int start = record.start();
        int end = record.start() + record.length();
        for (int i = start; i <= end; i++) {
          if (i < end && record.buffer()[i] != '|') {
            continue;
          }
          if (i == start) {
            inside.bad("empty", "nothing between bars");
          } else {
            inside.row(
                new RecordRows.Bytes(
                    record.source(),
                    record.position(),
                    record.buffer(),
                    start,
                    i - start,
                    i - start));
          }
          start = i + 1;
        }
      };

  private static CollectedRows read(Envelope envelope, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CollectedRows read = new CollectedRows();
    Audience audience = Audience.of(COLUMNS, Redaction.of(SPEC, null), read);
    new RecordTakers(envelope, audience, "", JsonRows::new)
        .read(new RecordRows.Bytes("s", 7, bytes, 0, bytes.length, bytes.length));
    return read;
  }

  @Test
  void aRecordMayHoldManyRows() {
    String row = "{\"i\": \"%s\", \"t\": 1704067200, \"p\": 1, \"x\": 2}";
    CollectedRows read = read(BARS, row.formatted("a") + "||" + row.formatted("b"));
    assertThat(read.events).extracting(event -> event.id()).containsExactly("a", "b");
    assertThat(read.bad).singleElement().hasFieldOrPropertyWithValue("reason", "empty");
    assertThat(read.bad.get(0).getPosition()).isEqualTo(7);
  }

  @Test
  void withoutOneARecordIsARow() {
    CollectedRows read = read(Envelope.NONE, "{\"i\": \"a\", \"t\": 1704067200, \"p\": 1}");
    assertThat(read.events).extracting(event -> event.id()).containsExactly("a");
  }
}
