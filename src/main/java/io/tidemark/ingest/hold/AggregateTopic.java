package io.tidemark.ingest.hold;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedAggregator;
import io.tidemark.event.WindowAggregate;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.topic.ReadTopic;
import io.tidemark.ingest.topic.WindowsSeenFn;
import io.tidemark.profile.LogEdges;
import io.tidemark.spec.MonitoringSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Gathers what folds make of rows that come without end, and of labels where there are some: states
 * of windows, each when the window ends and again, whole, when it has changed, as parts that {@link
 * #assembled} puts together. Where rows come from is another step's to know; that step also leaves
 * out rows whose windows are closed for good (allowed lateness after their end) when they come:
 * here they would open their windows anew.
 *
 * <p>Profiles wait for no label: labels and the events that wait for them are joined beside them.
 */
public final class AggregateTopic extends PTransform<PCollectionTuple, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** What became of rows, as it becomes known. */
  public static final TupleTag<KV<String, RowCounts>> COUNTS = new TupleTag<>("row-counts") {};

  /**
   * Where labels are joined, by bucket and shard of ids, once, when nothing can change it any more:
   * packs of the predictions that have labels ({@link io.tidemark.event.PredictionKeys}) and of
   * their labels and those that no later bucket answers for ({@link io.tidemark.event.LabelRows}).
   */
  public static final TupleTag<KV<KV<WindowKey, Integer>, List<byte[]>>> CLOSED =
      new TupleTag<>("closed-buckets") {};

  /** Starts of windows that a model's rows come to, those that move an end of the log. */
  public static final TupleTag<KV<String, Long>> SEEN = new TupleTag<>("seen") {};

  private final transient Fleet<MonitoringSpec> specs;
  private final transient Fleet<MonitoringSpec> joined;
  private final transient WindowAggregate<?> profile;
  private final transient WindowAggregates labelled;

  private AggregateTopic(
      Fleet<MonitoringSpec> specs,
      Fleet<MonitoringSpec> joined,
      WindowAggregate<?> profile,
      WindowAggregates labelled) {
    this.specs = specs;
    this.joined = joined;
    this.profile = profile;
    this.labelled = labelled;
  }

  /**
   * @param joins whether labels are joined, of the models that have some: the input then has {@link
   *     ReadTopic#LABELS}
   * @param profile needs no label
   */
  public static AggregateTopic of(
      Fleet<MonitoringSpec> specs, boolean joins, WindowAggregate<?> profile) {
    Fleet<MonitoringSpec> joined =
        specs.mapped(spec -> joins && spec.labels() != null ? Optional.of(spec) : Optional.empty());
    return new AggregateTopic(
        specs, joined, profile, WindowAggregates.none(specs.map(WindowAggregates.Rows::of)));
  }

  private AggregateTopic with(WindowAggregates folds) {
    return new AggregateTopic(specs, joined, profile, folds);
  }

  /** The same with folds whose states change as labels come. */
  public AggregateTopic revising(List<WindowAggregate<?>> folds) {
    return with(labelled.andRevised(folds));
  }

  /**
   * The same with folds whose states come out once, under their own tags, when nothing can change a
   * window any more.
   */
  public AggregateTopic atLast(List<AggregateOutput<WindowKey, ?>> folds) {
    return with(labelled.andLast(folds));
  }

  /** The same with each labelled outcome, once, under the output's tag. */
  public <S> AggregateTopic showing(
      AggregateOutput<ModelVersion, S> output, RangedAggregator<ModelVersion, S> fold) {
    return with(labelled.withOutcomes(output, fold));
  }

  /** When what is gathered of a model's window comes out. */
  public Fleet<WindowTiming> times() {
    return specs.map(
        spec ->
            joined.has(spec.model())
                ? WindowTiming.withLabels(spec)
                : WindowTiming.withoutLabels(spec.window()));
  }

  @Override
  public PCollectionTuple expand(PCollectionTuple input) {
    PCollection<KV<String, List<InferenceEvent>>> rows = input.get(ReadTopic.ROWS);
    WindowAggregates now =
        labelled
            .withUnlabelled(profile)
            .of(
                specs.map(
                    spec ->
                        new WindowAggregates.Rows(
                            EventLayout.of(spec), spec.window(), joined.has(spec.model()))));
    Fleet<WindowAggregates.Rows> held =
        now.rows().keep((model, any) -> holds(specs.of(model), now));
    Fleet<WindowAggregates.Rows> gathered = now.rows().keep((model, any) -> !held.has(model));
    Parts parts = new Parts();
    if (!held.isEmpty()) {
      parts.add(coded(held(rows, now.of(held)), now));
    }
    if (!gathered.isEmpty()) {
      parts.add(coded(gathered(rows, now.of(gathered)), now));
    }
    if (!joined.isEmpty()) {
      WindowAggregates waiting = labelled.of(joined.map(WindowAggregates.Rows::of));
      parts.add(coded(waiting(rows, input.get(ReadTopic.LABELS), waiting), waiting));
    }
    PCollection<KV<String, Long>> seen =
        rows.apply("WindowsSeen", ParDo.of(new WindowsSeenFn(specs.map(MonitoringSpec::window))))
            .setCoder(LogEdges.STARTS);
    return parts.all().and(SEEN, seen);
  }

  /** Whether a model's rows have to be held until their window closes. */
  private static boolean holds(MonitoringSpec spec, WindowAggregates now) {
    return spec.events().deduplicate() || now.takesLast(spec.model());
  }

  /** What comes of rows that are held, gathered at once, and wait for labels, by its tag. */
  private static final class Parts {
    private final Map<TupleTag<?>, List<PCollection<Object>>> parts = new LinkedHashMap<>();

    void add(PCollectionTuple some) {
      some.getAll()
          .forEach(
              (tag, part) ->
                  parts.computeIfAbsent(tag, any -> new ArrayList<>()).add(untyped(part)));
    }

    PCollectionTuple all() {
      PCollectionTuple all = null;
      for (Map.Entry<TupleTag<?>, List<PCollection<Object>>> each : parts.entrySet()) {
        List<PCollection<Object>> own = each.getValue();
        PCollection<Object> together =
            own.size() == 1
                ? own.get(0)
                : PCollectionList.of(own)
                    .apply("All-" + each.getKey().getId(), Flatten.pCollections());
        all =
            all == null
                ? PCollectionTuple.of(untyped(each.getKey()), together)
                : all.and(untyped(each.getKey()), together);
      }
      return all;
    }
  }

  @SuppressWarnings("unchecked") // a collection stays under its own tag
  private static TupleTag<Object> untyped(TupleTag<?> tag) {
    return (TupleTag<Object>) tag;
  }

  @SuppressWarnings("unchecked")
  private static PCollection<Object> untyped(PCollection<?> collection) {
    return (PCollection<Object>) collection;
  }

  private static PCollectionTuple coded(PCollectionTuple out, WindowAggregates folds) {
    if (out.has(COUNTS)) {
      out.get(COUNTS).setCoder(ReadTopic.COUNTS_CODER);
    }
    if (out.has(CLOSED)) {
      out.get(CLOSED).setCoder(CLOSED_CODER);
    }
    for (WindowAggregate<?> fold : folds.revised()) {
      out.get(fold.parts()).setCoder(fold.partsCoder());
    }
    for (AggregateOutput<WindowKey, ?> fold : folds.last()) {
      out.get(fold.tag()).setCoder(fold.coder());
    }
    AggregateOutput<ModelVersion, ?> outcomes = folds.outcomes();
    if (outcomes != null) {
      out.get(outcomes.tag()).setCoder(outcomes.coder());
    }
    return out;
  }

  /**
   * Puts windows together.
   *
   * @param parts what stands under the fold's tag of parts, or more of it
   * @param times when the fold's rows close
   */
  public static <S> PCollection<KV<WindowKey, S>> assembled(
      String name,
      PCollection<KV<WindowKey, KV<Integer, byte[]>>> parts,
      WindowAggregate<S> fold,
      Fleet<WindowTiming> times) {
    return parts
        .apply(name, ParDo.of(new AssembleWindowFn<>(fold, times)))
        .setCoder(fold.windowsCoder());
  }

  /** Windows without rows as parts of theirs. */
  public static MapElements<KV<WindowKey, byte[]>, KV<WindowKey, KV<Integer, byte[]>>>
      emptyParts() {
    return MapElements.via(
        new SimpleFunction<KV<WindowKey, byte[]>, KV<WindowKey, KV<Integer, byte[]>>>() {
          private static final long serialVersionUID = 1;

          @Override
          public KV<WindowKey, KV<Integer, byte[]>> apply(KV<WindowKey, byte[]> window) {
            return KV.of(window.getKey(), KV.of(AssembleWindowFn.EMPTY, window.getValue()));
          }
        });
  }

  private static final KvCoder<WindowKey, Integer> SHARD =
      KvCoder.of(new WindowKey.KeyCoder(), VarIntCoder.of());

  private static final KvCoder<KV<WindowKey, Integer>, List<byte[]>> CLOSED_CODER =
      KvCoder.of(SHARD, ListCoder.of(ByteArrayCoder.of()));

  private PCollectionTuple held(
      PCollection<KV<String, List<InferenceEvent>>> rows, WindowAggregates folds) {
    Fleet<ShardRows.Place> places =
        folds
            .rows()
            .mapKeyed(
                (model, own) ->
                    new ShardRows.Place(own.layout(), own.window(), folds.needIds(model)));
    BufferWindowFn hold =
        new BufferWindowFn(
            folds,
            folds.rows().mapKeyed((model, own) -> BufferWindowFn.OfModel.of(specs.of(model))));
    return rows.apply("Shard", ParDo.of(ShardRows.byWindow(places)))
        .setCoder(KvCoder.of(SHARD, ByteArrayCoder.of()))
        .apply(
            "HoldRows",
            ParDo.of(hold).withOutputTags(folds.mainTag(), folds.otherTags().and(COUNTS)));
  }

  private static PCollectionTuple gathered(
      PCollection<KV<String, List<InferenceEvent>>> rows, WindowAggregates folds) {
    return rows.apply(
        "GatherBundle",
        ParDo.of(new PreAggregateFn(folds))
            .withOutputTags(folds.mainTag(), folds.otherTags().and(COUNTS)));
  }

  private PCollectionTuple waiting(
      PCollection<KV<String, List<InferenceEvent>>> rows,
      PCollection<KV<String, List<InferenceEvent>>> given,
      WindowAggregates folds) {
    KvCoder<KV<WindowKey, Integer>, JoinRows> coder = KvCoder.of(SHARD, new JoinRows.RowsCoder());
    PCollection<KV<KV<WindowKey, Integer>, JoinRows>> predictions =
        rows.apply("ShardPredictions", ParDo.of(ShardRows.byStretch(joined))).setCoder(coder);
    PCollection<KV<KV<WindowKey, Integer>, JoinRows>> labelRows =
        given.apply("ShardLabels", ParDo.of(new ShardRows.LabelFn(joined))).setCoder(coder);
    return PCollectionList.of(predictions)
        .and(labelRows)
        .apply("BothSides", Flatten.pCollections())
        .apply(
            "JoinLabels",
            ParDo.of(new JoinLabelsFn(folds, joined))
                .withOutputTags(folds.mainTag(), folds.otherTags().and(CLOSED)));
  }
}
