package io.tidemark.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.schema.Finding;
import io.tidemark.schema.FindingKind;
import io.tidemark.spec.DriftSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.FindingKey;
import io.tidemark.store.JsonLines;
import io.tidemark.store.WindowFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookBackTest {
  private static final WindowSpec WINDOW =
      WindowSpec.fixed(
          java.time.Duration.ofHours(1), Instant.EPOCH, java.time.Duration.ofMinutes(30));
  private static final long HOUR = 3_600_000_000L;

  @TempDir Path output;

  private final TestStream.Builder<WindowRevision<List<Comparison>>> builder =
      TestStream.create(Comparison.ofWindow());
  private TestStream.Builder<WindowRevision<List<Comparison>>> stream = builder;

  private RequirePersistence rule() {
    PersistenceRule twoOfThree = new PersistenceRule(new DriftSpec.Persistence(2, 3), WINDOW);
    return new RequirePersistence(Fleet.one("m", twoOfThree), output.toString());
  }

  private static Comparison comparison(int hour, String subject, boolean exceeded) {
    Finding finding =
        new FindingKey(
                "m",
                "",
                hour * HOUR,
                hour * HOUR + HOUR,
                "",
                FindingKind.data_drift,
                subject,
                "jensen_shannon")
            .begin();
    finding.setExceeded(exceeded);
    finding.setAlarm(exceeded);
    finding.setReason("");
    return new Comparison(finding, hour * HOUR, 0, new double[0]);
  }

  /** A window in which these subjects exceed, of two. */
  private static WindowRevision<List<Comparison>> window(int hour, long rows, String... exceeded) {
    List<String> all = List.of(exceeded);
    List<Comparison> found = new ArrayList<>();
    for (String subject : List.of("a", "b")) {
      found.add(comparison(hour, subject, all.contains(subject)));
    }
    return new WindowRevision<>(new WindowKey("m", "", hour * HOUR), rows, true, found);
  }

  private void then(int hour, long rows, String... exceeded) {
    stream =
        stream
            .addElements(window(hour, rows, exceeded))
            .advanceProcessingTime(Duration.standardSeconds(1));
  }

  /** What came out of each window last, as rows and the subjects that ring. */
  private void gives(int windows, TreeMap<Integer, String> expected) {
    Pipeline pipeline = Pipeline.create();
    PCollection<String> out =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(rule())
            .apply(ParDo.of(new TextFn()));
    PAssert.that(out)
        .satisfies(
            texts -> {
              TreeMap<Integer, TreeMap<Integer, String>> byWindow = new TreeMap<>();
              int count = 0;
              for (String text : texts) {
                String[] parts = text.split("\\|");
                byWindow
                    .computeIfAbsent(Integer.parseInt(parts[0]), key -> new TreeMap<>())
                    .put(Integer.parseInt(parts[1]), parts[2]);
                count++;
              }
              TreeMap<Integer, String> last = new TreeMap<>();
              byWindow.forEach((window, versions) -> last.put(window, versions.toString()));
              assertThat(last).isEqualTo(expected);
              assertThat(count).isEqualTo(windows);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  private static final class TextFn extends DoFn<WindowRevision<List<Comparison>>, String> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> window, OutputReceiver<String> out) {
      StringBuilder rang = new StringBuilder();
      for (Comparison each : window.content()) {
        if (each.finding().getAlarm()) {
          rang.append(each.finding().getSubject());
        }
      }
      out.output(window.window().start() / HOUR + "|" + window.revision() + "|" + rang + ".");
    }
  }

  private static TreeMap<Integer, String> expect(Object... pairs) {
    TreeMap<Integer, String> expected = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      expected.put((Integer) pairs[i], (String) pairs[i + 1]);
    }
    return expected;
  }

  @Test
  void ringsInTheSecondOfThreeWindows() {
    then(0, 10, "a");
    then(1, 10);
    then(2, 10, "a", "b");
    then(3, 10, "b");
    then(4, 10);
    then(5, 10, "b");
    gives(
        6, expect(0, "{10=.}", 1, "{10=.}", 2, "{10=a.}", 3, "{10=b.}", 4, "{10=.}", 5, "{10=b.}"));
  }

  @Test
  void judgesAgainWhatLooksBackAtAWindowThatChanged() {
    then(0, 10);
    then(1, 10, "a");
    then(2, 10, "a");
    then(1, 11); // 1 and 2 again: "a" does not ring in 2 any more, 3 is not there yet
    gives(5, expect(0, "{10=.}", 1, "{10=., 11=.}", 2, "{10=.}"));
  }

  @Test
  void windowsInAnyOrder() {
    then(2, 10, "a");
    then(1, 10, "b");
    then(3, 10, "b");
    then(0, 10, "a");
    // Each again whenever one came that it looks back at.
    gives(1 + 2 + 1 + 3, expect(0, "{10=.}", 1, "{10=.}", 2, "{10=a.}", 3, "{10=b.}"));
  }

  /** As on a busy machine, where a watermark that leaps ends many windows at once. */
  @Test
  void aWindowMayComeLongAfterAllThatLookBackAtIt() {
    then(0, 10);
    for (int hour = 2; hour < 9; hour++) {
      then(hour, 10, hour < 4 ? "a" : "b");
    }
    then(1, 10, "a");
    TreeMap<Integer, String> expected = expect(0, "{10=.}", 1, "{10=.}", 2, "{10=a.}");
    expected.putAll(expect(3, "{10=a.}", 4, "{10=.}"));
    for (int hour = 5; hour < 9; hour++) {
      expected.put(hour, "{10=b.}");
    }
    gives(1 + 7 + 3, expected);
  }

  @Test
  void whatEventTimeHasClosedIsNotJudgedAgain() {
    for (int hour = 0; hour < 6; hour++) {
      then(hour, 10);
    }
    // 0 and 1 are settled when 2 and 3 are closed.
    stream = stream.advanceWatermarkTo(new org.joda.time.Instant(HOUR / 1000 * 19 / 4));
    then(2, 11);
    then(0, 11, "a");
    TreeMap<Integer, String> expected = expect(0, "{10=., 11=.}", 1, "{10=.}", 2, "{10=., 11=.}");
    expected.putAll(expect(3, "{10=.}", 4, "{10=.}", 5, "{10=.}"));
    gives(6 + 3 + 2, expected);
  }

  @Test
  void aGapIsFilledInLate() {
    then(0, 10, "a");
    then(40, 10, "a");
    for (int hour = 1; hour < 40; hour++) {
      stream = stream.addElements(window(hour, 0, hour == 1 || hour == 39 ? "a" : "b"));
    }
    stream = stream.advanceProcessingTime(Duration.standardSeconds(1));
    TreeMap<Integer, String> expected = expect(0, "{10=.}", 1, "{0=a.}", 2, "{0=.}");
    for (int hour = 3; hour < 39; hour++) {
      expected.put(hour, "{0=b.}");
    }
    expected.put(39, "{0=.}");
    expected.put(40, "{10=a.}");
    gives(1 + 1 + 40, expected);
  }

  @Test
  void anOlderStateOfAWindowIsPassedOver() {
    then(0, 10, "a");
    then(0, 4);
    then(1, 10, "a");
    gives(2, expect(0, "{10=.}", 1, "{10=a.}"));
  }

  /** Of a window that the stream has seen, its own counts. */
  @Test
  void looksBackAtWhatEarlierRunsHaveStored() throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    for (int hour = 0; hour < 3; hour++) {
      byte[] findings = JsonLines.of(List.of(comparison(hour, "a", true).finding()));
      String folder = WindowFolders.folder(output.toString(), "findings", "m", hour * HOUR);
      WindowFolders.replace(folder, "part", findings, "jsonl");
    }
    then(2, 10, "b");
    then(3, 10, "a");
    then(4, 10, "a", "b");
    gives(3, expect(2, "{10=.}", 3, "{10=a.}", 4, "{10=ab.}"));
  }

  @Test
  void aDamagedFileOfAnEarlierRunStopsNothing() throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    String folder = WindowFolders.folder(output.toString(), "findings", "m", HOUR);
    Files.createDirectories(Path.of(folder));
    Files.writeString(Path.of(folder, "part-0123456789abcdef.jsonl"), "{\"exceeded\": tr");
    then(2, 10, "a");
    gives(1, expect(2, "{10=.}"));
  }

  private static final class WhenFn extends DoFn<WindowRevision<List<Comparison>>, String> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> window,
        @Timestamp org.joda.time.Instant at,
        OutputReceiver<String> out) {
      out.output(window.window().start() / HOUR + " at " + at.getMillis() * 1000 / HOUR);
    }
  }

  /** What is not judged yet holds event time up: snapshots wait for it. */
  @Test
  void holdsEventTimeAtTheEarliestWindow() {
    stream =
        stream.addElements(
            TimestampedValue.of(window(1, 10, "a"), new org.joda.time.Instant(2 * HOUR / 1000)),
            TimestampedValue.of(window(0, 10, "a"), new org.joda.time.Instant(HOUR / 1000)),
            TimestampedValue.of(window(2, 10, "a"), new org.joda.time.Instant(3 * HOUR / 1000)));
    Pipeline pipeline = Pipeline.create();
    PAssert.that(
            pipeline
                .apply(
                    stream
                        .advanceProcessingTime(Duration.standardSeconds(1))
                        .advanceWatermarkToInfinity())
                .apply(rule())
                .apply(ParDo.of(new WhenFn())))
        .containsInAnyOrder("0 at 1", "1 at 1", "2 at 1");
    pipeline.run().waitUntilFinish();
  }

  /** A log that is read again has no pauses. */
  @Test
  void windowsThatNeverPauseArePassedOn() {
    for (int hour = 0; hour < 6; hour++) {
      stream =
          stream.addElements(window(hour, 10, "a")).advanceProcessingTime(Duration.millis(300));
    }
    // At every second one, what is new and what was judged of it before.
    gives(
        6,
        expect(0, "{10=.}", 1, "{10=a.}", 2, "{10=a.}", 3, "{10=a.}", 4, "{10=a.}", 5, "{10=a.}"));
  }
}
