package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Rows wait for labels in stretches of two hours, half a horizon long, that are closed five hours
 * after their end: a horizon and the allowed lateness. All ids here are of one shard.
 */
class JoinLabelsTest {
  private static final Duration SOON = Duration.standardSeconds(31);
  private static final Duration UPDATE = Duration.standardMinutes(11);

  private static final String SPEC =
      """
          model: m
          task: binary
          events: {id: id, time: at, prediction: {score: p, positive: 1}}
          features: {n: numeric}
          labels: {id: id, value: y, time: at, horizon: PT4H}
          window: {size: PT1H, allowed_lateness: PT1H}
          performance: {update: PT10M}
          """;

  private final TopicScript script = new TopicScript(SPEC);

  JoinLabelsTest() throws IOException {}

  /** A window has the latest trusted label; its outcome was shown with the first that came. */
  @Test
  void trustedLabelsOverride() throws IOException {
    TopicScript trusting =
        new TopicScript(SPEC.replace("horizon: PT4H", "source: by, trusted: [r], horizon: PT4H"));
    trusting.row("00:10", "leo").row("00:20", "sam").labelOf("x", "00:30", "leo", "1");
    trusting.clock("01:05").pause(SOON).then();
    trusting.clock("02:05").pause(SOON).then();
    trusting.labelOf("r", "02:30", "leo", "0").labelOf("x", "02:40", "leo", "1");
    trusting.pause(UPDATE).then();
    trusting.labelOf("r", "03:10", "leo", "1").labelOf("r", "03:20", "sam", "0");
    trusting.pause(UPDATE).then();
    trusting.labelOf("r", "04:30", "leo", "0"); // past what a stream keeps
    trusting.clock("07:05").then();
    assertThat(trusting.joined())
        .containsExactly(
            "00: leo@10=1 sam@20",
            "shown: leo@10=1",
            "00: leo@10=0 sam@20",
            "00: leo@10=1 sam@20=0",
            "00 at last: leo@10=1 sam@20=0, shown: sam@20=0",
            "");
  }

  private void counts(long labelled, long unlabelled, long outcomesLate, long late) {
    assertThat(script.count(StreamMetric.PREDICTIONS_LABELLED)).isEqualTo(labelled);
    assertThat(script.count(StreamMetric.PREDICTIONS_UNLABELLED)).isEqualTo(unlabelled);
    assertThat(script.count(StreamMetric.OUTCOMES_LATE)).isEqualTo(outcomesLate);
    assertThat(script.count(StreamMetric.ROWS_LATE)).isEqualTo(late);
  }

  /** Soon after the hour's end; outcomes when the hour of their label has settled. */
  @Test
  void onTime() throws IOException {
    script.row("00:10", "leo").row("00:20", "sam").label("00:30", "leo", "1").then();
    script.clock("01:05").then();
    script.pause(SOON).then();
    script.clock("02:05").pause(SOON).then();
    script.clock("07:05").then();
    assertThat(script.joined())
        .containsExactly(
            "", "", "00: leo@10=1 sam@20", "shown: leo@10=1", "00 at last: leo@10=1 sam@20", "");
  }

  /** What ends within half a minute comes out in one reading, half a minute after the first end. */
  @Test
  void soonIsNotAtOnce() throws IOException {
    script.row("00:10", "leo").row("01:10", "cal").label("00:30", "leo", "1");
    script.clock("01:05").pause(Duration.standardSeconds(20)).then();
    script.label("01:30", "cal", "1").clock("02:05").pause(Duration.standardSeconds(9)).then();
    script.pause(Duration.standardSeconds(2)).then();
    script.pause(SOON).then();
    assertThat(script.joined())
        .containsExactly(
            "",
            "",
            "00: leo@10=1, 01: cal@10=1, shown: leo@10=1",
            "",
            "00 at last: leo@10=1, 01 at last: cal@10=1, shown: cal@10=1");
  }

  /** Nothing is passed on early, however long the hour takes to come. */
  @Test
  void speculative() throws IOException {
    script.row("00:10", "leo").label("00:20", "leo", "1").pause(Duration.standardHours(9)).then();
    script.row("00:30", "sam").label("00:40", "sam", "0").pause(Duration.standardHours(9)).then();
    script.clock("01:05").pause(SOON).then();
    assertThat(script.joined())
        .containsExactly(
            "",
            "",
            "00: leo@10=1 sam@30=0",
            "00 at last: leo@10=1 sam@30=0, shown: leo@10=1 sam@30=0");
    counts(2, 1, 0, 0);
  }

  /** Rows and labels behind others, and a label before its row, are none the worse for it. */
  @Test
  void unobservablyLate() throws IOException {
    script.row("00:50", "cal").label("00:15", "sam", "0").row("00:10", "leo").then();
    script.label("00:45", "leo", "1").row("00:20", "sam").then();
    script.clock("01:05").pause(SOON).then();
    assertThat(script.joined())
        .containsExactly(
            "",
            "",
            "00: cal@50 leo@10=1 sam@20=0",
            "00 at last: cal@50 leo@10=1 sam@20=0, shown: leo@10=1 sam@20=0");
    counts(2, 2, 0, 0);
  }

  /** The window whole, once an update, if there is something new. */
  @Test
  void observablyLate() throws IOException {
    script.row("00:10", "leo").row("00:20", "sam").clock("01:05").pause(SOON).then();
    script.label("01:10", "leo", "1").then();
    script.pause(UPDATE).then();
    script.row("00:40", "cal").label("00:30", "sam", "0").pause(UPDATE).then();
    script.label("01:20", "leo", "1").pause(UPDATE).then();
    script.label("01:30", "cal", "1").clock("07:05").then(); // closed before the update
    assertThat(script.joined())
        .containsExactly(
            "00: leo@10 sam@20",
            "",
            "00: leo@10=1 sam@20",
            "00: cal@40 leo@10=1 sam@20=0",
            "",
            "00 at last: cal@40=1 leo@10=1 sam@20=0, 00: cal@40=1 leo@10=1 sam@20=0,"
                + " shown: cal@40=1 leo@10=1 sam@20=0",
            "");
    counts(3, 2, 0, 0);
  }

  /** An outcome whose turn has passed is not shown, and counts for its window all the same. */
  @Test
  void observablyLateOutcome() throws IOException {
    script.row("00:10", "leo").row("00:20", "sam").clock("03:05").pause(SOON).then();
    script.label("01:59", "leo", "1").label("02:00", "sam", "0").pause(UPDATE).then();
    script.clock("04:05").pause(SOON).then();
    script.clock("07:05").then();
    assertThat(script.joined())
        .containsExactly(
            "00: leo@10 sam@20",
            "00: leo@10=1 sam@20=0",
            "shown: sam@20=0",
            "00 at last: leo@10=1 sam@20=0",
            "");
    counts(2, 3, 1, 0);
  }

  /**
   * A row beyond the allowed lateness, while others of its stretch still wait; a label beyond the
   * horizon of its prediction; and one that comes when nobody waits for it any more.
   */
  @Test
  void droppablyLate() throws IOException {
    script.row("00:10", "leo").row("00:11", "cal").clock("02:05").row("00:20", "sam");
    script.label("01:00", "sam", "1").pause(SOON).then();
    script.label("04:11", "leo", "1").label("04:11", "cal", "1").pause(UPDATE).then();
    script.clock("07:05").then();
    script.label("01:00", "leo", "1").clock("08:05").pause(UPDATE).then();
    assertThat(script.joined())
        .containsExactly(
            "00: cal@11 leo@10, late: sam",
            "00: cal@11=1 leo@10",
            "00 at last: cal@11=1 leo@10, shown: cal@11=1",
            "",
            "");
    counts(1, 4, 0, 1);
  }
}
