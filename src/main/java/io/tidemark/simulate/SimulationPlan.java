package io.tidemark.simulate;

import io.tidemark.spec.Field;
import io.tidemark.spec.Format;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.time.Instant;
import java.util.List;

/**
 * What a simulated log is to hold: the reference's windows, then the events'.
 *
 * @param seasonal feature whose mean follows the season, or null
 * @param correlated names of the features that share each factor
 */
record SimulationPlan(
    Timeline before,
    Timeline after,
    List<Planted> planted,
    String seasonal,
    List<List<String>> correlated,
    RowSource reference,
    RowSource events) {
  /** About where logs begin: the start of the window at this time. */
  private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

  /**
   * @throws SimulationException if the spec cannot have what the options ask for
   */
  static SimulationPlan of(MonitoringSpec spec, SimulationOptions options) {
    Timeline before = reference(spec, options);
    return of(spec, options, before, before.start(options.windows()));
  }

  /**
   * The same with events that begin in the window that holds a time.
   *
   * @param time microseconds since the epoch
   * @throws SimulationException if the spec cannot have what the options ask for
   */
  static SimulationPlan at(long time, MonitoringSpec spec, SimulationOptions options) {
    return of(spec, options, reference(spec, options), spec.window().startOf(time));
  }

  private static Timeline reference(MonitoringSpec spec, SimulationOptions options) {
    long begin = spec.window().startOf(WindowSpec.micros(BEGIN));
    return timeline(spec, options, begin, "reference times");
  }

  private static SimulationPlan of(
      MonitoringSpec spec, SimulationOptions options, Timeline before, long begin) {
    check(spec, options);
    long seed = options.seed();
    Timeline after = timeline(spec, options, begin, "event times");
    Outcomes outcomes = Outcomes.of(spec);
    int outputs = outcomes.outputs();
    String favoured = outcomes.groups().get(outcomes.favoured());
    List<Planted> planted = Planted.in(spec.features(), options, favoured);
    String seasonal = seasonal(spec, options, planted);
    Features steady = new Features(spec, options, "reference", List.of(), seasonal, outputs);
    Features drifting = new Features(spec, options, "events", planted, seasonal, outputs);
    Draws kinds = new Draws(seed, "events kinds");
    RowKinds good = RowKinds.clean(spec, before, kinds);
    RowKinds mixed = options.clean() ? good : RowKinds.faulty(spec, format(spec), after, kinds);
    return new SimulationPlan(
        before,
        after,
        planted,
        seasonal,
        drifting.correlated(),
        new RowSource(spec, seed, "reference", before, steady, List.of(), good),
        new RowSource(spec, seed, "events", after, drifting, planted, mixed));
  }

  private static void check(MonitoringSpec spec, SimulationOptions options) {
    boolean truth =
        options.drift().stream()
            .anyMatch(kind -> kind == Drift.CONCEPT || kind == Drift.FLIPS || kind.predicates > 0);
    if (truth && spec.events().label() == null && spec.labels() == null) {
      throw new SimulationException(
          "--drift=concept, flips and slices: change the truth or its labels, and the spec has neither events.label nor labels;"
              + " declare one of them");
    }
  }

  /** Of the events and the reference. */
  static Format format(MonitoringSpec spec) {
    return spec.events().format() == null ? Format.PARQUET : spec.events().format();
  }

  private static Timeline timeline(
      MonitoringSpec spec, SimulationOptions options, long start, String stream) {
    Season season = new Season(options.seasonality(), options.amplitude());
    Draws draws = new Draws(options.seed(), stream);
    return new Timeline(spec.window(), options.windows(), start, options.rows(), season, draws);
  }

  /** The last numeric feature in which nothing else is planted; failing that, the last. */
  private static String seasonal(
      MonitoringSpec spec, SimulationOptions options, List<Planted> planted) {
    String last = null;
    String lastFree = null;
    if (options.seasonality() != Seasonality.NONE) {
      for (Field field : spec.features()) {
        if (field.numeric()) {
          boolean free = planted.stream().noneMatch(change -> change.field().equals(field.name()));
          last = field.name();
          lastFree = free ? last : lastFree;
        }
      }
    }
    return lastFree == null ? last : lastFree;
  }
}
