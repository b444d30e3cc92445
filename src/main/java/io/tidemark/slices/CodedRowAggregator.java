package io.tidemark.slices;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventBatch;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeReader;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Gathers a {@link CodedRowSample} for each (model version, window) of a bundle's events. */
public final class CodedRowAggregator implements Aggregator<WindowKey, CodedRowSample> {
  private static final long serialVersionUID = 1;

  private final Broadcast<Fleet<SliceSettings>> settings;

  public CodedRowAggregator(Broadcast<Fleet<SliceSettings>> settings) {
    this.settings = settings;
  }

  @Override
  public boolean wants(String model) {
    return settings.get().has(model);
  }

  @Override
  public Accumulator<WindowKey, CodedRowSample> start(String model) {
    return new Samples(settings.get().of(model));
  }

  private static final class Samples implements Accumulator<WindowKey, CodedRowSample> {
    private final SliceSettings settings;
    private final Map<WindowKey, CodedRowSample> samples = new HashMap<>();
    private final Map<OutcomeLayout, OutcomeReader> readers = new IdentityHashMap<>();

    // Neighbouring rows mostly share a window.
    private String lastVersion;
    private long lastStart;
    private CodedRowSample last;
    private OutcomeReader reader;
    private int[] codes;

    Samples(SliceSettings settings) {
      this.settings = settings;
    }

    @Override
    public void add(InferenceEvent event, long windowStart) {
      turnTo(event.version(), windowStart);
      reader.read(event);
      if (!reader.labelled()) {
        last.addUnlabelled();
        return;
      }
      long hash = event.id() == null ? contentHash(event) : RowHash.ofId(event.id()).high();
      if (last.wants(hash)) {
        last.codes().of(event, codes);
        last.add(hash, codes, reader.error());
      } else {
        last.addUnwanted();
      }
    }

    @Override
    public void add(EventBatch batch, int[] rows, int from, int to, long windowStart) {
      turnTo(batch.version(rows[from]), windowStart);
      for (int i = from; i < to; i++) {
        int row = rows[i];
        reader.read(batch, row);
        if (!reader.labelled()) {
          last.addUnlabelled();
          continue;
        }
        long hash =
            batch.id(row) == null ? contentHash(batch.event(row)) : batch.ids().hash(row).high();
        if (last.wants(hash)) {
          last.codes().of(batch, row, codes);
          last.add(hash, codes, reader.error());
        } else {
          last.addUnwanted();
        }
      }
    }

    private static long contentHash(InferenceEvent event) {
      return RowHash.content(event).high();
    }

    private void turnTo(String version, long windowStart) {
      if (last == null || windowStart != lastStart || !version.equals(lastVersion)) {
        lastVersion = version;
        lastStart = windowStart;
        last =
            samples.computeIfAbsent(
                new WindowKey(settings.model(), version, windowStart),
                key -> settings.newSample(key.version()));
        reader = readers.computeIfAbsent(settings.outcomesOf(version), OutcomeReader::new);
        codes = new int[last.codes().features().size()];
      }
    }

    @Override
    public void drainTo(BiConsumer<WindowKey, CodedRowSample> out) {
      samples.forEach(out); // the order does not matter: samples are merged by key
      samples.clear();
      last = null;
    }
  }
}
