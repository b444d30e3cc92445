package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;

/** Tells usable rows, dead letters and late rows of a topic apart, and counts them. */
final class SplitOutputsFn extends DoFn<StreamRows, List<InferenceEvent>> {
  private static final long serialVersionUID = 1;

  private final Counter in;
  private final Counter bad;
  private final Counter late;

  SplitOutputsFn(StreamMetric in, StreamMetric bad) {
    this.in = in.counter();
    this.bad = bad.counter();
    this.late = StreamMetric.ROWS_LATE.counter();
  }

  @StartBundle
  public void start() {
    bad.inc(0); // known from the start, so that the first is seen as a rise from 0
    late.inc(0);
  }

  @ProcessElement
  public void process(@Element StreamRows rows, MultiOutputReceiver out) {
    in.inc(rows.events().size() + rows.bad().size() + rows.late().size());
    bad.inc(rows.bad().size());
    late.inc(rows.late().size());
    if (!rows.events().isEmpty()) {
      out.get(AggregateTopic.ROWS).output(rows.events());
    }
    rows.bad().forEach(out.get(ReadTopic.BAD)::output);
    rows.late().forEach(out.get(ReadTopic.LATE)::output);
  }
}
