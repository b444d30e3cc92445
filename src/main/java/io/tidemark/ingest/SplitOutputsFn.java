package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.schema.DeadLetter;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Tells usable rows, dead letters and late rows of a topic apart, by model, and counts them. */
final class SplitOutputsFn extends DoFn<StreamRows, KV<String, List<InferenceEvent>>> {
  private static final long serialVersionUID = 1;

  private final ModelCounter in;
  private final ModelCounter bad;
  private final ModelCounter late;
  private final Counter unclaimed = StreamMetric.ROWS_UNCLAIMED.counter();
  private final Counter unreadable = StreamMetric.ROWS_UNREADABLE.counter();

  SplitOutputsFn(Set<String> models, StreamMetric in, StreamMetric bad) {
    this.in = in.counter(models);
    this.bad = bad.counter(models);
    this.late = StreamMetric.ROWS_LATE.counter(models);
  }

  @StartBundle
  public void start() {
    bad.begin();
    late.begin();
    unclaimed.inc(0); // known from the start, so that the first is seen as a rise from 0
    unreadable.inc(0);
  }

  @ProcessElement
  public void process(@Element StreamRows rows, MultiOutputReceiver out) {
    unclaimed.inc(rows.unclaimed());
    rows.events()
        .forEach(
            (model, events) -> {
              in.inc(model, events.size());
              out.get(AggregateTopic.ROWS).output(KV.of(model, events));
            });
    for (KV<String, DeadLetter> letter : rows.bad()) {
      if (letter.getKey().equals(ScanFn.NOBODY)) {
        unreadable.inc();
      } else {
        in.inc(letter.getKey(), 1);
        bad.inc(letter.getKey(), 1);
      }
      out.get(ReadTopic.BAD).output(letter);
    }
    for (KV<String, DeadLetter> letter : rows.late()) {
      in.inc(letter.getKey(), 1);
      late.inc(letter.getKey(), 1);
      out.get(ReadTopic.LATE).output(letter);
    }
  }
}
