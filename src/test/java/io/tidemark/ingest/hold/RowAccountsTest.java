package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

/** Each row of a topic is counted once, where it went. */
class RowAccountsTest {
  private static final String SPEC =
      """
      model: m
      task: binary
      events: {id: id, time: at, prediction: {score: p, positive: 1}}
      features: {n: numeric}
      window: {size: PT1H, allowed_lateness: PT1H}
      """;

  private static List<String> counted(TopicScript script) throws IOException {
    script.row("00:10", "leo").row("00:20", "sam").row("00:10", "leo").row("00:15", "leo");
    script.record("no row").clock("01:05");
    script.row("00:30", "cal").row("00:40", "sam").pause(Duration.standardSeconds(3));
    script.clock("02:05").row("00:50", "rex");
    return script.counted();
  }

  @Test
  void held() throws IOException {
    assertThat(counted(new TopicScript(SPEC)))
        .containsExactly(
            "10 read 5 profiled 3 duplicate 2 conflicting 1 late 1 dead, late: rex, malformed: no"
                + " row");
  }

  /** Of a model of which no row is held. */
  @Test
  void gathered() throws IOException {
    assertThat(counted(new TopicScript(SPEC.replace("{id: id, ", "{"))))
        .containsExactly("10 read 8 profiled 1 late 1 dead, late: rex, malformed: no row");
  }
}
