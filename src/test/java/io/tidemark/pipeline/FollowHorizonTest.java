package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.SpecFiles;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.Baselines;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day of four windows, whose rows have all values missing, so that something rings each time the
 * day is written.
 */
class FollowHorizonTest {
  private static final long DAY = WindowSpec.micros(Instant.parse("2024-01-01T00:00:00Z"));
  private static final long HOUR = 3_600_000_000L;

  @TempDir static Path folder;
  private static Model model;
  private static WindowProfileCoder coder;

  @TempDir Path output;

  private TestStream.Builder<WindowRevision<WindowProfile>> stream =
      TestStream.create(WindowRevision.coder(coder));

  @BeforeAll
  static void learn() throws Exception {
    String text =
        Log.SPEC
            .replace("FORMAT", "jsonl")
            .replace("{size: PT6H,", "{size: PT6H, allowed_lateness: PT3H, horizons: [P1D],");
    Log log = Log.of(folder.resolve("log"), text, 1_000);
    MonitoringSpec spec = SpecFiles.one(log.spec.toString());
    Baselines baselines = Baselines.read(log.baseline.toString(), spec.model());
    model = new Model(spec, Redaction.of(spec, null), baselines);
    coder = new WindowProfileCoder(Broadcast.of(model.layouts()));
  }

  private static WindowProfile profile(int rows) {
    ProfileLayouts layouts = model.layouts();
    EventLayout layout = layouts.of(model.spec().model(), "").layout();
    double[] numbers = new double[layout.numbers()];
    Arrays.fill(numbers, Double.NaN);
    String[] categories = new String[layout.fields().size() - layout.numbers()];
    WindowProfile profile = new WindowProfile(layouts.of(model.spec().model(), ""));
    for (int i = 0; i < rows; i++) {
      profile.add(new InferenceEvent(null, DAY, "", numbers, categories, null, new String[0]));
    }
    return profile;
  }

  private void window(int hour, int rows) {
    window(hour, rows, true);
  }

  private void window(int hour, int rows, boolean complete) {
    WindowKey key = new WindowKey(model.spec().model(), "", DAY + hour * HOUR);
    stream = stream.addElements(new WindowRevision<>(key, rows, complete, profile(rows)));
  }

  private void watermark(int hour) {
    stream = stream.advanceWatermarkTo(new org.joda.time.Instant((DAY + hour * HOUR) / 1000));
  }

  private void moment() {
    stream = stream.advanceProcessingTime(Duration.standardSeconds(1));
  }

  /**
   * @param expected how often the day was written, by its rows then
   * @param last rows that its files hold in the end
   */
  private void gives(String expected, long last) throws Exception {
    Pipeline pipeline = Pipeline.create();
    PCollection<String> rang =
        new HorizonBranch(
                Fleet.one(model.spec().model(), model),
                Broadcast.of(model.layouts()),
                output.toString())
            .detect(pipeline.apply(stream.advanceWatermarkToInfinity()))
            .get(0)
            .apply("Text", ParDo.of(new TextFn()))
            .setTypeDescriptor(TypeDescriptors.strings());
    PAssert.that(rang)
        .satisfies(
            texts -> {
              TreeMap<String, Integer> counts = new TreeMap<>();
              texts.forEach(text -> counts.merge(text, 1, Integer::sum));
              assertThat(counts).hasToString(expected);
              return null;
            });
    pipeline.run().waitUntilFinish();
    for (String table : List.of("statistics", "findings")) {
      List<Path> files = Cli.files(output.resolve(table + "/model=loans/horizon=P1D"));
      assertThat(files).hasSize(1);
      assertThat(files.get(0).toString())
          .contains("window=20240101T000000Z")
          .contains(String.format("-r%015d-", last));
    }
    assertThat(Cli.findings(output)).allMatch(each -> each.get("revision").asLong() == last);
  }

  private static final class TextFn extends DoFn<Finding, String> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element Finding finding, OutputReceiver<String> out) {
      if (finding.getSubject().equals("income") && finding.getSegment().isEmpty()) {
        out.output(Long.toString(finding.getRevision()));
      }
    }
  }

  @Test
  void oneDayWhenItEnds() throws Exception {
    window(0, 10);
    window(6, 20);
    window(12, 30);
    window(18, 40);
    watermark(23);
    moment();
    gives("{100=1}", 100);
  }

  @Test
  void againWhenAWindowHasChanged() throws Exception {
    window(0, 10);
    window(6, 20);
    window(12, 30);
    window(18, 40);
    watermark(25);
    window(18, 45);
    window(12, 31);
    moment(); // once for both
    watermark(26);
    window(18, 46);
    watermark(28); // closed before the moment has passed
    gives("{100=1, 106=1, 107=1}", 107);
  }

  @Test
  void anOlderStateOfAWindowIsPassedOver() throws Exception {
    window(0, 10);
    window(6, 20);
    window(6, 15);
    window(12, 30);
    window(18, 40);
    gives("{100=1}", 100);
  }

  /** Which windows had no rows is known when one after them has some. */
  @Test
  void gapsFilledInAfterItClosed() throws Exception {
    window(0, 100);
    window(6, 200);
    watermark(60);
    moment();
    window(12, 0);
    window(18, 0);
    moment();
    gives("{300=2}", 300);
  }

  /** That a window is not the log's last is known when a later one has rows. */
  @Test
  void completeOnceItsLastWindowIsAfterItClosed() throws Exception {
    window(0, 100);
    window(6, 200);
    window(12, 300);
    window(18, 400, false);
    watermark(60);
    moment();
    window(18, 400, true);
    moment();
    gives("{1000=2}", 1000);
    assertThat(Cli.findings(output)).allMatch(each -> each.get("complete").asBoolean());
  }

  @Test
  void goesOnWhereAnEarlierRunStopped() throws Exception {
    window(0, 100);
    window(6, 200);
    gives("{300=1}", 300);
    stream = TestStream.create(WindowRevision.coder(coder));
    window(6, 201); // counts instead of the one that is stored
    window(12, 300);
    window(18, 400);
    gives("{1001=1}", 1001);
    assertThat(Cli.findings(output)).allMatch(each -> each.get("complete").asBoolean());
  }

  @Test
  void aDayWithoutTheLastWindow() throws Exception {
    window(0, 100);
    window(6, 200);
    window(12, 300);
    gives("{600=1}", 600);
  }
}
