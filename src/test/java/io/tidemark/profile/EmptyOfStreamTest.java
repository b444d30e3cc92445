package io.tidemark.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.EventLayout;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD) // one clock
class EmptyOfStreamTest {
  private static final WindowSpec WINDOW =
      WindowSpec.fixed(Duration.ofHours(1), Instant.EPOCH, Duration.ZERO);
  private static final long HOUR = 3_600_000_000L;
  private static final ProfileLayout LAYOUT =
      new ProfileLayout(
          "m", 0, EventLayout.of(List.of(), List.of()), List.of(), List.of(), List.of(), 10, 10);
  private static final Broadcast<ProfileLayouts> LAYOUTS =
      Broadcast.of(ProfileLayouts.single(LAYOUT));

  /** An element of this version sets the clock to its time and goes no further. */
  private static final String CLOCK = "clock";

  /** Static, and read by a lambda that captures nothing, because steps are copied. */
  private static final AtomicLong NOW = new AtomicLong();

  private TestStream.Builder<KV<WindowKey, WindowProfile>> stream =
      TestStream.create(KvCoder.of(new WindowKey.KeyCoder(), new WindowProfileCoder(LAYOUTS)));

  private void clock(double hours) {
    stream = stream.addElements(element(CLOCK, (long) (hours * HOUR)));
  }

  private static KV<WindowKey, WindowProfile> element(String version, long micros) {
    return KV.of(new WindowKey("m", version, micros), new WindowProfile(LAYOUT));
  }

  /** At its end, as windows are passed on. */
  private static TimestampedValue<KV<WindowKey, WindowProfile>> ended(String version, int hour) {
    return TimestampedValue.of(
        element(version, hour * HOUR), new org.joda.time.Instant((hour + 1) * (HOUR / 1000)));
  }

  private long from = Long.MIN_VALUE;
  private long to = Long.MAX_VALUE;

  private void window(int hour, String version) {
    stream =
        stream
            .addElements(ended(version, hour))
            .advanceProcessingTime(org.joda.time.Duration.standardSeconds(10));
  }

  private void watermark(double hours) {
    stream = stream.advanceWatermarkTo(new org.joda.time.Instant((long) (hours * HOUR / 1000)));
  }

  /** Clock and watermark, as they are while rows come as they happen. */
  private void time(double hours) {
    clock(hours);
    watermark(hours - .01);
  }

  private void fills(boolean versions, Integer... hours) {
    Pipeline pipeline = Pipeline.create();
    PCollection<String> filled =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply("SetClock", ParDo.of(new ClockFn()))
            .setCoder(KvCoder.of(new WindowKey.KeyCoder(), new WindowProfileCoder(LAYOUTS)))
            .apply(
                AddEmptyWindows.ofGaps(
                        Fleet.one("m", new AddEmptyWindows.Gaps(WINDOW, versions, from, to)),
                        LAYOUTS)
                    .at(() -> NOW.get()))
            .apply("Hours", ParDo.of(new HoursFn()))
            .setTypeDescriptor(TypeDescriptors.strings());
    List<String> expected = new TreeSet<>(List.of(hours)).stream().map(String::valueOf).toList();
    PAssert.that(filled).containsInAnyOrder(expected);
    assertThat(pipeline.run().waitUntilFinish()).isNotNull();
  }

  private static final class ClockFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<WindowKey, WindowProfile>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> element,
        OutputReceiver<KV<WindowKey, WindowProfile>> out) {
      if (element.getKey().version().equals(CLOCK)) {
        NOW.set(element.getKey().start());
      } else {
        out.output(element);
      }
    }
  }

  private static final class HoursFn extends DoFn<KV<WindowKey, WindowProfile>, String> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element KV<WindowKey, WindowProfile> empty, OutputReceiver<String> out) {
      assertThat(empty.getValue().rows()).isZero();
      out.output(Long.toString(empty.getKey().start() / HOUR));
    }
  }

  @Test
  void aGapOnceTheWindowAfterItHasCome() {
    clock(1000); // a log that is read again
    window(3, "");
    window(4, "");
    window(8, "");
    window(9, "");
    fills(false, 5, 6, 7);
  }

  @Test
  void gapsOfEachVersion() {
    clock(1000);
    window(3, "a");
    window(4, "b");
    window(5, "a");
    window(7, "b");
    fills(true, 4, 5, 6);
  }

  @Test
  void windowsThatEndTogetherComeInAnyOrder() {
    clock(1000);
    stream = stream.addElements(ended("", 6), ended("", 3));
    window(4, "");
    fills(false, 5);
  }

  /** As on a busy machine, where a watermark that leaps ends many windows at once. */
  @Test
  void aWindowThatComesLongAfterThoseThatEndedWithItWasNotEmpty() {
    clock(1000);
    window(2, "");
    window(6, "");
    window(4, "");
    window(9, "");
    window(3, "");
    window(5, "");
    fills(false, 7, 8);
  }

  @Test
  void aGapOfYearsIsAnErrorInTheRowsTime() {
    clock(1_000_000);
    window(3, "");
    window(4 + AddEmptyWindows.LONGEST_GAP + 1, "");
    window(4 + AddEmptyWindows.LONGEST_GAP + 3, "");
    fills(false, 4 + AddEmptyWindows.LONGEST_GAP + 2);
  }

  @Test
  void silenceAsTimePasses() {
    time(4.1);
    window(3, "");
    time(5.1);
    time(6.1);
    time(7.1);
    fills(false, 4, 5, 6);
  }

  @Test
  void rowsAfterSilence() {
    time(4.1);
    window(3, "");
    time(5.1);
    time(7.1);
    window(6, "");
    time(8.1);
    fills(false, 4, 5, 7);
  }

  @Test
  void noSilenceWhileVersionsComeAndGo() {
    time(4.1);
    window(3, "a");
    time(5.1);
    time(6.1);
    fills(true);
  }

  @Test
  void theEndOfAnOldLogIsNoSilence() {
    clock(1000);
    window(3, "");
    watermark(500);
    fills(false);
  }

  /** A job that is drained sets event time to the end of all time. */
  @Test
  void noSilenceIsToCome() {
    time(4.1);
    window(3, "");
    time(5.1);
    clock(5.2);
    fills(false, 4);
  }

  @Test
  void whatWasAskedForBeforeTheFirstRowAndAfterTheLast() {
    from = 2 * HOUR;
    to = 9 * HOUR;
    clock(1000);
    window(4, "");
    window(6, "");
    watermark(8);
    watermark(500);
    fills(false, 2, 3, 5, 7, 8);
  }

  @Test
  void theFutureThatWasAskedForIsToCome() {
    to = 9 * HOUR;
    clock(5.1);
    window(4, "");
    watermark(500);
    fills(false);
  }

  @Test
  void aWindowThatHasJustComeIsNotSilent() {
    time(4.1);
    window(3, "");
    clock(5.1);
    stream = stream.addElements(ended("", 4));
    watermark(5.09);
    stream = stream.advanceProcessingTime(org.joda.time.Duration.standardSeconds(2));
    time(6.1);
    fills(false, 5);
  }

  @Test
  void aWindowThatChangesDoesNotEndTheWatch() {
    time(4.1);
    window(3, "");
    stream = stream.addElements(ended("", 3)); // late rows
    time(5.1);
    stream = stream.advanceProcessingTime(org.joda.time.Duration.standardSeconds(2));
    time(6.1);
    fills(false, 4, 5);
  }
}
