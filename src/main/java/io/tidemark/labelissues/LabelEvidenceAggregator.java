package io.tidemark.labelissues;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers {@link LabelEvidence} for each (model version, window) of a bundle's events. */
public final class LabelEvidenceAggregator implements Aggregator<WindowKey, LabelEvidence> {
  private static final long serialVersionUID = 1;

  private final Fleet<LabelColumns> columns;

  /**
   * @param specs of the models whose labels are looked at
   */
  public LabelEvidenceAggregator(Fleet<MonitoringSpec> specs, Fleet<Redaction> redactions) {
    this.columns = specs.map(spec -> LabelColumns.of(spec, redactions.of(spec.model())));
  }

  @Override
  public boolean wants(String model) {
    return columns.has(model);
  }

  @Override
  public Accumulator<WindowKey, LabelEvidence> start(String model) {
    return new Evidence(model, columns.of(model));
  }

  private static final class Evidence implements Accumulator<WindowKey, LabelEvidence> {
    private final String model;
    private final int classes;
    private final LabelledRow row;
    private final Map<WindowKey, LabelEvidence> windows = new HashMap<>();

    // Neighbouring rows mostly share a window.
    private String lastVersion;
    private long lastStart;
    private LabelEvidence last;

    Evidence(String model, LabelColumns columns) {
      this.model = model;
      this.classes = columns.count();
      this.row = new LabelledRow(columns);
    }

    @Override
    public void add(InferenceEvent event, long windowStart) {
      turnTo(event.version(), windowStart);
      row.turnTo(event);
      last.add(row);
    }

    @Override
    public void add(EventBatch batch, int[] rows, int from, int to, long windowStart) {
      turnTo(batch.version(rows[from]), windowStart);
      for (int i = from; i < to; i++) {
        row.turnTo(batch, rows[i]);
        last.add(row);
      }
    }

    private void turnTo(String version, long windowStart) {
      if (last == null || windowStart != lastStart || !version.equals(lastVersion)) {
        lastVersion = version;
        lastStart = windowStart;
        last =
            windows.computeIfAbsent(
                new WindowKey(model, version, windowStart), key -> new LabelEvidence(classes));
      }
    }

    @Override
    public void drainTo(BiConsumer<WindowKey, LabelEvidence> out) {
      windows.forEach(out); // the order does not matter: evidence is merged by key
      windows.clear();
      last = null;
    }
  }
}
