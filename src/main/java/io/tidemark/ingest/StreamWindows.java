package io.tidemark.ingest;

import io.tidemark.event.EventFold;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.InferenceEventCoder;
import io.tidemark.event.MergeStates;
import io.tidemark.event.Redaction;
import io.tidemark.event.RowHash;
import io.tidemark.profile.WindowKey;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.RecordCoder;
import io.tidemark.telemetry.StreamMetric;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;

/**
 * Follows a topic and gathers a fold's state of each window when the window ends, and again, whole,
 * when rows came late. Rows that came too late are under {@link #LATE}, records without a usable
 * row under {@link #BAD}.
 */
public final class StreamWindows<S> extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1;
  public static final TupleTag<DeadLetter> BAD = new TupleTag<>("bad") {};
  public static final TupleTag<DeadLetter> LATE = new TupleTag<>("late") {};
  private static final TupleTag<InferenceEvent> EVENTS = new TupleTag<>("events") {};

  /** Parts of a window that are held apart where copies are removed; part of state, so fixed. */
  private static final int SHARDS = 16;

  private final transient String uri;
  private final transient MonitoringSpec spec;
  private final transient Redaction redaction;
  private final transient FoldOutput<WindowKey, S> fold;
  private final transient MergeStates.Merge<S> merge;
  private final TupleTag<KV<WindowKey, S>> windows;

  private StreamWindows(
      String uri,
      MonitoringSpec spec,
      Redaction redaction,
      FoldOutput<WindowKey, S> fold,
      MergeStates.Merge<S> merge,
      TupleTag<KV<WindowKey, S>> windows) {
    this.uri = uri;
    this.spec = spec;
    this.redaction = redaction;
    this.fold = fold;
    this.merge = merge;
    this.windows = windows;
  }

  /** Whether a URI names a topic that is to be followed without end. */
  public static boolean follows(String uri) {
    return KafkaTopic.isOne(uri) && !KafkaTopic.of("--events", uri).untilLatest();
  }

  /**
   * @param uri of a topic
   * @param windows tag of the states
   * @throws InputException with a message for the user, here or when it is expanded
   */
  public static <S> StreamWindows<S> of(
      String uri,
      MonitoringSpec spec,
      Redaction redaction,
      FoldOutput<WindowKey, S> fold,
      MergeStates.Merge<S> merge,
      TupleTag<KV<WindowKey, S>> windows) {
    return new StreamWindows<>(uri, spec, redaction, fold, merge, windows);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    KafkaTopic topic = KafkaTopic.of("--events", uri);
    PCollectionTuple rows =
        begin
            .apply("ReadTopic", Read.from(KafkaStream.of(topic, spec, redaction)))
            .apply(
                "TellApart",
                ParDo.of(new TellApartFn()).withOutputTags(EVENTS, TupleTagList.of(BAD).and(LATE)));
    PCollection<InferenceEvent> events = rows.get(EVENTS).setCoder(InferenceEventCoder.of());
    rows.get(BAD).setCoder(RecordCoder.of(DeadLetter.class));
    rows.get(LATE).setCoder(RecordCoder.of(DeadLetter.class));
    PCollection<KV<WindowKey, KV<Integer, byte[]>>> parts =
        (spec.events().deduplicate() ? held(events) : gathered(events))
            .setCoder(
                KvCoder.of(fold.keyCoder(), KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of())));
    PCollection<KV<WindowKey, S>> whole =
        parts
            .apply("AssembleWindow", ParDo.of(new AssembleWindowFn<>(fold, merge, spec.window())))
            .setCoder(KvCoder.of(fold.keyCoder(), fold.stateCoder()));
    return PCollectionTuple.of(windows, whole).and(BAD, rows.get(BAD)).and(LATE, rows.get(LATE));
  }

  private PCollection<KV<WindowKey, KV<Integer, byte[]>>> held(PCollection<InferenceEvent> events) {
    return events
        .apply("ShardById", ParDo.of(new ShardFn(spec.window())))
        .setCoder(
            KvCoder.of(KvCoder.of(VarLongCoder.of(), VarIntCoder.of()), InferenceEventCoder.of()))
        .apply("HoldRows", ParDo.of(new HoldRowsFn<>(fold, spec.window(), EventLabels.of(spec))));
  }

  private PCollection<KV<WindowKey, KV<Integer, byte[]>>> gathered(
      PCollection<InferenceEvent> events) {
    return events.apply("GatherBundle", ParDo.of(new GatherFn<>(fold, spec.window())));
  }

  private static final class TellApartFn extends DoFn<StreamRow, InferenceEvent> {
    private static final long serialVersionUID = 1;

    private final Counter in = StreamMetric.ROWS_IN.counter();
    private final Counter bad = StreamMetric.ROWS_DEAD_LETTERED.counter();
    private final Counter late = StreamMetric.ROWS_LATE.counter();

    @StartBundle
    public void start() {
      bad.inc(0); // known from the start, so that the first is seen as a rise from 0
      late.inc(0);
    }

    @ProcessElement
    public void process(@Element StreamRow row, MultiOutputReceiver out) {
      in.inc();
      if (row.event() != null) {
        out.get(EVENTS).output(row.event());
      } else if (row.bad() != null) {
        bad.inc();
        out.get(BAD).output(row.bad());
      } else {
        late.inc();
        out.get(LATE).output(row.late());
      }
    }
  }

  private static final class ShardFn
      extends DoFn<InferenceEvent, KV<KV<Long, Integer>, InferenceEvent>> {
    private static final long serialVersionUID = 1;

    private final WindowSpec window;

    private transient WindowCursor cursor;

    ShardFn(WindowSpec window) {
      this.window = window;
    }

    @ProcessElement
    public void process(
        @Element InferenceEvent event, OutputReceiver<KV<KV<Long, Integer>, InferenceEvent>> out) {
      if (cursor == null) {
        cursor = new WindowCursor(window);
      }
      int shard = (int) Long.remainderUnsigned(RowHash.ofId(event.id()).high(), SHARDS);
      out.output(KV.of(KV.of(cursor.startOf(event.timeMicros()), shard), event));
    }
  }

  /** Without ids there are no copies to look for: a bundle's rows are gathered at once. */
  private static final class GatherFn<S>
      extends DoFn<InferenceEvent, KV<WindowKey, KV<Integer, byte[]>>> {
    private static final long serialVersionUID = 1;

    private final FoldOutput<WindowKey, S> fold;
    private final WindowSpec window;
    private final Counter profiled = StreamMetric.ROWS_PROFILED.counter();

    private transient EventFold.Gathering<WindowKey, S> gathering;
    private transient WindowCursor cursor;
    private transient Instant least;

    GatherFn(FoldOutput<WindowKey, S> fold, WindowSpec window) {
      this.fold = fold;
      this.window = window;
    }

    @StartBundle
    public void start() {
      gathering = fold.fold().start();
      cursor = new WindowCursor(window);
      least = null;
    }

    @ProcessElement
    public void process(@Element InferenceEvent event, @Timestamp Instant timestamp) {
      profiled.inc();
      gathering.add(event, cursor.startOf(event.timeMicros()));
      least = least == null || timestamp.isBefore(least) ? timestamp : least;
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      List<KV<WindowKey, KV<Integer, byte[]>>> parts = new ArrayList<>();
      gathering.drainTo(
          (key, state) ->
              parts.add(
                  KV.of(
                      key,
                      KV.of(AssembleWindowFn.MORE, MergeStates.pack(fold.stateCoder(), state)))));
      for (KV<WindowKey, KV<Integer, byte[]>> part : parts) {
        context.output(part, least, GlobalWindow.INSTANCE);
      }
      gathering = null;
    }
  }
}
