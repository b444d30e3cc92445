package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.WindowAggregate;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.Reach;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Logs of files, or of what topics hold now, that a scan reads.
 *
 * @param results told what became of rows and labels
 */
public record LogFiles(Fleet<ModelRun> models, JobRunner runs, JobResults results, String output)
    implements EventLog {

  private Fleet<MonitoringSpec> specs() {
    return models.map(ModelRun::spec);
  }

  @Override
  public TimeRange reported() {
    return models.all().iterator().next().range().statistics(); // one is asked for, for all
  }

  @Override
  public Fleet<Reach> reach() {
    return models.map(ModelRun::reach);
  }

  @Override
  public Fleet<MonitoringSpec> labelled() {
    return models
        .keep((model, own) -> own.labels() != null || own.spec().events().label() != null)
        .map(ModelRun::spec);
  }

  @Override
  public Fleet<WindowTiming> times() {
    return models.map(
        own -> WindowTiming.withoutLabels(own.spec().window())); // all labels are there
  }

  @Override
  public AggregatedWindows aggregate(PBegin begin, Aggregates wanted) {
    ScanFiles scan = ScanFiles.of(specs(), models.map(ModelRun::input), runs.meter(), runs.tasks());
    for (AggregateOutput<?, ?> each : wanted.all()) {
      scan = scan.into(each);
    }
    Fleet<LabelJoin.Input> labelled =
        models.mapped(
            own -> own.labels() == null ? Optional.empty() : Optional.of(labelInput(own)));
    List<PCollection<KV<String, DeadLetter>>> bad = new ArrayList<>();
    if (!labelled.isEmpty()) {
      LabelJoin.Joined joined = new LabelJoin(labelled, runs).join(begin);
      scan = joined.attachedTo(scan);
      results.labels(joined);
      bad.add(joined.bad());
    }
    PCollectionTuple scanned = begin.apply("Ingest", scan);
    results.rows(scanned.get(ScanFiles.COUNTS), scanned.get(ScanFiles.BAD));
    bad.add(0, scanned.get(ScanFiles.BAD));
    PCollectionTuple augmented = PCollectionTuple.empty(begin.getPipeline());
    if (!wanted.augmented().isEmpty()) {
      augmented = begin.apply("IngestAugmented", augmentedScan(wanted));
      results.augmented(augmented.get(ScanFiles.COUNTS), augmented.get(ScanFiles.BAD));
      bad.add(augmented.get(ScanFiles.BAD));
    }
    return new Scanned(
        scanned,
        augmented,
        bad.size() == 1
            ? bad.get(0)
            : PCollectionList.of(bad).apply("AllDeadLetters", Flatten.pCollections()));
  }

  private ScanFiles augmentedScan(Aggregates wanted) {
    Fleet<ModelRun> given = models.keep((model, own) -> own.augmented() != null);
    ScanFiles scan =
        ScanFiles.of(
            given.map(own -> own.spec().ofAugmented()),
            given.map(ModelRun::augmentedInput),
            runs.meter(),
            runs.tasks());
    for (AggregateOutput<?, ?> each : wanted.augmented()) {
      scan = scan.into(each);
    }
    return scan;
  }

  @Override
  public Fleet<MonitoringSpec> augmented() {
    return models.keep((model, own) -> own.augmented() != null).map(ModelRun::spec);
  }

  private LabelJoin.Input labelInput(ModelRun own) {
    String unjoined = LabelJoin.folder(output, own.spec().model(), own.range().statistics());
    return new LabelJoin.Input(
        own.spec(), own.files(), own.labels(), own.redaction(), own.range().read(), unjoined);
  }

  private final class Scanned implements AggregatedWindows {
    private final PCollectionTuple states;
    private final PCollectionTuple augmented;
    private final PCollection<KV<String, DeadLetter>> bad;

    Scanned(
        PCollectionTuple states,
        PCollectionTuple augmented,
        PCollection<KV<String, DeadLetter>> bad) {
      this.states = states;
      this.augmented = augmented;
      this.bad = bad;
    }

    @Override
    public <S> PCollection<KV<WindowKey, S>> windows(String name, WindowAggregate<S> aggregate) {
      return states(aggregate.fold()).apply(name, aggregate.fold().merged(aggregate.merge()));
    }

    @Override
    public <S> PCollection<KV<WindowKey, S>> windows(
        String name, WindowAggregate<S> aggregate, PCollection<KV<WindowKey, byte[]>> empty) {
      return PCollectionList.of(states(aggregate.fold()))
          .and(empty)
          .apply(name + "AndEmpty", Flatten.pCollections())
          .apply(name, aggregate.fold().merged(aggregate.merge()));
    }

    @Override
    public <K, S> PCollection<KV<K, byte[]>> states(AggregateOutput<K, S> aggregate) {
      return (states.has(aggregate.tag()) ? states : augmented).get(aggregate.tag());
    }

    @Override
    public LogEdges edges(PCollection<KV<WindowKey, WindowProfile>> profiles) {
      Fleet<WindowSpec> windows = specs().map(MonitoringSpec::window);
      Fleet<WindowCompleteness> bounds =
          models.map(
              own -> new WindowCompleteness(own.range().read().from(), own.range().read().to()));
      return bounds.any(each -> !each.bounded())
          ? LogEdges.found(
              windows,
              bounds,
              profiles
                  .apply("StartsOfLog", MapElements.via(new Starts()))
                  .setCoder(LogEdges.STARTS))
          : LogEdges.asked(windows, bounds);
    }

    @Override
    public Standing standing(
        LogEdges edges,
        PCollection<KV<WindowKey, WindowProfile>> windows,
        Optional<PCollection<KV<WindowKey, Coverage>>> covered) {
      return Standing.below(output, models, edges, windows, covered, results);
    }

    @Override
    public PCollection<KV<String, DeadLetter>> bad() {
      return bad;
    }
  }

  private static final class Starts
      extends SimpleFunction<KV<WindowKey, WindowProfile>, KV<String, Long>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<String, Long> apply(KV<WindowKey, WindowProfile> window) {
      return KV.of(window.getKey().model(), window.getKey().start());
    }
  }
}
