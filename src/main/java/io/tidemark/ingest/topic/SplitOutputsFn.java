package io.tidemark.ingest.topic;

import io.tidemark.event.InferenceEvent;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.scan.ScanFn;
import io.tidemark.schema.DeadLetter;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * Tells usable rows, dead letters and late rows of a topic apart, by model, and counts them: as
 * metrics, and a bundle's under {@link ReadTopic#COUNTS}.
 */
public final class SplitOutputsFn extends DoFn<StreamRows, KV<String, List<InferenceEvent>>> {
  private static final long serialVersionUID = 1;

  private final ModelCounter in;
  private final ModelCounter bad;
  private final ModelCounter late;
  private final ModelCounter outOfRange;
  private final Counter unclaimed = StreamMetric.ROWS_UNCLAIMED.counter();
  private final Counter unreadable = StreamMetric.ROWS_UNREADABLE.counter();

  private transient TreeMap<String, RowCounts> counts;
  private transient Instant least;

  public SplitOutputsFn(Set<String> models, StreamMetric in, StreamMetric bad) {
    this.in = in.counter(models);
    this.bad = bad.counter(models);
    this.late = StreamMetric.ROWS_LATE.counter(models);
    this.outOfRange = StreamMetric.ROWS_OUT_OF_RANGE.counter(models);
  }

  @StartBundle
  public void start() {
    bad.begin();
    late.begin();
    outOfRange.begin();
    unclaimed.inc(0); // known from the start, so that the first is seen as a rise from 0
    unreadable.inc(0);
    counts = new TreeMap<>();
    least = null;
  }

  private void count(String model, RowCounts more) {
    counts.merge(model, more, RowCounts::plus);
  }

  @ProcessElement
  public void process(
      @Element StreamRows rows, @Timestamp Instant timestamp, MultiOutputReceiver out) {
    least = least == null || timestamp.isBefore(least) ? timestamp : least;
    if (rows.unclaimed() > 0) {
      unclaimed.inc(rows.unclaimed());
      count(ScanFn.NOBODY, RowCounts.ofNobody(rows.unclaimed(), 0));
    }
    rows.events()
        .forEach(
            (model, events) -> {
              in.inc(model, events.size());
              count(model, RowCounts.read(events.size(), 0, 0));
              out.get(ReadTopic.ROWS).output(KV.of(model, events));
            });
    rows.outOfRange()
        .forEach(
            (model, passed) -> {
              outOfRange.inc(model, passed);
              count(model, RowCounts.passedOver(passed));
            });
    for (KV<String, DeadLetter> letter : rows.bad()) {
      if (letter.getKey().equals(ScanFn.NOBODY)) {
        unreadable.inc();
        count(ScanFn.NOBODY, RowCounts.ofNobody(0, 1));
      } else {
        in.inc(letter.getKey(), 1);
        bad.inc(letter.getKey(), 1);
        count(letter.getKey(), RowCounts.read(1, 0, 1));
      }
      out.get(ReadTopic.BAD).output(letter);
    }
    for (KV<String, DeadLetter> letter : rows.late()) {
      in.inc(letter.getKey(), 1);
      late.inc(letter.getKey(), 1);
      count(letter.getKey(), RowCounts.read(1, 1, 0));
      out.get(ReadTopic.LATE).output(letter);
    }
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    counts.forEach(
        (model, read) ->
            context.output(ReadTopic.COUNTS, KV.of(model, read), least, GlobalWindow.INSTANCE));
    counts = null;
  }
}
