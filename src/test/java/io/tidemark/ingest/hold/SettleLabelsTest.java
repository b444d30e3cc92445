package io.tidemark.ingest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.Redaction;
import io.tidemark.spec.SpecReader;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labels wait in buckets of two hours, half a horizon long, that are closed five hours after their
 * end: a horizon and the allowed lateness. The last one that a label goes to, which answers for it,
 * holds the time two hours after the label's own. All ids here are of one shard.
 */
class SettleLabelsTest {
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

  /** Windows that wait to be written hold event time that long. */
  private static final Duration SOON = Duration.standardSeconds(31);

  @TempDir Path folder;

  private final TopicScript script = new TopicScript(SPEC);

  SettleLabelsTest() throws IOException {}

  private List<String> settled() throws IOException {
    return script.settled(folder, Redaction.of(SpecReader.read("test", SPEC), null));
  }

  private void counts(long joined, long duplicate, long conflicting, long orphan, long tooLate) {
    assertThat(script.count(StreamMetric.LABELS_JOINED)).isEqualTo(joined);
    assertThat(script.count(StreamMetric.LABELS_DUPLICATE)).isEqualTo(duplicate);
    assertThat(script.count(StreamMetric.LABELS_CONFLICTING)).isEqualTo(conflicting);
    assertThat(script.count(StreamMetric.LABELS_ORPHAN)).isEqualTo(orphan);
    assertThat(script.count(StreamMetric.LABELS_TOO_LATE)).isEqualTo(tooLate);
  }

  /** A label's fate is known when the last of its buckets has closed, whichever joined it. */
  @Test
  void onTime() throws IOException {
    script.row("00:10", "leo").row("00:20", "sam").label("00:30", "leo", "1").then();
    script.clock("07:05").pause(SOON).then();
    script.clock("09:05").pause(SOON).then();
    assertThat(settled()).containsExactly("", "1 served", "1 joined", "");
    counts(1, 0, 0, 0, 0);
  }

  /** Later labels and those of nobody are listed, each once and in the order of class and place. */
  @Test
  void whatLabelsNothingIsListed() throws IOException {
    script.row("00:10", "leo").row("00:20", "sam");
    script.label("00:30", "leo", "1").label("00:40", "leo", "1").label("00:50", "leo", "0");
    script.label("00:30", "cal", "1").label("00:20", "leo", "1").then();
    script.clock("09:05").pause(SOON).then();
    assertThat(settled())
        .containsExactly(
            "",
            "02 listed: duplicate leo@0 duplicate leo@1 conflicting leo@2 orphan cal@3, 1 joined 2"
                + " duplicate 1 conflicting 1 orphan, 1 served",
            "");
    counts(1, 2, 1, 1, 0);
  }

  /** Two labels that are the same in everything are two: they stand in two places. */
  @Test
  void sameLabelTwice() throws IOException {
    script.row("00:10", "leo").label("00:30", "leo", "1").label("00:30", "leo", "1");
    script.clock("09:05").pause(SOON).then();
    assertThat(settled())
        .containsExactly("02 listed: duplicate leo@1, 1 joined 1 duplicate, 1 served", "");
  }

  /** An id that is predicted in two buckets: what one of them joins is joined. */
  @Test
  void predictedAgain() throws IOException {
    script.row("00:10", "leo").row("02:10", "leo").label("02:20", "leo", "1");
    script.row("10:10", "leo").label("10:20", "leo", "0").pause(SOON).then();
    script.clock("19:05").pause(SOON).then();
    assertThat(settled())
        .containsExactly("1 served, 1 served again", "1 joined, 1 joined again, 1 served", "");
    counts(2, 0, 0, 0, 0);
  }

  /** Past the horizon of a prediction that is still there, or of one that has gone. */
  @Test
  void tooLate() throws IOException {
    script.row("00:10", "leo").row("00:11", "cal");
    script.label("04:11", "leo", "1").label("06:30", "cal", "1");
    script.clock("15:05").pause(SOON).then();
    assertThat(settled())
        .containsExactly(
            "06 listed: too_late leo@0, 08 listed: orphan cal@1, 1 orphan, 1 too late", "");
    counts(0, 0, 0, 1, 1);
  }

  /** A label that comes when its buckets have closed is an orphan, and in a file of its own. */
  @Test
  void droppablyLate() throws IOException {
    script.row("00:10", "leo").label("00:30", "sam", "1").clock("09:05").pause(SOON).then();
    script.label("00:40", "leo", "1").clock("09:06").pause(SOON).then();
    assertThat(settled())
        .containsExactly(
            "02 listed: orphan sam@0, 1 orphan", "02 listed: orphan leo@1, 1 orphan", "");
    counts(0, 0, 0, 2, 0);
  }

  /** What is hidden is hidden here, too. */
  @Test
  void masked() throws IOException {
    script.label("00:30", "sam", "1").clock("09:05").pause(SOON).then();
    String masking = SPEC + "snapshot: {mask: [id]}\n";
    Redaction redaction = Redaction.of(SpecReader.read("test", masking), new byte[] {1});
    assertThat(script.settled(folder, redaction).get(0))
        .isEqualTo("02 listed: orphan " + redaction.show("id", "sam") + "@0, 1 orphan")
        .doesNotContain("sam");
  }

  /** Nothing is settled early, however long the hour takes to come. */
  @Test
  void speculative() throws IOException {
    script.row("00:10", "leo").label("00:20", "leo", "1").pause(Duration.standardHours(9)).then();
    script.clock("08:55").pause(Duration.standardHours(9)).then();
    assertThat(settled()).containsExactly("", "1 served", "1 joined");
  }
}
