package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingWindowsTest {
  private static final long DAY = 86_400_000_000L;
  private static final long NONE = Long.MIN_VALUE;
  private static final long END = Long.MAX_VALUE;
  private static final WindowSpec WINDOW =
      SpecReader.read(
              "test",
              """
              model: m
              task: binary
              events: {time: t, prediction: {score: s, positive: "1"}}
              features: {x: numeric}
              window: {size: P1D}
              """)
          .window();

  @TempDir Path output;

  private void written(String table, String file, String... rows) throws IOException {
    Path folder = output.resolve(table + "/model=m/window=19700104T000000Z");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(file), String.join("\n", rows) + "\n");
  }

  /** Nine rows of two versions, five with a label, in the window of day 3. */
  private void whole(boolean complete) throws IOException {
    String end = ",\"segment\":\"\",\"complete\":" + complete + "}";
    written(
        "findings",
        "part-1.jsonl",
        "{\"model_version\":\"a\",\"revision\":5" + end,
        "{\"model_version\":\"a\",\"revision\":5" + end,
        "{\"model_version\":\"b\",\"revision\":4" + end);
    written("findings", "performance-1.jsonl", "{\"model_version\":\"a\",\"revision\":99" + end);
    written(
        "label-coverage",
        "part-1.jsonl",
        "{\"model_version\":\"a\",\"predictions\":5,\"labelled\":5}");
  }

  private static Reach asked(long from, long to, long readFrom, boolean joins) {
    return new Reach(from, to, readFrom, joins, true);
  }

  private String said(Reach asked, long rows, long labelled, long... present) throws IOException {
    LogSpans log = LogSpans.over(WINDOW);
    for (long day : present) {
      log.add(day * DAY);
    }
    return new StandingWindows.Rule(output.toString(), "m", WINDOW, asked)
        .of(3 * DAY, new Held(rows, labelled), log);
  }

  @Test
  void aFirstRunWritesWhatItHas() throws IOException {
    assertThat(said(asked(5 * DAY, 6 * DAY, 0, true), 3, 0, 3)).isNull();
    assertThat(said(asked(NONE, END, NONE, true), 3, 0, 3)).isNull();
  }

  @Test
  void boundsThatCoverAWindowReplaceIt() throws IOException {
    whole(true);
    assertThat(said(asked(3 * DAY, 4 * DAY, 0, true), 2, 1, 3)).isNull();
    assertThat(said(asked(3 * DAY, 4 * DAY, 0, true), 0, 0)).isNull();
    assertThat(said(asked(3 * DAY, 4 * DAY, 0, false), 9, 0, 3)).isEqualTo("0 labels, 5 are there");
  }

  @Test
  void aWindowThatIsLookedBackAtIsReplacedByNoLess() throws IOException {
    whole(true);
    Reach later = asked(5 * DAY, 6 * DAY, 0, true);
    assertThat(said(later, 8, 8, 3)).isEqualTo("8 rows, 9 are there");
    assertThat(said(later, 9, 4, 3)).isEqualTo("4 labels, 5 are there");
    assertThat(said(later, 9, 5, 3)).isEmpty();
    assertThat(said(later, 12, 5, 3)).isEmpty();
    assertThat(said(later, 0, 0, 2, 4)).isEqualTo("no rows");
  }

  @Test
  void edgesOfALogWithoutBoundsReplaceNoMoreThanTheyHave() throws IOException {
    whole(true);
    Reach unbounded = asked(NONE, END, NONE, true);
    assertThat(said(unbounded, 8, 5, 3, 5)).isEqualTo("8 rows, 9 are there");
    assertThat(said(unbounded, 8, 5, 1, 3)).isEqualTo("8 rows, 9 are there");
    assertThat(said(unbounded, 9, 5, 1, 3)).as("stays whole").isEmpty();
    assertThat(said(unbounded, 8, 5, 1, 3, 5)).isNull();
    assertThat(said(unbounded, 0, 0, 1, 5)).isEqualTo("0 rows, 9 are there");
    whole(false);
    assertThat(said(unbounded, 9, 5, 1, 3)).isNull();
  }

  @Test
  void aWindowThatIsCutReplacesNoWholeOne() throws IOException {
    whole(true);
    Reach cut = asked(3 * DAY + 5, 4 * DAY, 3 * DAY + 5, true);
    assertThat(said(cut, 20, 20, 3)).isEqualTo("cut by the bounds");
    whole(false);
    assertThat(said(cut, 20, 20, 3)).isNull();
  }
}
