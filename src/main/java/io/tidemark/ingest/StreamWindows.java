package io.tidemark.ingest;

import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedFold;
import io.tidemark.event.Redaction;
import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowKey;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Follows a topic of events, and one of labels where there is one, and gathers what folds make of
 * them: states of windows, each when the window ends and again, whole, when it has changed, as
 * parts that {@link #assembled} puts together. Rows that came too late are under {@link #LATE},
 * records without a usable row under {@link #BAD}.
 *
 * <p>Profiles wait for no label: labels and the events that wait for them are joined beside them.
 */
public final class StreamWindows extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<DeadLetter> BAD = new TupleTag<>("bad") {};
  public static final TupleTag<DeadLetter> LATE = new TupleTag<>("late") {};

  /** Starts of windows that rows come to, those that move an end of the log. */
  public static final TupleTag<Long> SEEN = new TupleTag<>("seen") {};

  static final TupleTag<List<InferenceEvent>> EVENTS = new TupleTag<>("events") {};

  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final transient String events;
  private final transient String labels;
  private final transient StreamFold<?> profile;
  private final transient StreamFolds labelled;

  private StreamWindows(
      MonitoringSpec spec,
      Redaction redaction,
      String events,
      String labels,
      StreamFold<?> profile,
      StreamFolds labelled) {
    this.spec = spec;
    this.redaction = redaction;
    this.events = events;
    this.labels = labels;
    this.profile = profile;
    this.labelled = labelled;
  }

  /** Whether a URI names a topic that is to be followed without end. */
  public static boolean follows(String option, String uri) {
    return KafkaTopic.isOne(uri) && !KafkaTopic.of(option, uri).untilLatest();
  }

  /**
   * @param events URI of a topic
   * @param labels URI of another, or null: none are joined
   * @param profile needs no label
   * @throws InputException with a message for the user, here or when it is expanded
   */
  public static StreamWindows of(
      MonitoringSpec spec,
      Redaction redaction,
      String events,
      String labels,
      StreamFold<?> profile) {
    return new StreamWindows(spec, redaction, events, labels, profile, StreamFolds.none(spec));
  }

  private StreamWindows with(StreamFolds folds) {
    return new StreamWindows(spec, redaction, events, labels, profile, folds);
  }

  /** The same with folds whose states change as labels come. */
  public StreamWindows revising(List<StreamFold<?>> folds) {
    return with(labelled.andRevised(folds));
  }

  /**
   * The same with folds whose states come out once, under their own tags, when nothing can change a
   * window any more.
   */
  public StreamWindows atLast(List<FoldOutput<WindowKey, ?>> folds) {
    return with(labelled.andLast(folds));
  }

  /** The same with each labelled outcome, once, under the output's tag. */
  public <S> StreamWindows showing(FoldOutput<String, S> output, RangedFold<String, S> fold) {
    return with(labelled.withOutcomes(output, fold));
  }

  /** When what is gathered of a window comes out. */
  public StreamTimes times() {
    return labels == null ? StreamTimes.withoutLabels(spec.window()) : StreamTimes.withLabels(spec);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    KafkaTopic topic = KafkaTopic.of("--events", events);
    PipelineOptions options = begin.getPipeline().getOptions();
    PCollectionTuple read =
        begin
            .apply(
                "ReadTopic", Read.from(KafkaStream.of("--events", topic, spec, redaction, options)))
            .apply(
                "TellApart",
                ParDo.of(new TellApartFn(StreamMetric.ROWS_IN, StreamMetric.ROWS_DEAD_LETTERED))
                    .withOutputTags(EVENTS, TupleTagList.of(BAD).and(LATE)));
    PCollection<List<InferenceEvent>> rows =
        read.get(EVENTS).setCoder(new StreamRows.EventsCoder());
    PCollection<DeadLetter> bad = read.get(BAD).setCoder(RecordCoder.of(DeadLetter.class));
    StreamFolds now = StreamFolds.none(spec).andRevised(List.of(profile));
    if (labels == null) {
      now =
          now.andRevised(List.copyOf(labelled.revised()))
              .andLast(List.copyOf(labelled.last()))
              .withOutcomes(labelled.outcomes(), labelled.ranged());
    }
    boolean held = spec.events().deduplicate() || !now.last().isEmpty();
    PCollectionTuple out = coded(held ? held(rows, now) : gathered(rows, now), now);
    if (labels != null) {
      KafkaTopic source = KafkaTopic.of("--labels", labels);
      PCollectionTuple given =
          begin
              .apply(
                  "ReadLabels",
                  Read.from(KafkaStream.ofLabels("--labels", source, spec, redaction, options)))
              .apply(
                  "TellLabelsApart",
                  ParDo.of(
                          new TellApartFn(
                              StreamMetric.LABELS_IN, StreamMetric.LABELS_DEAD_LETTERED))
                      .withOutputTags(EVENTS, TupleTagList.of(BAD).and(LATE)));
      given.get(LATE).setCoder(RecordCoder.of(DeadLetter.class));
      bad =
          PCollectionList.of(bad)
              .and(given.get(BAD).setCoder(RecordCoder.of(DeadLetter.class)))
              .apply("AllDeadLetters", Flatten.pCollections());
      PCollectionTuple waited =
          coded(waiting(rows, given.get(EVENTS).setCoder(new StreamRows.EventsCoder())), labelled);
      for (var each : waited.getAll().entrySet()) {
        out = out.and(untyped(each.getKey()), untyped(each.getValue()));
      }
    }
    PCollection<Long> seen =
        rows.apply("WindowsSeen", ParDo.of(new WindowsSeenFn(spec.window())))
            .setCoder(VarLongCoder.of());
    return out.and(BAD, bad)
        .and(SEEN, seen)
        .and(LATE, read.get(LATE).setCoder(RecordCoder.of(DeadLetter.class)));
  }

  @SuppressWarnings("unchecked") // a collection stays under its own tag
  private static TupleTag<Object> untyped(TupleTag<?> tag) {
    return (TupleTag<Object>) tag;
  }

  @SuppressWarnings("unchecked")
  private static PCollection<Object> untyped(PCollection<?> collection) {
    return (PCollection<Object>) collection;
  }

  private static PCollectionTuple coded(PCollectionTuple out, StreamFolds folds) {
    for (StreamFold<?> fold : folds.revised()) {
      out.get(fold.parts()).setCoder(fold.partsCoder());
    }
    for (FoldOutput<WindowKey, ?> fold : folds.last()) {
      out.get(fold.tag()).setCoder(fold.coder());
    }
    FoldOutput<String, ?> outcomes = folds.outcomes();
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
      StreamFold<S> fold,
      StreamTimes times) {
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

  private PCollectionTuple held(PCollection<List<InferenceEvent>> rows, StreamFolds folds) {
    HoldRowsFn hold =
        new HoldRowsFn(
            folds,
            StreamTimes.withoutLabels(spec.window()),
            spec.events().deduplicate(),
            EventLabels.of(spec));
    return rows.apply(
            "Shard", ParDo.of(DealOut.byWindow(folds.layout(), spec.window(), folds.needIds())))
        .setCoder(KvCoder.of(KvCoder.of(VarLongCoder.of(), VarIntCoder.of()), ByteArrayCoder.of()))
        .apply("HoldRows", ParDo.of(hold).withOutputTags(folds.mainTag(), folds.otherTags()));
  }

  private PCollectionTuple gathered(PCollection<List<InferenceEvent>> rows, StreamFolds folds) {
    return rows.apply(
        "GatherBundle",
        ParDo.of(new GatherFn(folds, spec.window()))
            .withOutputTags(folds.mainTag(), folds.otherTags()));
  }

  private PCollectionTuple waiting(
      PCollection<List<InferenceEvent>> rows, PCollection<List<InferenceEvent>> given) {
    StreamTimes times = times();
    KvCoder<KV<Long, Integer>, JoinRows> coder =
        KvCoder.of(KvCoder.of(VarLongCoder.of(), VarIntCoder.of()), new JoinRows.RowsCoder());
    PCollection<KV<KV<Long, Integer>, JoinRows>> predictions =
        rows.apply("ShardPredictions", ParDo.of(DealOut.byStretch(labelled.layout(), times)))
            .setCoder(coder);
    PCollection<KV<KV<Long, Integer>, JoinRows>> labelRows =
        given
            .apply(
                "ShardLabels", ParDo.of(new DealOut.LabelFn(times, spec.task() == Task.REGRESSION)))
            .setCoder(coder);
    return PCollectionList.of(predictions)
        .and(labelRows)
        .apply("BothSides", Flatten.pCollections())
        .apply(
            "JoinLabels",
            ParDo.of(new HoldForLabelsFn(labelled, times, spec))
                .withOutputTags(labelled.mainTag(), labelled.otherTags()));
  }
}
