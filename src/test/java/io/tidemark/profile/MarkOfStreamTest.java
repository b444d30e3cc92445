package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Keys;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

/** A window is its number of rows here; rows that are only seen so far have a negative one. */
class MarkOfStreamTest {
  private static final WindowSpec WINDOW =
      WindowSpec.fixed(Duration.ofHours(1), Instant.EPOCH, Duration.ZERO);
  private static final long HOUR = 3_600_000_000L;

  private TestStream.Builder<KV<WindowKey, Long>> stream =
      TestStream.create(KvCoder.of(new WindowKey.KeyCoder(), VarLongCoder.of()));

  private void seen(int hour) {
    ends(hour, -1);
  }

  private void ends(int hour, long rows) {
    stream =
        stream
            .addElements(KV.of(new WindowKey("m", "", hour * HOUR), rows))
            .advanceProcessingTime(org.joda.time.Duration.millis(1));
  }

  /** In any order: the pieces of a step's output come in none. */
  private void gives(String... expected) {
    Pipeline pipeline = Pipeline.create();
    PCollection<KV<WindowKey, Long>> all = pipeline.apply(stream.advanceWatermarkToInfinity());
    PCollection<KV<String, Long>> seen =
        all.apply("Seen", Filter.by(each -> each.getValue() < 0))
            .apply(Keys.create())
            .apply(
                MapElements.into(
                        TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.longs()))
                    .via(window -> KV.of(window.model(), window.start())));
    PCollection<String> marked =
        all.apply("Ended", Filter.by(each -> each.getValue() >= 0))
            .apply(
                MarkWindows.of(
                    LogEdges.found(
                        Fleet.one("m", WINDOW), Fleet.one("m", WindowCompleteness.UNBOUNDED), seen),
                    null,
                    rows -> rows,
                    rows -> rows))
            .apply(
                "Text",
                MapElements.into(TypeDescriptors.strings())
                    .via(
                        each ->
                            each.window().start() / HOUR
                                + (each.complete() ? " " : " cut ")
                                + each.content()));
    PAssert.that(marked)
        .satisfies(
            texts -> {
              List<String> found = new ArrayList<>();
              texts.forEach(found::add);
              assertThat(found).containsExactlyInAnyOrder(expected);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void firstWindowAndLast() {
    seen(1);
    seen(2);
    ends(1, 10);
    seen(3);
    ends(2, 20);
    ends(3, 30);
    gives("1 cut 10", "2 20", "3 cut 30");
  }

  @Test
  void theLastIsCompleteOnceALaterOneHasRows() {
    seen(1);
    seen(2);
    ends(1, 10);
    ends(2, 20);
    ends(2, 21);
    seen(3);
    ends(3, 30);
    gives("1 cut 10", "2 cut 20", "2 cut 21", "2 21", "3 cut 30");
  }

  @Test
  void theFirstIsCompleteOnceAnEarlierOneHasRows() {
    seen(2);
    seen(3);
    ends(2, 20);
    ends(1, 10);
    gives("2 cut 20", "1 cut 10", "2 20");
  }

  @Test
  void windowsFilledInAreComplete() {
    seen(1);
    ends(1, 10);
    ends(2, 0);
    ends(3, 0);
    gives("1 cut 10", "2 0", "3 0");
  }

  @Test
  void aRowDatedFarAheadCompletesNothing() {
    seen(1);
    seen(2);
    seen(999_999);
    ends(1, 10);
    ends(2, 20);
    gives("1 cut 10", "2 cut 20");
  }
}
