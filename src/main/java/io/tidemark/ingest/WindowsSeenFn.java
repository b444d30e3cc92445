package io.tidemark.ingest;

import io.tidemark.event.InferenceEvent;
import io.tidemark.profile.LogSpans;
import io.tidemark.spec.WindowSpec;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Starts of the windows that rows come to, as they come: those that move an end of what this worker
 * has seen of the log.
 */
final class WindowsSeenFn extends DoFn<List<InferenceEvent>, Long> {
  private static final long serialVersionUID = 1;

  private final WindowSpec window;

  /** Not state: what a worker tells again after a failure changes nothing. */
  private transient LogSpans told;

  private transient WindowCursor cursor;
  private transient long last;

  WindowsSeenFn(WindowSpec window) {
    this.window = window;
  }

  @Setup
  public void setup() {
    told = LogSpans.over(window);
    cursor = new WindowCursor(window);
    last = Long.MIN_VALUE;
  }

  @ProcessElement
  public void process(@Element List<InferenceEvent> rows, OutputReceiver<Long> out) {
    for (InferenceEvent row : rows) {
      long start = cursor.startOf(row.timeMicros());
      if (start != last && told.add(start)) {
        out.output(start);
      }
      last = start;
    }
  }
}
