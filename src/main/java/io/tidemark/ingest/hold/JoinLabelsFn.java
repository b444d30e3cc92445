package io.tidemark.ingest.hold;

import io.tidemark.event.LabelRows;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * Holds the predictions of a shard of a stretch of windows until their horizon has passed, and the
 * labels that may be theirs. Both are only appended; they are joined, by the rules and the code of
 * a batch run, whenever something has to come out:
 *
 * <ul>
 *   <li>each window soon after its end, and again, at most once an update, when labels or late rows
 *       have changed it;
 *   <li>each labelled outcome once, when no earlier one can come any more: in the order of labels,
 *       so that this never waits for a horizon;
 *   <li>at last, when nothing can change any more, all that has changed and what comes once; then
 *       the state goes.
 * </ul>
 *
 * <p>No timer a prediction and no lookup a label: a stretch is read again at each of these times,
 * which costs about a microsecond a row.
 */
final class JoinLabelsFn
    extends DoFn<KV<KV<WindowKey, Integer>, JoinRows>, KV<WindowKey, KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  /** What is due is put together for so long at most; labels come hours late, so it is early. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final org.joda.time.Duration AGAIN = org.joda.time.Duration.standardSeconds(2);

  @StateId("rows")
  private final StateSpec<BagState<byte[]>> rowsSpec = StateSpecs.bag(JoinRows.BLOCK);

  @StateId("labels")
  private final StateSpec<BagState<List<LabelRows.Row>>> labelsSpec =
      StateSpecs.bag(JoinRows.LABELS);

  @StateId("progress")
  private final StateSpec<ValueState<JoinProgress>> progressSpec =
      StateSpecs.value(new JoinProgress.ProgressCoder());

  /** Hashes of what came out of each window last. */
  @StateId("emitted")
  private final StateSpec<MapState<WindowKey, Long>> emittedSpec =
      StateSpecs.map(new WindowKey.KeyCoder(), VarLongCoder.of());

  @TimerId("next")
  private final TimerSpec nextSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("due")
  private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  @TimerId("update")
  private final TimerSpec updateSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final ModelCounter joined;
  private final ModelCounter expired;
  private final ModelCounter late;

  /** Rows without a label by the stretches that this worker holds, as they were read last. */
  private transient Map<KV<WindowKey, Integer>, Long> unlabelled;

  private final Broadcast<Fleet<OfModel>> models;
  private transient ReadingBudget budget;

  /**
   * How a model's rows and labels are joined.
   *
   * @param update how often labels that came may change what has come out
   */
  private record OfModel(BucketJoin join, Duration update) implements Serializable {
    WindowTiming times() {
      return join.times();
    }

    private Duration soon() {
      return update.compareTo(SOON) < 0 ? update : SOON;
    }
  }

  JoinLabelsFn(WindowAggregates folds, Fleet<MonitoringSpec> specs) {
    this.joined = StreamMetric.PREDICTIONS_LABELLED.counter(specs.models());
    this.expired = StreamMetric.PREDICTIONS_UNLABELLED.counter(specs.models());
    this.late = StreamMetric.OUTCOMES_LATE.counter(specs.models());
    this.models =
        Broadcast.of(
            specs.map(
                spec ->
                    new OfModel(
                        BucketJoin.of(folds, WindowTiming.withLabels(spec), spec),
                        spec.performanceUpdate())));
  }

  @ProcessElement
  public void process(
      @Element KV<KV<WindowKey, Integer>, JoinRows> more,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @TimerId("next") Timer next,
      @TimerId("update") Timer updateTimer) {
    if (more.getValue().block() != null) {
      rows.add(more.getValue().block());
    } else {
      labels.add(more.getValue().labels());
    }
    WindowKey bucket = more.getKey().getKey();
    OfModel own = models.get().of(bucket.model());
    WindowTiming times = own.times();
    JoinProgress now = progress.read();
    if (now == null) {
      long stretch = bucket.start();
      now = JoinProgress.begin(stretch, times.window().endOf(stretch));
      progress.write(now);
      next.set(WindowTiming.timer(now.next()));
    } else if (now.ended() > bucket.start() && !now.updateSet()) {
      progress.write(now.updating(true));
      set(updateTimer, millis(own.update()));
    }
  }

  private static void set(Timer update, org.joda.time.Duration after) {
    // At the end of time it holds nobody up: the windows that it updates have ended long ago.
    update.withOutputTimestamp(GlobalWindow.INSTANCE.maxTimestamp()).offset(after).setRelative();
  }

  private static org.joda.time.Duration millis(Duration duration) {
    return org.joda.time.Duration.millis(Math.max(1, duration.toMillis()));
  }

  @OnTimer("next")
  public void next(
      @Key KV<WindowKey, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @StateId("emitted") MapState<WindowKey, Long> emitted,
      @TimerId("next") Timer next,
      @TimerId("due") Timer due,
      MultiOutputReceiver out) {
    JoinProgress now = progress.read();
    if (now == null) {
      return; // the stretch is closed
    }
    OfModel own = models.get().find(key.getKey().model()).orElse(null);
    if (own == null) { // the model has left
      clear(rows, labels, progress, emitted);
      return;
    }
    WindowTiming times = own.times();
    long close = times.closed(key.getKey().start());
    if (now.next() >= close) {
      BucketJoin.Reading last = read(own, key, rows, labels, emitted, out);
      last.last(now);
      joined.inc(key.getKey().model(), last.labelled());
      expired.inc(key.getKey().model(), last.unlabelled());
      if (own.join().folds().takesOutcomes(key.getKey().model())) {
        // Their labels came when later ones had been shown.
        late.inc(
            key.getKey().model(), Math.max(0, last.labelled() - now.outcomes() - last.outcomes()));
      }
      tellWaiting(key, 0);
      clear(rows, labels, progress, emitted);
      return;
    }
    long passed = now.next();
    long following = Math.min(close, times.window().endOf(times.window().startOf(passed)));
    if (!now.dueSet()) {
      // Held at this time: what is downstream must not take it for done before it is.
      due.withOutputTimestamp(WindowTiming.timer(passed)).offset(millis(own.soon())).setRelative();
    }
    progress.write(now.passed(passed, following));
    next.set(WindowTiming.timer(following));
  }

  @OnTimer("due")
  public void due(
      @Key KV<WindowKey, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @StateId("emitted") MapState<WindowKey, Long> emitted,
      @TimerId("due") Timer due,
      @Timestamp Instant heldAt,
      MultiOutputReceiver out) {
    JoinProgress now = progress.read();
    OfModel own = models.get().find(key.getKey().model()).orElse(null);
    if (now == null || !now.dueSet() || own == null) {
      return;
    }
    if (budget().spent(System.nanoTime())) {
      due.withOutputTimestamp(heldAt).offset(AGAIN).setRelative();
      return;
    }
    BucketJoin.Reading reading = read(own, key, rows, labels, emitted, out);
    reading.due(now);
    account(key, reading);
    progress.write(now.dueDone(own.times().settled(now.due()), reading.outcomes()));
  }

  @OnTimer("update")
  public void update(
      @Key KV<WindowKey, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @StateId("emitted") MapState<WindowKey, Long> emitted,
      @TimerId("update") Timer updateTimer,
      MultiOutputReceiver out) {
    JoinProgress now = progress.read();
    OfModel own = models.get().find(key.getKey().model()).orElse(null);
    if (now == null || !now.updateSet() || own == null) {
      return;
    }
    if (budget().spent(System.nanoTime())) {
      set(updateTimer, millis(own.update()));
      return;
    }
    BucketJoin.Reading reading = read(own, key, rows, labels, emitted, out);
    reading.changed(now);
    account(key, reading);
    progress.write(now.updating(false));
  }

  private static void clear(
      BagState<byte[]> rows,
      BagState<List<LabelRows.Row>> labels,
      ValueState<JoinProgress> progress,
      MapState<WindowKey, Long> emitted) {
    rows.clear();
    labels.clear();
    emitted.clear();
    progress.clear();
  }

  private static BucketJoin.Reading read(
      OfModel own,
      KV<WindowKey, Integer> key,
      BagState<byte[]> rows,
      BagState<List<LabelRows.Row>> labels,
      MapState<WindowKey, Long> emitted,
      MultiOutputReceiver out) {
    return own.join().read(key, rows, labels, emitted, WindowAggregates.Output.of(out));
  }

  private ReadingBudget budget() {
    if (budget == null) {
      budget = new ReadingBudget();
    }
    return budget;
  }

  private void account(KV<WindowKey, Integer> key, BucketJoin.Reading reading) {
    budget().spend(System.nanoTime() - reading.begun());
    tellWaiting(key, reading.unlabelled());
  }

  private void tellWaiting(KV<WindowKey, Integer> key, long rows) {
    if (unlabelled == null) {
      unlabelled = new HashMap<>();
    }
    if (rows == 0) {
      unlabelled.remove(key);
    } else {
      unlabelled.put(key, rows);
    }
    String model = key.getKey().model();
    long all = 0;
    for (Map.Entry<KV<WindowKey, Integer>, Long> each : unlabelled.entrySet()) {
      all += each.getKey().getKey().model().equals(model) ? each.getValue() : 0;
    }
    StreamMetric.PREDICTIONS_WAITING.gaugeOf(model).set(all);
  }
}
