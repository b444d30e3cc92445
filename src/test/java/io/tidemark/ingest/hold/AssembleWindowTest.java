package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Windows are put together when their hour is over, of what bundles have gathered or, with ids, of
 * what shards pass on, and again until they are closed, two hours later.
 */
class AssembleWindowTest {
  private static final String IDS = "id: id, ";
  private static final Duration MOMENT = Duration.standardSeconds(1);

  private static TopicScript script(String ids) throws IOException {
    return new TopicScript(
        """
        model: m
        task: binary
        events: {IDS time: at, prediction: {score: p, positive: 1}}
        features: {n: numeric}
        window: {size: PT1H, allowed_lateness: PT2H}
        """
            .replace("IDS ", ids));
  }

  @Test
  void onTime() throws IOException {
    TopicScript script = script("");
    script.row("00:10", "").row("00:20", "").then().row("01:05", "").then();
    assertThat(script.assembled()).containsExactly("", "00: @10 @20", "01: @5");
    assertThat(script.count(StreamMetric.ROWS_PROFILED)).isEqualTo(3);
  }

  /** What bundles have gathered before the hour is over adds up, and waits. */
  @Test
  void speculative() throws IOException {
    TopicScript script = script("");
    script.row("00:10", "").pause(Duration.standardHours(9)).then();
    script.row("00:20", "").pause(Duration.standardHours(9)).then();
    script.row("01:05", "").then();
    assertThat(script.assembled()).containsExactly("", "", "00: @10 @20", "01: @5");
  }

  @Test
  void unobservablyLate() throws IOException {
    TopicScript script = script("");
    script.row("00:10", "").row("00:50", "").row("00:05", "").then();
    script.row("01:05", "").then();
    assertThat(script.assembled()).containsExactly("", "00: @10 @5 @50", "01: @5");
  }

  /** The window whole, once a moment, and at its close at last. */
  @Test
  void observablyLate() throws IOException {
    TopicScript script = script("");
    script.row("00:10", "").row("01:05", "").then();
    script.row("00:20", "").row("00:30", "").then();
    script.pause(MOMENT).then();
    script.row("02:59", "").row("00:40", "").then();
    script.row("03:05", "").then();
    assertThat(script.assembled())
        .containsExactly(
            "00: @10", "", "00: @10 @20 @30", "01: @5", "00: @10 @20 @30 @40, 02: @59", "03: @5");
    assertThat(script.count(StreamMetric.ROWS_PROFILED)).isEqualTo(7);
  }

  /** What a window came to stands, and no smaller one takes its place. */
  @Test
  void droppablyLate() throws IOException {
    TopicScript script = script("");
    script.row("00:10", "1").row("03:05", "2").row("00:59", "3").pause(MOMENT).then();
    script.row("04:05", "4").row("00:58", "5").pause(MOMENT).then();
    assertThat(script.assembled()).containsExactly("00: @10, late: 3", "03: @5, late: 5", "04: @5");
    assertThat(script.count(StreamMetric.ROWS_PROFILED)).isEqualTo(3);
    assertThat(script.count(StreamMetric.ROWS_LATE)).isEqualTo(2);
  }

  /** Three shards, each of which passes on its rows. */
  @Test
  void onTimeFromShards() throws IOException {
    TopicScript script = script(IDS);
    script.row("00:10", "leo").row("00:20", "eve").row("00:30", "dan").then();
    script.clock("01:05").then();
    assertThat(script.assembled()).containsExactly("", "00: dan@30 eve@20 leo@10", "");
  }

  /** A shard's rows replace those that it passed on before; other shards' stay. */
  @Test
  void observablyLateFromAShard() throws IOException {
    TopicScript script = script(IDS);
    script.row("00:10", "leo").row("00:20", "eve").row("00:30", "dan").clock("01:05").then();
    script.row("00:40", "sam").pause(MOMENT).pause(MOMENT).then();
    script.row("00:05", "dan").clock("03:05").then(); // closed before the moment has passed
    assertThat(script.assembled())
        .containsExactly(
            "00: dan@30 eve@20 leo@10",
            "00: dan@30 eve@20 leo@10 sam@40",
            "00: dan@5 eve@20 leo@10 sam@40",
            "");
  }
}
