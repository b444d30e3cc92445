package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.WindowAggregate;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.hold.AggregateTopic;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.JoinLabels;
import io.tidemark.labels.JoinRule;
import io.tidemark.labels.SettleLabels;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.Reach;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.WriteDeadLetters;
import java.util.Optional;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Logs that are topics, followed without end.
 *
 * @param read gives what {@link ReadTopic} gives
 * @param labels whether labels are among it
 * @param reported event times that were asked for: no others are among it
 * @param late where rows go that came too late
 * @param results told what became of rows and labels
 * @param output folder of all outputs
 */
public record LogTopic(
    Fleet<Model> models,
    PTransform<PBegin, PCollectionTuple> read,
    boolean labels,
    TimeRange reported,
    WriteDeadLetters late,
    FollowedResults results,
    String output)
    implements EventLog {

  /**
   * @param events URI of the topic, or with {@code {model}} in it of one a model
   * @param labels the same of labels, or null
   * @param asked event times of the rows that are taken
   */
  public static LogTopic following(
      Fleet<Model> models,
      String events,
      String labels,
      TimeRange asked,
      WriteDeadLetters late,
      FollowedResults results,
      String output) {
    ReadTopic read =
        ReadTopic.of(models.map(Model::spec), models.map(Model::redaction), events, labels)
            .within(asked);
    return new LogTopic(models, read, labels != null, asked, late, results, output);
  }

  private Fleet<MonitoringSpec> specs() {
    return models.map(Model::spec);
  }

  @Override
  public Fleet<Reach> reach() {
    return models.map(own -> Reach.ofStream(reported.from(), reported.to()));
  }

  @Override
  public Fleet<MonitoringSpec> labelled() {
    return specs().keep((model, spec) -> joins(spec) || spec.events().label() != null);
  }

  private boolean joins(MonitoringSpec spec) {
    return labels && spec.labels() != null;
  }

  @Override
  public Fleet<WindowTiming> times() {
    return times(specs(), labels);
  }

  /**
   * @param joins whether labels are joined, of the models that have some
   */
  static Fleet<WindowTiming> times(Fleet<MonitoringSpec> specs, boolean joins) {
    return specs.map(
        spec ->
            joins && spec.labels() != null
                ? WindowTiming.withLabels(spec)
                : WindowTiming.withoutLabels(spec.window()));
  }

  @Override
  public AggregatedWindows aggregate(PBegin begin, Aggregates wanted) {
    AggregateTopic follow =
        AggregateTopic.of(specs(), labels, wanted.profile())
            .revising(wanted.revised())
            .atLast(wanted.last());
    for (Aggregates.Shown<?> each : wanted.shown()) {
      follow = showing(follow, each);
    }
    PCollectionTuple rows = begin.apply("Read", read);
    rows.get(ReadTopic.LATE).apply("WriteLate", late);
    PCollectionTuple followed = rows.apply("Follow", follow);
    results.rows("RowsRead", rows.get(ReadTopic.COUNTS));
    results.rows("RowsSettled", followed.get(AggregateTopic.COUNTS));
    if (rows.has(ReadTopic.LABEL_COUNTS)) {
      results.labelsRead(rows.get(ReadTopic.LABEL_COUNTS));
      PCollectionTuple settled =
          followed.get(AggregateTopic.CLOSED).apply("SettleLabels", SettleLabels.of(settling()));
      results.labels(settled.get(SettleLabels.COUNTS));
    }
    return new Followed(followed, wanted.profile(), rows.get(ReadTopic.BAD));
  }

  private Fleet<SettleLabels.OfModel> settling() {
    return models
        .keep((model, own) -> joins(own.spec()))
        .mapKeyed(
            (model, own) ->
                new SettleLabels.OfModel(
                    WindowTiming.withLabels(own.spec()),
                    JoinRule.ofStream(own.spec()),
                    new JoinLabels.Listing(
                        LabelJoin.folder(output, model), own.spec().labels(), own.redaction())));
  }

  private static <S> AggregateTopic showing(AggregateTopic follow, Aggregates.Shown<S> shown) {
    return follow.showing(shown.output(), shown.fold());
  }

  private final class Followed implements AggregatedWindows {
    private final PCollectionTuple parts;
    private final WindowAggregate<?> profile;
    private final PCollection<KV<String, DeadLetter>> bad;

    Followed(
        PCollectionTuple parts,
        WindowAggregate<?> profile,
        PCollection<KV<String, DeadLetter>> bad) {
      this.parts = parts;
      this.profile = profile;
      this.bad = bad;
    }

    /** Profiles wait for no label. */
    private Fleet<WindowTiming> times(WindowAggregate<?> aggregate) {
      return aggregate == profile
          ? specs().map(spec -> WindowTiming.withoutLabels(spec.window()))
          : LogTopic.this.times();
    }

    @Override
    public <S> PCollection<KV<WindowKey, S>> windows(String name, WindowAggregate<S> aggregate) {
      return AggregateTopic.assembled(
          name, parts.get(aggregate.parts()), aggregate, times(aggregate));
    }

    @Override
    public <S> PCollection<KV<WindowKey, S>> windows(
        String name, WindowAggregate<S> aggregate, PCollection<KV<WindowKey, byte[]>> empty) {
      PCollection<KV<WindowKey, KV<Integer, byte[]>>> all =
          PCollectionList.of(parts.get(aggregate.parts()))
              .and(empty.apply(name + "OfNoRows", AggregateTopic.emptyParts()))
              .apply(name + "AndEmpty", Flatten.pCollections());
      return AggregateTopic.assembled(name, all, aggregate, times(aggregate));
    }

    @Override
    public <K, S> PCollection<KV<K, byte[]>> states(AggregateOutput<K, S> aggregate) {
      return parts.get(aggregate.tag());
    }

    @Override
    public LogEdges edges(PCollection<KV<WindowKey, WindowProfile>> profiles) {
      return LogEdges.found(
          specs().map(MonitoringSpec::window),
          specs().map(spec -> new WindowCompleteness(reported.from(), reported.to())),
          parts.get(AggregateTopic.SEEN));
    }

    @Override
    public Standing standing(
        LogEdges edges,
        PCollection<KV<WindowKey, WindowProfile>> windows,
        Optional<PCollection<KV<WindowKey, Coverage>>> covered) {
      return new Standing(edges, null);
    }

    @Override
    public PCollection<KV<String, DeadLetter>> bad() {
      return bad;
    }
  }
}
