package io.tidemark.detectors;

import io.tidemark.event.EventFold;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedFold;
import io.tidemark.event.RowHash;
import io.tidemark.spec.MonitoringSpec;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Gathers the labelled outcomes of each model version. */
public final class OutcomeFold implements RangedFold<String, OutcomeLog> {
  private static final long serialVersionUID = 1;

  private final Mistakes mistakes;
  private final long from;
  private final long to;

  private OutcomeFold(Mistakes mistakes, long from, long to) {
    this.mistakes = mistakes;
    this.from = from;
    this.to = to;
  }

  /**
   * @param from first time of labels, inclusive, microseconds since the epoch
   * @param to last, exclusive
   */
  public static OutcomeFold of(MonitoringSpec spec, long from, long to) {
    return new OutcomeFold(Mistakes.of(spec), from, to);
  }

  @Override
  public EventFold<String, OutcomeLog> between(long first, long end) {
    return new OutcomeFold(mistakes, first, end);
  }

  @Override
  public Gathering<String, OutcomeLog> start() {
    return new Gathering<>() {
      private final TreeMap<String, OutcomeLog> logs = new TreeMap<>();

      @Override
      public void add(InferenceEvent event, long windowStart) {
        Mistakes.Answer answer = mistakes.of(event);
        if (answer == Mistakes.Answer.UNKNOWN) {
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
                  answer == Mistakes.Answer.WRONG);
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
