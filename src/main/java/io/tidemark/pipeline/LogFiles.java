package io.tidemark.pipeline;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.AggregateOutput;
import io.tidemark.ingest.ScanFiles;
import io.tidemark.ingest.WindowAggregate;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.Reach;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.WindowSpec;
import java.util.Optional;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * A log of files, or of what topics hold now, that a scan reads.
 *
 * @param results told what became of rows and labels
 */
record LogFiles(ModelRun model, JobRunner runs, JobResults results, String output)
    implements EventLog {

  @Override
  public RunRange range() {
    return model.range();
  }

  @Override
  public Reach reach() {
    return model.reach();
  }

  @Override
  public boolean labelled() {
    return model.labels() != null || model.spec().events().label() != null;
  }

  @Override
  public WindowTiming times() {
    return WindowTiming.withoutLabels(model.spec().window()); // all labels are there
  }

  @Override
  public AggregatedWindows aggregate(PBegin begin, Aggregates wanted) {
    ScanFiles scan =
        ScanFiles.of(
                model.files(),
                model.spec(),
                model.redaction(),
                range().read(),
                range().statistics(),
                runs.meter(),
                runs.tasks())
            .countingUnlikely(model.times().likely());
    for (AggregateOutput<?, ?> each : wanted.all()) {
      scan = scan.into(each);
    }
    if (model.labels() == null) {
      PCollectionTuple scanned = begin.apply("Ingest", scan);
      results.rows(scanned.get(ScanFiles.COUNTS), scanned.get(ScanFiles.BAD));
      return new Scanned(scanned, scanned.get(ScanFiles.BAD));
    }
    String unjoined = LabelJoin.folder(output, model.spec().model(), range().statistics());
    LabelJoin.Joined joined =
        new LabelJoin(
                model.spec(),
                model.files(),
                model.labels(),
                model.redaction(),
                range().read(),
                runs)
            .join(begin, unjoined);
    PCollectionTuple scanned = begin.apply("Ingest", joined.attachedTo(scan));
    results.rows(scanned.get(ScanFiles.COUNTS), scanned.get(ScanFiles.BAD));
    results.labels(joined);
    PCollection<DeadLetter> bad =
        PCollectionList.of(scanned.get(ScanFiles.BAD))
            .and(joined.bad())
            .apply("AllDeadLetters", Flatten.pCollections());
    return new Scanned(scanned, bad);
  }

  private final class Scanned implements AggregatedWindows {
    private final PCollectionTuple states;
    private final PCollection<DeadLetter> bad;

    Scanned(PCollectionTuple states, PCollection<DeadLetter> bad) {
      this.states = states;
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
      return states.get(aggregate.tag());
    }

    @Override
    public LogEdges edges(PCollection<KV<WindowKey, WindowProfile>> profiles) {
      WindowSpec window = model.spec().window();
      WindowCompleteness bounds =
          new WindowCompleteness(range().read().from(), range().read().to());
      return bounds.bounded()
          ? LogEdges.asked(window, bounds)
          : LogEdges.found(
              window,
              bounds,
              profiles
                  .apply(
                      "StartsOfLog",
                      MapElements.into(TypeDescriptors.longs())
                          .via(profile -> profile.getKey().start()))
                  .setCoder(VarLongCoder.of()));
    }

    @Override
    public Standing standing(
        LogEdges edges,
        PCollection<KV<WindowKey, WindowProfile>> windows,
        Optional<PCollection<KV<WindowKey, Coverage>>> covered) {
      return Standing.below(output, model, edges, windows, covered, results);
    }

    @Override
    public PCollection<DeadLetter> bad() {
      return bad;
    }
  }
}
