package io.tidemark.snapshot;

import io.tidemark.event.Aggregator;
import io.tidemark.event.EventLabels;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RowHash;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.snapshot.StratifiedSample.Candidate;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SnapshotSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Gathers rows that were made or collected on request by their periods, and gives them the form of
 * the log's rows.
 */
public final class AugmentedAggregator implements Aggregator<WindowKey, AugmentedRows> {
  private static final long serialVersionUID = 1;

  /** Rows that are held for one that a snapshot may take: some are left out. */
  private static final int SPARE = 4;

  private static final int LEAST = 200;

  private final Broadcast<Fleet<Form>> forms;

  private AugmentedAggregator(Broadcast<Fleet<Form>> forms) {
    this.forms = forms;
  }

  /**
   * @param specs of models with snapshots, as their logs are read
   */
  public static AugmentedAggregator of(Fleet<MonitoringSpec> specs) {
    return new AugmentedAggregator(Broadcast.of(specs.map(Form::of)));
  }

  /**
   * How a model's rows are read, and how its log's are.
   *
   * @param labels of the rows as they are read
   * @param inLog whether the log has the label's column, so that it stays where it is
   */
  private record Form(
      WindowSpec period,
      long seed,
      int most,
      EventLabels labels,
      boolean inLog,
      int numbers,
      int categories,
      int extras)
      implements Serializable {

    static Form of(MonitoringSpec spec) {
      SnapshotSpec snapshot = spec.snapshot();
      EventLayout layout = EventLayout.of(spec);
      long taken = Math.round(Math.ceil(snapshot.augmented() * snapshot.rows()));
      return new Form(
          snapshot.period(),
          snapshot.seed(),
          (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST, SPARE * taken)),
          EventLabels.of(spec.ofAugmented()),
          spec.events().label() != null,
          layout.numbers(),
          layout.categories(),
          layout.extras().size());
    }

    /** The label's column and the request's are the last ones of their kind. */
    AugmentedRow row(InferenceEvent read) {
      InferenceEvent event =
          new InferenceEvent(
              read.id(),
              read.timeMicros(),
              read.version(),
              Arrays.copyOf(read.numbers(), numbers),
              Arrays.copyOf(read.categories(), categories),
              read.invalid(),
              Arrays.copyOf(read.extras(), extras));
      if (!inLog) {
        event = event.withLabel(labels.text(read), read.timeMicros());
      }
      Candidate candidate =
          new Candidate(StratifiedSample.priority(seed, event), RowHash.name(event), event);
      return new AugmentedRow(candidate, read.extras()[extras]);
    }
  }

  @Override
  public boolean wants(String model) {
    return forms.get().has(model);
  }

  @Override
  public Accumulator<WindowKey, AugmentedRows> start(String model) {
    Form form = forms.get().of(model);
    return new Accumulator<>() {
      private final Map<WindowKey, AugmentedRows> periods = new HashMap<>();

      @Override
      public void add(InferenceEvent event, long windowStart) {
        WindowKey key = new WindowKey(model, "", form.period().startOf(event.timeMicros()));
        periods.computeIfAbsent(key, any -> new AugmentedRows(form.most())).add(form.row(event));
      }

      @Override
      public void drainTo(BiConsumer<WindowKey, AugmentedRows> out) {
        periods.forEach(out); // the order does not matter: rows are merged by period
        periods.clear();
      }
    };
  }
}
