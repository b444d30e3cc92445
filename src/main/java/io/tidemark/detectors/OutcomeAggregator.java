package io.tidemark.detectors;

import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedAggregator;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.spec.MonitoringSpec;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Gathers the labelled outcomes of each model version. */
public final class OutcomeAggregator implements RangedAggregator<ModelVersion, OutcomeLog> {
  private static final long serialVersionUID = 1;

  private final Fleet<PredictionError> mistakes;
  private final long from;
  private final long to;

  private OutcomeAggregator(Fleet<PredictionError> mistakes, long from, long to) {
    this.mistakes = mistakes;
    this.from = from;
    this.to = to;
  }

  /**
   * @param specs of the models that have detectors
   * @param from first time of labels, inclusive, microseconds since the epoch
   * @param to last, exclusive
   */
  public static OutcomeAggregator of(Fleet<MonitoringSpec> specs, long from, long to) {
    return new OutcomeAggregator(specs.map(PredictionError::of), from, to);
  }

  @Override
  public Aggregator<ModelVersion, OutcomeLog> between(long first, long end) {
    return new OutcomeAggregator(mistakes, first, end);
  }

  @Override
  public boolean wants(String model) {
    return mistakes.has(model);
  }

  @Override
  public Accumulator<ModelVersion, OutcomeLog> start(String model) {
    PredictionError own = mistakes.of(model);
    return new Accumulator<>() {
      private final TreeMap<ModelVersion, OutcomeLog> logs = new TreeMap<>();

      @Override
      public void add(InferenceEvent event, long windowStart) {
        PredictionError.Answer answer = own.of(event);
        if (answer == PredictionError.Answer.UNKNOWN) {
          return;
        }
        // The run that reads the row shows the outcome, however old the label is.
        long labelTime = own.outcomeTime(event);
        if (labelTime >= from && labelTime < to) {
          logs.computeIfAbsent(new ModelVersion(model, event.version()), any -> new OutcomeLog())
              .add(
                  labelTime,
                  event.timeMicros(),
                  RowHash.name(event),
                  answer == PredictionError.Answer.WRONG);
        }
      }

      @Override
      public void drainTo(BiConsumer<ModelVersion, OutcomeLog> out) {
        logs.forEach(out);
        logs.clear();
      }
    };
  }
}
