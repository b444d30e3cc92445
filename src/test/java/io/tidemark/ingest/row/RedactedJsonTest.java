package io.tidemark.ingest.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.Redaction;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactedJsonTest {
  private static final MonitoringSpec SPEC =
      SpecReader.read(
          "test",
          """
          model: m
          task: binary
          events: {id: i, time: t, prediction: {score: p, positive: 1}}
          features: {n: numeric, c: categorical}
          window: {size: P1D}
          snapshot: {mask: [i, n, c]}
          """);
  private static final EventColumns COLUMNS = EventColumns.all(SPEC);
  private static final Redaction KEYED = Redaction.of(SPEC, "key".getBytes(StandardCharsets.UTF_8));

  @Test
  void masksAValueAsWhereItsRowIsUsable() {
    String[] expected = {
      KEYED.show("i", "1000"), KEYED.show("n", "0.5"), KEYED.show("c", "0.0001")
    };
    String line = "{\"i\":\"1000.0\",\"n\":0.50,\"c\":1.0E-4}";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    assertThat(RedactedJson.of(bytes, COLUMNS, KEYED)).contains(expected);
    Map<String, String> cells = Map.of("i", "1000.0", "n", "0.50", "c", "1e-04");
    assertThat(RedactedJson.of(cells, COLUMNS, KEYED)).contains(expected);
  }
}
