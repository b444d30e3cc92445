package io.tidemark.detectors;

import io.tidemark.event.Aggregator;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedAggregator;
import io.tidemark.event.RowHash;
import io.tidemark.spec.MonitoringSpec;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Gathers the labelled outcomes of each model version. */
public final class OutcomeAggregator implements RangedAggregator<String, OutcomeLog> {
  private static final long serialVersionUID = 1;

  private final PredictionError mistakes;
  private final long from;
  private final long to;

  private OutcomeAggregator(PredictionError mistakes, long from, long to) {
    this.mistakes = mistakes;
    this.from = from;
    this.to = to;
  }

  /**
   * @param from first time of labels, inclusive, microseconds since the epoch
   * @param to last, exclusive
   */
  public static OutcomeAggregator of(MonitoringSpec spec, long from, long to) {
    return new OutcomeAggregator(PredictionError.of(spec), from, to);
  }

  @Override
  public Aggregator<String, OutcomeLog> between(long first, long end) {
    return new OutcomeAggregator(mistakes, first, end);
  }

  @Override
  public Accumulator<String, OutcomeLog> start() {
    return new Accumulator<>() {
      private final TreeMap<String, OutcomeLog> logs = new TreeMap<>();

      @Override
      public void add(InferenceEvent event, long windowStart) {
        PredictionError.Answer answer = mistakes.of(event);
        if (answer == PredictionError.Answer.UNKNOWN) {
          return;
        }
        // The run that reads the row shows the outcome, however old the label is.
        long labelTime = mistakes.outcomeTime(event);
        if (labelTime >= from && labelTime < to) {
          logs.computeIfAbsent(event.version(), version -> new OutcomeLog())
              .add(
                  labelTime,
                  event.timeMicros(),
                  RowHash.name(event),
                  answer == PredictionError.Answer.WRONG);
        }
      }

      @Override
      public void drainTo(BiConsumer<String, OutcomeLog> out) {
        logs.forEach(out);
        logs.clear();
      }
    };
  }
}
