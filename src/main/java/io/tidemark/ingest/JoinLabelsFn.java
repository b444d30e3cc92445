package io.tidemark.ingest;

import io.tidemark.event.Broadcast;
import io.tidemark.event.LabelRows;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.telemetry.StreamMetric;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
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
    extends DoFn<KV<KV<Long, Integer>, JoinRows>, KV<WindowKey, KV<Integer, byte[]>>> {
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

  private final Counter joined = StreamMetric.PREDICTIONS_LABELLED.counter();
  private final Counter expired = StreamMetric.PREDICTIONS_UNLABELLED.counter();
  private final Counter late = StreamMetric.OUTCOMES_LATE.counter();
  private final Gauge waiting = StreamMetric.PREDICTIONS_WAITING.gauge();

  /** Rows without a label by the stretches that this worker holds, as they were read last. */
  private transient Map<KV<Long, Integer>, Long> unlabelled;

  private final Broadcast<BucketJoin> join;
  private final WindowTiming times;
  private final Duration update;

  private transient ReadingBudget budget;

  JoinLabelsFn(WindowAggregates folds, WindowTiming times, MonitoringSpec spec) {
    this.join = Broadcast.of(BucketJoin.of(folds, times, spec));
    this.times = times;
    this.update = spec.performanceUpdate();
  }

  @ProcessElement
  public void process(
      @Element KV<KV<Long, Integer>, JoinRows> more,
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
    JoinProgress now = progress.read();
    if (now == null) {
      long stretch = more.getKey().getKey();
      now = JoinProgress.begin(stretch, times.window().endOf(stretch));
      progress.write(now);
      next.set(WindowTiming.timer(now.next()));
    } else if (now.ended() > more.getKey().getKey() && !now.updateSet()) {
      progress.write(now.updating(true));
      set(updateTimer, millis(update));
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
      @Key KV<Long, Integer> key,
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
    long close = times.closed(key.getKey());
    if (now.next() >= close) {
      BucketJoin.Reading last = read(key, rows, labels, emitted, out);
      last.last(now);
      joined.inc(last.labelled());
      expired.inc(last.unlabelled());
      if (join.get().folds().outcomes() != null) {
        // Their labels came when later ones had been shown.
        late.inc(Math.max(0, last.labelled() - now.outcomes() - last.outcomes()));
      }
      tellWaiting(key, 0);
      rows.clear();
      labels.clear();
      emitted.clear();
      progress.clear();
      return;
    }
    long passed = now.next();
    long following = Math.min(close, times.window().endOf(times.window().startOf(passed)));
    if (!now.dueSet()) {
      // Held at this time: what is downstream must not take it for done before it is.
      due.withOutputTimestamp(WindowTiming.timer(passed))
          .offset(millis(update.compareTo(SOON) < 0 ? update : SOON))
          .setRelative();
    }
    progress.write(now.passed(passed, following));
    next.set(WindowTiming.timer(following));
  }

  @OnTimer("due")
  public void due(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @StateId("emitted") MapState<WindowKey, Long> emitted,
      @TimerId("due") Timer due,
      @Timestamp Instant heldAt,
      MultiOutputReceiver out) {
    JoinProgress now = progress.read();
    if (now == null || !now.dueSet()) {
      return;
    }
    if (budget().spent(System.nanoTime())) {
      due.withOutputTimestamp(heldAt).offset(AGAIN).setRelative();
      return;
    }
    BucketJoin.Reading reading = read(key, rows, labels, emitted, out);
    reading.due(now);
    account(key, reading);
    progress.write(now.dueDone(times.settled(now.due()), reading.outcomes()));
  }

  @OnTimer("update")
  public void update(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<byte[]> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @StateId("emitted") MapState<WindowKey, Long> emitted,
      @TimerId("update") Timer updateTimer,
      MultiOutputReceiver out) {
    JoinProgress now = progress.read();
    if (now == null || !now.updateSet()) {
      return;
    }
    if (budget().spent(System.nanoTime())) {
      set(updateTimer, millis(update));
      return;
    }
    BucketJoin.Reading reading = read(key, rows, labels, emitted, out);
    reading.changed(now);
    account(key, reading);
    progress.write(now.updating(false));
  }

  private BucketJoin.Reading read(
      KV<Long, Integer> key,
      BagState<byte[]> rows,
      BagState<List<LabelRows.Row>> labels,
      MapState<WindowKey, Long> emitted,
      MultiOutputReceiver out) {
    return join.get().read(key, rows, labels, emitted, WindowAggregates.Output.of(out));
  }

  private ReadingBudget budget() {
    if (budget == null) {
      budget = new ReadingBudget();
    }
    return budget;
  }

  private void account(KV<Long, Integer> key, BucketJoin.Reading reading) {
    budget().spend(System.nanoTime() - reading.begun());
    tellWaiting(key, reading.unlabelled());
  }

  private void tellWaiting(KV<Long, Integer> key, long rows) {
    if (unlabelled == null) {
      unlabelled = new HashMap<>();
    }
    if (rows == 0) {
      unlabelled.remove(key);
    } else {
      unlabelled.put(key, rows);
    }
    waiting.set(unlabelled.values().stream().mapToLong(each -> each).sum());
  }
}
