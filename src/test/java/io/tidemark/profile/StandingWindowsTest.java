package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.schema.LabelCoverage;
import io.tidemark.spec.SpecReader;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.FindingKey;
import io.tidemark.store.JsonLines;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
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

  private void written(Table table, String stage, List<? extends SpecificRecord> rows)
      throws IOException {
    String folder = WindowFolders.folder(output.toString(), table.folder(), "m", 3 * DAY);
    WindowFolders.replace(folder, stage, JsonLines.of(rows), "jsonl");
  }

  private static Finding finding(String version, long rows, boolean complete) {
    Finding finding =
        new FindingKey(
                "m", version, 3 * DAY, 4 * DAY, "", FindingKind.data_drift, "x", "jensen_shannon")
            .begin();
    finding.setRevision(rows);
    finding.setComplete(complete);
    finding.setReason("");
    return finding;
  }

  /** Nine rows of two versions, five with a label, in the window of day 3. */
  private void whole(boolean complete) throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    written(
        Table.FINDINGS,
        "part",
        List.of(finding("a", 5, complete), finding("a", 5, complete), finding("b", 4, complete)));
    written(Table.FINDINGS, "performance", List.of(finding("a", 99, complete)));
    LabelCoverage coverage =
        LabelCoverage.newBuilder()
            .setModel("m")
            .setModelVersion("a")
            .setWindowStart(Instant.EPOCH)
            .setWindowEnd(Instant.EPOCH)
            .setPredictions(5)
            .setLabelled(5)
            .setLabelledInLog(0)
            .setDisputed(0)
            .setUnlabelled(0)
            .setUnlabelledIds(List.of())
            .build();
    written(Table.LABEL_COVERAGE, "part", List.of(coverage));
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
