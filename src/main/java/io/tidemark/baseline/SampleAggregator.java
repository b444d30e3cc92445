package io.tidemark.baseline;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import java.util.function.BiConsumer;

/** Gathers one {@link RowSample} of all rows. */
final class SampleAggregator implements Aggregator<Integer, RowSample> {
  private static final long serialVersionUID = 1;

  private final EventLayout layout;

  SampleAggregator(EventLayout layout) {
    this.layout = layout;
  }

  @Override
  public Accumulator<Integer, RowSample> start(String model) {
    return new Accumulator<>() {
      private RowSample sample = newSample();

      private RowSample newSample() {
        return new RowSample(layout, RowSample.capacityFor(layout));
      }

      @Override
      public void add(InferenceEvent event, long windowStart) {
        sample.add(event);
      }

      @Override
      public void drainTo(BiConsumer<Integer, RowSample> out) {
        if (sample.rows() > 0) {
          out.accept(0, sample);
        }
        sample = newSample();
      }
    };
  }
}
