package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Rows with ids are held until their hour is over, and passed on again until it is closed, two
 * hours later. All ids here are of one shard.
 */
class HoldRowsTest {
  private final TopicScript script =
      new TopicScript(
          """
          model: m
          task: binary
          events: {id: id, time: at, prediction: {score: p, positive: 1}}
          features: {n: numeric}
          window: {size: PT1H, allowed_lateness: PT2H}
          """);

  HoldRowsTest() throws IOException {}

  private void counts(long in, long profiled, long duplicate, long late) {
    assertThat(script.count(StreamMetric.ROWS_IN)).isEqualTo(in);
    assertThat(script.count(StreamMetric.ROWS_PROFILED)).isEqualTo(profiled);
    assertThat(script.count(StreamMetric.ROWS_DUPLICATE)).isEqualTo(duplicate);
    assertThat(script.count(StreamMetric.ROWS_LATE)).isEqualTo(late);
  }

  @Test
  void onTime() throws IOException {
    script.row("00:10", "leo").row("00:20", "sam").then().row("01:05", "rex").then();
    assertThat(script.held())
        .containsExactly(
            "", "00: leo@10 sam@20", "00 at last: leo@10 sam@20, 01 at last: rex@5, 01: rex@5");
    counts(3, 3, 0, 0);
  }

  /** Nothing is passed on early, however long the hour takes to come. */
  @Test
  void speculative() throws IOException {
    script.row("00:10", "leo").pause(Duration.standardHours(9)).then();
    script.row("00:20", "sam").pause(Duration.standardHours(9)).then();
    script.row("01:05", "rex").then();
    assertThat(script.held())
        .containsExactly(
            "", "", "00: leo@10 sam@20", "00 at last: leo@10 sam@20, 01 at last: rex@5, 01: rex@5");
    counts(3, 3, 0, 0);
  }

  /** A row behind others of its hour is none the worse for it. */
  @Test
  void unobservablyLate() throws IOException {
    script.row("00:10", "leo").row("00:50", "cal").row("00:05", "sam").then();
    script.row("01:05", "rex").then();
    assertThat(script.held())
        .containsExactly(
            "",
            "00: cal@50 leo@10 sam@5",
            "00 at last: cal@50 leo@10 sam@5, 01 at last: rex@5, 01: rex@5");
    counts(4, 4, 0, 0);
  }

  /** All of the hour again, once a moment, and at its close at last. */
  @Test
  void observablyLate() throws IOException {
    script.row("00:10", "leo").row("01:05", "rex").then();
    script.row("00:20", "sam").row("00:30", "cal").then();
    script.pause(Duration.standardSeconds(1)).then();
    script.row("02:59", "lyn").row("00:40", "noa").row("03:05", "rex").then();
    assertThat(script.held())
        .containsExactly(
            "00: leo@10",
            "",
            "00: cal@30 leo@10 sam@20",
            "00 at last: cal@30 leo@10 noa@40 sam@20, 00: cal@30 leo@10 noa@40 sam@20, 01: rex@5,"
                + " 02: lyn@59",
            "01 at last: rex@5, 02 at last: lyn@59, 03 at last: rex@5, 03: rex@5");
    counts(7, 7, 0, 0);
  }

  /** The copy that stays may come last; what was passed on is replaced, not added to. */
  @Test
  void observablyLateCopy() throws IOException {
    script.row("00:30", "leo").row("00:20", "sam").row("01:05", "rex").then();
    script.row("00:10", "leo").row("00:40", "sam").pause(Duration.standardSeconds(1)).then();
    assertThat(script.held())
        .containsExactly(
            "00: leo@30 sam@20",
            "00: leo@10 sam@20",
            "00 at last: leo@10 sam@20, 01 at last: rex@5, 01: rex@5");
    counts(5, 3, 2, 0);
  }

  /** From when event time has come to the close; what was passed on stands. */
  @Test
  void droppablyLate() throws IOException {
    script.row("00:10", "leo").row("02:59", "rex").row("00:20", "sam").then();
    script.row("03:00", "lyn").row("00:59", "cal").row("01:00", "noa").then();
    script.row("03:05", "lyn").row("00:59", "cal").pause(Duration.standardHours(1)).then();
    assertThat(script.held())
        .containsExactly(
            "00: leo@10",
            "01: noa@0, late: cal",
            "00 at last: leo@10 sam@20, 00: leo@10 sam@20, 02: rex@59, late: cal",
            "01 at last: noa@0, 02 at last: rex@59, 03 at last: lyn@0, 03: lyn@0");
    counts(8, 5, 1, 2);
  }

  /** A row of no time waits for nothing, and moves no clock. */
  @Test
  void unusable() throws IOException {
    script.row("00:10", "leo").record("{\"id\": \"sam\", \"p\": 0.5}").then();
    script.row("01:05", "rex").then();
    assertThat(script.held())
        .containsExactly(
            "time_missing: sam", "00: leo@10", "00 at last: leo@10, 01 at last: rex@5, 01: rex@5");
    counts(3, 2, 0, 0);
    assertThat(script.count(StreamMetric.ROWS_DEAD_LETTERED)).isEqualTo(1);
  }
}
