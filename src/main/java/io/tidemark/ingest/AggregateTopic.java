package io.tidemark.ingest;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedAggregator;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
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

  /** Input: decoded rows. Element time is that of the earliest among them. */
  public static final TupleTag<List<InferenceEvent>> ROWS = new TupleTag<>("rows") {};

  /** Input, where labels are joined: as rows, see {@link EventColumns#labels}. */
  public static final TupleTag<List<InferenceEvent>> LABELS = new TupleTag<>("labels") {};

  /** Starts of windows that rows come to, those that move an end of the log. */
  public static final TupleTag<Long> SEEN = new TupleTag<>("seen") {};

  private final transient MonitoringSpec spec;
  private final transient boolean joins;
  private final transient WindowAggregate<?> profile;
  private final transient WindowAggregates labelled;

  private AggregateTopic(
      MonitoringSpec spec, boolean joins, WindowAggregate<?> profile, WindowAggregates labelled) {
    this.spec = spec;
    this.joins = joins;
    this.profile = profile;
    this.labelled = labelled;
  }

  /**
   * @param joins whether labels are joined: the input then has {@link #LABELS}
   * @param profile needs no label
   */
  public static AggregateTopic of(MonitoringSpec spec, boolean joins, WindowAggregate<?> profile) {
    return new AggregateTopic(spec, joins, profile, WindowAggregates.none(spec));
  }

  private AggregateTopic with(WindowAggregates folds) {
    return new AggregateTopic(spec, joins, profile, folds);
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
      AggregateOutput<String, S> output, RangedAggregator<String, S> fold) {
    return with(labelled.withOutcomes(output, fold));
  }

  /** When what is gathered of a window comes out. */
  public WindowTiming times() {
    return joins ? WindowTiming.withLabels(spec) : WindowTiming.withoutLabels(spec.window());
  }

  @Override
  public PCollectionTuple expand(PCollectionTuple input) {
    PCollection<List<InferenceEvent>> rows = input.get(ROWS);
    WindowAggregates now = WindowAggregates.none(spec).andRevised(List.of(profile));
    if (!joins) {
      now =
          now.andRevised(List.copyOf(labelled.revised()))
              .andLast(List.copyOf(labelled.last()))
              .withOutcomes(labelled.outcomes(), labelled.ranged());
    }
    boolean held = spec.events().deduplicate() || !now.last().isEmpty();
    PCollectionTuple out = coded(held ? held(rows, now) : gathered(rows, now), now);
    if (joins) {
      PCollectionTuple waited = coded(waiting(rows, input.get(LABELS)), labelled);
      for (var each : waited.getAll().entrySet()) {
        out = out.and(untyped(each.getKey()), untyped(each.getValue()));
      }
    }
    PCollection<Long> seen =
        rows.apply("WindowsSeen", ParDo.of(new WindowsSeenFn(spec.window())))
            .setCoder(VarLongCoder.of());
    return out.and(SEEN, seen);
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
    for (WindowAggregate<?> fold : folds.revised()) {
      out.get(fold.parts()).setCoder(fold.partsCoder());
    }
    for (AggregateOutput<WindowKey, ?> fold : folds.last()) {
      out.get(fold.tag()).setCoder(fold.coder());
    }
    AggregateOutput<String, ?> outcomes = folds.outcomes();
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
      WindowTiming times) {
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

  private PCollectionTuple held(PCollection<List<InferenceEvent>> rows, WindowAggregates folds) {
    BufferWindowFn hold =
        new BufferWindowFn(
            folds,
            WindowTiming.withoutLabels(spec.window()),
            spec.events().deduplicate(),
            EventLabels.of(spec));
    return rows.apply(
            "Shard", ParDo.of(ShardRows.byWindow(folds.layout(), spec.window(), folds.needIds())))
        .setCoder(KvCoder.of(KvCoder.of(VarLongCoder.of(), VarIntCoder.of()), ByteArrayCoder.of()))
        .apply("HoldRows", ParDo.of(hold).withOutputTags(folds.mainTag(), folds.otherTags()));
  }

  private PCollectionTuple gathered(
      PCollection<List<InferenceEvent>> rows, WindowAggregates folds) {
    return rows.apply(
        "GatherBundle",
        ParDo.of(new PreAggregateFn(folds, spec.window()))
            .withOutputTags(folds.mainTag(), folds.otherTags()));
  }

  private PCollectionTuple waiting(
      PCollection<List<InferenceEvent>> rows, PCollection<List<InferenceEvent>> given) {
    WindowTiming times = times();
    KvCoder<KV<Long, Integer>, JoinRows> coder =
        KvCoder.of(KvCoder.of(VarLongCoder.of(), VarIntCoder.of()), new JoinRows.RowsCoder());
    PCollection<KV<KV<Long, Integer>, JoinRows>> predictions =
        rows.apply("ShardPredictions", ParDo.of(ShardRows.byStretch(labelled.layout(), times)))
            .setCoder(coder);
    PCollection<KV<KV<Long, Integer>, JoinRows>> labelRows =
        given
            .apply(
                "ShardLabels",
                ParDo.of(new ShardRows.LabelFn(times, spec.task() == Task.REGRESSION)))
            .setCoder(coder);
    return PCollectionList.of(predictions)
        .and(labelRows)
        .apply("BothSides", Flatten.pCollections())
        .apply(
            "JoinLabels",
            ParDo.of(new JoinLabelsFn(labelled, times, spec))
                .withOutputTags(labelled.mainTag(), labelled.otherTags()));
  }
}
