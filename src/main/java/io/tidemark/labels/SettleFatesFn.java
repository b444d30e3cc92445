package io.tidemark.labels;

import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Keeps what buckets found of the labels that one of them answers for, until that one has closed:
 * it is the last of them to do so. Gives those that label nothing, and counts all.
 */
final class SettleFatesFn
    extends DoFn<
        KV<KV<WindowKey, Integer>, BucketFates>, KV<KV<WindowKey, Integer>, List<LabelFate>>> {
  private static final long serialVersionUID = 1;

  /** After a bucket's own timer: what it found has come by then. */
  private static final long AFTER = 1;

  @StateId("found")
  private final StateSpec<BagState<BucketFates>> foundSpec =
      StateSpecs.bag(new BucketFates.FatesCoder());

  @TimerId("closed")
  private final TimerSpec closedSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Fleet<WindowTiming> times;
  private final EnumMap<LabelFate.Kind, ModelCounter> counters;

  SettleFatesFn(Fleet<WindowTiming> times) {
    this.times = times;
    this.counters =
        new EnumMap<>(
            Map.of(
                LabelFate.Kind.JOINED, StreamMetric.LABELS_JOINED.counter(times.models()),
                LabelFate.Kind.DUPLICATE, StreamMetric.LABELS_DUPLICATE.counter(times.models()),
                LabelFate.Kind.CONFLICTING, StreamMetric.LABELS_CONFLICTING.counter(times.models()),
                LabelFate.Kind.OVERRIDDEN, StreamMetric.LABELS_OVERRIDDEN.counter(times.models()),
                LabelFate.Kind.ORPHAN, StreamMetric.LABELS_ORPHAN.counter(times.models()),
                LabelFate.Kind.TOO_LATE, StreamMetric.LABELS_TOO_LATE.counter(times.models())));
  }

  @StartBundle
  public void start() {
    counters.values().forEach(ModelCounter::begin);
  }

  @ProcessElement
  public void process(
      @Element KV<KV<WindowKey, Integer>, BucketFates> one,
      @StateId("found") BagState<BucketFates> found,
      @TimerId("closed") Timer closed) {
    WindowKey bucket = one.getKey().getKey();
    found.add(one.getValue());
    closed.set(times.of(bucket.model()).closes(bucket.start()).plus(AFTER));
  }

  @OnTimer("closed")
  public void closed(
      @Key KV<WindowKey, Integer> key,
      @StateId("found") BagState<BucketFates> found,
      MultiOutputReceiver out) {
    List<BucketFates> all = new ArrayList<>();
    found.read().forEach(all::add);
    found.clear();
    String model = key.getKey().model();
    if (!times.has(model)) {
      return; // it has left
    }
    long[] counts = new long[LabelFate.Kind.values().length];
    List<LabelFate> unjoined = new ArrayList<>();
    for (LabelFate fate : BucketFates.together(key.getKey().start(), all)) {
      counts[fate.kind().ordinal()]++;
      if (!fate.isJoined()) {
        unjoined.add(fate);
      }
    }
    counters.forEach((kind, counter) -> counter.inc(model, counts[kind.ordinal()]));
    out.get(SettleLabels.COUNTS)
        .output(
            KV.of(
                model,
                LabelCounts.settled(
                    counts[LabelFate.Kind.JOINED.ordinal()],
                    counts[LabelFate.Kind.DUPLICATE.ordinal()],
                    counts[LabelFate.Kind.CONFLICTING.ordinal()],
                    counts[LabelFate.Kind.OVERRIDDEN.ordinal()],
                    counts[LabelFate.Kind.ORPHAN.ordinal()],
                    counts[LabelFate.Kind.TOO_LATE.ordinal()])));
    if (!unjoined.isEmpty()) {
      unjoined.sort(LabelFate.ORDER);
      out.get(SettleLabels.UNJOINED).output(KV.of(key, unjoined));
    }
  }
}
