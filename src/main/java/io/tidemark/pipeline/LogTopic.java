package io.tidemark.pipeline;

import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.AggregateTopic;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.ReadTopic;
import io.tidemark.ingest.StreamFold;
import io.tidemark.ingest.TimeRange;
import io.tidemark.labels.Coverage;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.Reach;
import io.tidemark.profile.Wholeness;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.WriteDeadLetters;
import java.util.Optional;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * A log that is a topic, followed without end.
 *
 * @param events URI of the topic
 * @param labels URI of the labels' topic, or null
 * @param late where rows go that came too late
 */
record LogTopic(Model model, String events, String labels, WriteDeadLetters late)
    implements EventLog {

  @Override
  public RunRange range() {
    return RunRange.just(TimeRange.ALL);
  }

  @Override
  public Reach reach() {
    return Reach.STREAM;
  }

  @Override
  public boolean labelled() {
    return labels != null || model.spec().events().label() != null;
  }

  @Override
  public StreamTimes times() {
    MonitoringSpec spec = model.spec();
    return labels == null ? StreamTimes.withoutLabels(spec.window()) : StreamTimes.withLabels(spec);
  }

  @Override
  public AggregatedWindows aggregate(PBegin begin, Aggregates wanted) {
    AggregateTopic follow =
        AggregateTopic.of(model.spec(), labels != null, wanted.profile())
            .revising(wanted.revised())
            .atLast(wanted.last());
    for (Aggregates.Shown<?> each : wanted.shown()) {
      follow = showing(follow, each);
    }
    PCollectionTuple read =
        begin.apply("Read", ReadTopic.of(model.spec(), model.redaction(), events, labels));
    read.get(ReadTopic.LATE).apply("WriteLate", late);
    PCollectionTuple followed = read.apply("Follow", follow);
    return new Followed(followed, wanted.profile(), read.get(ReadTopic.BAD));
  }

  private static <S> AggregateTopic showing(AggregateTopic follow, Aggregates.Shown<S> shown) {
    return follow.showing(shown.output(), shown.fold());
  }

  private final class Followed implements AggregatedWindows {
    private final PCollectionTuple parts;
    private final StreamFold<?> profile;
    private final PCollection<DeadLetter> bad;

    Followed(PCollectionTuple parts, StreamFold<?> profile, PCollection<DeadLetter> bad) {
      this.parts = parts;
      this.profile = profile;
      this.bad = bad;
    }

    /** Profiles wait for no label. */
    private StreamTimes times(StreamFold<?> aggregate) {
      return aggregate == profile
          ? StreamTimes.withoutLabels(model.spec().window())
          : LogTopic.this.times();
    }

    @Override
    public <S> PCollection<KV<WindowKey, S>> windows(String name, StreamFold<S> aggregate) {
      return AggregateTopic.assembled(
          name, parts.get(aggregate.parts()), aggregate, times(aggregate));
    }

    @Override
    public <S> PCollection<KV<WindowKey, S>> windows(
        String name, StreamFold<S> aggregate, PCollection<KV<WindowKey, byte[]>> empty) {
      PCollection<KV<WindowKey, KV<Integer, byte[]>>> all =
          PCollectionList.of(parts.get(aggregate.parts()))
              .and(empty.apply(name + "OfNoRows", AggregateTopic.emptyParts()))
              .apply(name + "AndEmpty", Flatten.pCollections());
      return AggregateTopic.assembled(name, all, aggregate, times(aggregate));
    }

    @Override
    public <K, S> PCollection<KV<K, byte[]>> states(FoldOutput<K, S> aggregate) {
      return parts.get(aggregate.tag());
    }

    @Override
    public LogEdges edges(PCollection<KV<WindowKey, WindowProfile>> profiles) {
      return LogEdges.found(
          model.spec().window(), Wholeness.UNBOUNDED, parts.get(AggregateTopic.SEEN));
    }

    @Override
    public Standing standing(
        LogEdges edges,
        PCollection<KV<WindowKey, WindowProfile>> windows,
        Optional<PCollection<KV<WindowKey, Coverage>>> covered) {
      return new Standing(edges, null);
    }

    @Override
    public PCollection<DeadLetter> bad() {
      return bad;
    }
  }
}
