package io.tidemark.ingest;

import io.tidemark.event.AttachLabels;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelTable;
import io.tidemark.event.RowHash;
import io.tidemark.event.Shipped;
import io.tidemark.event.StreamTimes;
import io.tidemark.profile.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.Hash128;
import io.tidemark.telemetry.StreamMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
final class HoldForLabelsFn
    extends DoFn<KV<KV<Long, Integer>, JoinRows>, KV<WindowKey, KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1;

  /** What is due is put together for so long at most; labels come hours late, so it is early. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final long MINUTE = 60_000_000_000L;

  private static final org.joda.time.Duration AGAIN = org.joda.time.Duration.standardSeconds(2);

  /** One part in so many of a minute may go into reading stretches before their time. */
  private static final int SHARE = 3;

  @StateId("rows")
  private final StateSpec<BagState<List<InferenceEvent>>> rowsSpec =
      StateSpecs.bag(JoinRows.EVENTS);

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
  private final Gauge waiting = StreamMetric.PREDICTIONS_WAITING.gauge();

  /** Rows without a label by the stretches that this worker holds, as they were read last. */
  private transient Map<KV<Long, Integer>, Long> unlabelled;

  private final Shipped<StreamFolds> folds;
  private final StreamTimes times;
  private final AttachLabels attach;
  private final EventLabels labelsOf;
  private final boolean deduplicate;
  private final boolean numeric;
  private final Duration update;

  HoldForLabelsFn(StreamFolds folds, StreamTimes times, MonitoringSpec spec) {
    this.folds = Shipped.of(folds);
    this.times = times;
    this.attach = AttachLabels.of(spec);
    this.labelsOf = EventLabels.of(spec);
    this.deduplicate = spec.events().deduplicate();
    this.numeric = spec.task() == Task.REGRESSION;
    this.update = spec.performanceUpdate();
  }

  /** Of the time since a minute's beginning what went into reading stretches, nanoseconds. */
  private transient long minute;

  private transient long spent;

  /**
   * Whether reading stretches takes so much of the time that what can wait should. A log that is
   * caught up with brings many windows a second, and each would have its stretch read.
   */
  private boolean overspent() {
    long now = System.nanoTime();
    if (now - minute > MINUTE) {
      minute = now;
      spent = 0;
    }
    return spent > MINUTE / SHARE;
  }

  @ProcessElement
  public void process(
      @Element KV<KV<Long, Integer>, JoinRows> more,
      @StateId("rows") BagState<List<InferenceEvent>> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @TimerId("next") Timer next,
      @TimerId("update") Timer updateTimer) {
    if (more.getValue().events() != null) {
      rows.add(more.getValue().events());
    } else {
      labels.add(more.getValue().labels());
    }
    JoinProgress now = progress.read();
    if (now == null) {
      long stretch = more.getKey().getKey();
      now = JoinProgress.begin(stretch, times.window().endOf(stretch));
      progress.write(now);
      next.set(StreamTimes.timer(now.next()));
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
      @StateId("rows") BagState<List<InferenceEvent>> rows,
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
    long last = times.closed(key.getKey());
    if (now.next() >= last) {
      new Fold(key, rows, labels, emitted, out).last(now);
      rows.clear();
      labels.clear();
      emitted.clear();
      progress.clear();
      return;
    }
    long passed = now.next();
    long following = Math.min(last, times.window().endOf(times.window().startOf(passed)));
    if (!now.dueSet()) {
      // Held at this time: what is downstream must not take it for done before it is.
      due.withOutputTimestamp(StreamTimes.timer(passed))
          .offset(millis(update.compareTo(SOON) < 0 ? update : SOON))
          .setRelative();
    }
    progress.write(now.passed(passed, following));
    next.set(StreamTimes.timer(following));
  }

  @OnTimer("due")
  public void due(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<List<InferenceEvent>> rows,
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
    if (overspent()) {
      due.withOutputTimestamp(heldAt).offset(AGAIN).setRelative();
      return;
    }
    new Fold(key, rows, labels, emitted, out).due(now);
    progress.write(now.dueDone(times.settled(now.due())));
  }

  @OnTimer("update")
  public void update(
      @Key KV<Long, Integer> key,
      @StateId("rows") BagState<List<InferenceEvent>> rows,
      @StateId("labels") BagState<List<LabelRows.Row>> labels,
      @StateId("progress") ValueState<JoinProgress> progress,
      @StateId("emitted") MapState<WindowKey, Long> emitted,
      @TimerId("update") Timer updateTimer,
      MultiOutputReceiver out) {
    JoinProgress now = progress.read();
    if (now == null || !now.updateSet()) {
      return;
    }
    if (overspent()) {
      set(updateTimer, millis(update));
      return;
    }
    new Fold(key, rows, labels, emitted, out).changed(now);
    progress.write(now.updating(false));
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

  /** One time that a stretch is read. */
  private final class Fold {
    private final KV<Long, Integer> key;
    private final BagState<List<LabelRows.Row>> labelState;
    private final MapState<WindowKey, Long> emitted;
    private final long begun = System.nanoTime();
    private final StreamFolds.Output out;
    private final HeldRows held =
        new HeldRows(deduplicate, labelsOf, new WindowCursor(times.window()));
    private final Set<Hash128> ids = new HashSet<>();
    private final List<LabelRows.Row> labels = new ArrayList<>();

    Fold(
        KV<Long, Integer> key,
        BagState<List<InferenceEvent>> rows,
        BagState<List<LabelRows.Row>> labelState,
        MapState<WindowKey, Long> emitted,
        MultiOutputReceiver out) {
      this.key = key;
      this.labelState = labelState;
      this.emitted = emitted;
      this.out = StreamFolds.Output.of(out);
      labelState.read().forEach(labels::addAll);
      for (List<InferenceEvent> some : rows.read()) {
        for (InferenceEvent row : some) {
          held.add(row);
          ids.add(RowHash.ofId(row.id()));
        }
      }
    }

    /** The windows that have ended since the last time, and the outcomes that have settled. */
    void due(JoinProgress now) {
      StreamFolds.Pass pass = folds.get().new Pass(false);
      pass.takeOutcomes(now.shown(), times.settled(now.due()));
      run(pass, now.ended(), now.due());
      forget(now.due());
    }

    /** The windows that have ended and changed. */
    void changed(JoinProgress now) {
      run(folds.get().new Pass(false), Long.MIN_VALUE, now.ended());
      forget(now.ended());
    }

    /** Everything that is still to come. */
    void last(JoinProgress now) {
      StreamFolds.Pass pass = folds.get().new Pass(true);
      pass.takeOutcomes(now.shown(), Long.MAX_VALUE);
      run(pass, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /**
     * @param after windows that end after it
     * @param upTo and not after this
     */
    private void run(StreamFolds.Pass pass, long after, long upTo) {
      LabelTable table = LabelTable.of(labels, numeric);
      WindowCursor ends = new WindowCursor(times.window());
      long[] rows = new long[2];
      held.forEach(
          (row, start) -> {
            long end = ends.endOf(start);
            InferenceEvent event = attach.to(row, table);
            rows[event.label() == null ? 0 : 1]++;
            pass.add(event, start, end > after && end <= upTo);
          });
      for (Map.Entry<WindowKey, byte[][]> window : pass.windows().entrySet()) {
        long hash = 0;
        for (byte[] state : window.getValue()) {
          hash = Hash128.finish(hash ^ Hash128.of(state).high());
        }
        Long before = emitted.get(window.getKey()).read();
        if (before == null || before != hash) {
          emitted.put(window.getKey(), hash);
          pass.output(key.getValue(), window.getKey(), window.getValue(), out);
        }
      }
      pass.outputOnce(out);
      boolean last = upTo == Long.MAX_VALUE;
      if (last) {
        joined.inc(rows[1]);
        expired.inc(rows[0]);
      }
      tellWaiting(key, last ? 0 : rows[0]);
      spent += System.nanoTime() - begun;
    }

    /**
     * Once all predictions of the stretch are there, labels of others go: each label went to some
     * stretches that do not hold its prediction.
     */
    private void forget(long watermark) {
      if (times.stretch().endOf(key.getKey()) > times.settled(watermark)) {
        return;
      }
      List<LabelRows.Row> kept = new ArrayList<>();
      for (LabelRows.Row label : labels) {
        if (ids.contains(new Hash128(label.high(), label.low()))) {
          kept.add(label);
        }
      }
      if (kept.size() < labels.size()) {
        labelState.clear();
        if (!kept.isEmpty()) {
          labelState.add(kept);
        }
      }
    }
  }
}
