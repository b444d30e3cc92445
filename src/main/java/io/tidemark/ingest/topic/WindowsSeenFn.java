package io.tidemark.ingest.topic;

import io.tidemark.event.InferenceEvent;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.profile.LogSpans;
import io.tidemark.spec.WindowSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Starts of the windows that rows come to, as they come: those that move an end of what this worker
 * has seen of the log.
 */
public final class WindowsSeenFn extends DoFn<KV<String, List<InferenceEvent>>, KV<String, Long>> {
  private static final long serialVersionUID = 1;

  private final Fleet<WindowSpec> windows;

  /** Not state: what a worker tells again after a failure changes nothing. */
  private transient Map<String, Seen> models;

  private static final class Seen {
    private final LogSpans told;
    private final WindowCursor cursor;
    private long last = Long.MIN_VALUE;

    Seen(WindowSpec window) {
      this.told = LogSpans.over(window);
      this.cursor = new WindowCursor(window);
    }
  }

  public WindowsSeenFn(Fleet<WindowSpec> windows) {
    this.windows = windows;
  }

  @Setup
  public void setup() {
    models = new HashMap<>();
  }

  @ProcessElement
  public void process(
      @Element KV<String, List<InferenceEvent>> rows, OutputReceiver<KV<String, Long>> out) {
    String model = rows.getKey();
    Seen seen = models.computeIfAbsent(model, any -> new Seen(windows.of(model)));
    for (InferenceEvent row : rows.getValue()) {
      long start = seen.cursor.startOf(row.timeMicros());
      if (start != seen.last && seen.told.add(start)) {
        out.output(KV.of(model, start));
      }
      seen.last = start;
    }
  }
}
