package io.tidemark.ingest.hold;

import io.tidemark.event.AttachLabels;
import io.tidemark.event.EventBlock;
import io.tidemark.event.EventLabels;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.LabelRows;
import io.tidemark.event.LabelTable;
import io.tidemark.event.LabelWait;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.WindowCursor;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.Task;
import io.tidemark.stats.Hash128;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.values.KV;

/**
 * Joins the predictions and labels that are held of a stretch, by the rules and the code of a batch
 * run, and folds what has to come out.
 */
record BucketJoin(
    String model,
    WindowAggregates folds,
    WindowTiming times,
    AttachLabels attach,
    EventLabels labelsOf,
    EventLabels told,
    boolean deduplicate,
    boolean numeric)
    implements Serializable {

  static BucketJoin of(WindowAggregates folds, WindowTiming times, MonitoringSpec spec) {
    return new BucketJoin(
        spec.model(),
        folds,
        times,
        AttachLabels.of(spec, LabelWait.ofStream(spec.labels())),
        EventLabels.of(spec),
        EventLabels.firstOf(spec),
        spec.events().deduplicate(),
        spec.task() == Task.REGRESSION);
  }

  /**
   * Reads what is held.
   *
   * @param emitted hashes of what came out of each window last; kept up to date
   */
  Reading read(
      KV<WindowKey, Integer> key,
      BagState<byte[]> rows,
      BagState<List<LabelRows.Row>> labels,
      MapState<WindowKey, Long> emitted,
      WindowAggregates.Output out) {
    return new Reading(key, rows, labels, emitted, out);
  }

  /** One time that a stretch is read. Not thread-safe. */
  final class Reading {
    private final KV<WindowKey, Integer> key;
    private final BagState<List<LabelRows.Row>> labelState;
    private final MapState<WindowKey, Long> emitted;
    private final long begun = System.nanoTime();
    private final WindowAggregates.Output out;
    private final HeldRows held =
        new HeldRows(deduplicate, labelsOf, new WindowCursor(times.window()));
    private final Set<Hash128> ids = new HashSet<>();
    private final List<LabelRows.Row> labels = new ArrayList<>();
    private long labelled;
    private long unlabelled;
    private long outcomes;
    private long outcomesFrom = Long.MAX_VALUE;
    private long outcomesTo = Long.MIN_VALUE;

    /** Null: it stays open. */
    private ClosingBucket closing;

    private Reading(
        KV<WindowKey, Integer> key,
        BagState<byte[]> rows,
        BagState<List<LabelRows.Row>> labelState,
        MapState<WindowKey, Long> emitted,
        WindowAggregates.Output out) {
      this.key = key;
      this.labelState = labelState;
      this.emitted = emitted;
      this.out = out;
      labelState.read().forEach(labels::addAll);
      for (byte[] packed : rows.read()) {
        EventBlock block = EventBlock.unpack(folds.rows().of(model).layout(), packed);
        held.add(block);
        for (int row = 0; row < block.rows(); row++) {
          ids.add(block.id(row));
        }
      }
    }

    /** The windows that have ended since the last time, and the outcomes that have settled. */
    void due(JoinProgress now) {
      WindowAggregates.Pass pass = folds.new Pass(model, false);
      takeOutcomes(pass, now.shown(), times.settled(now.due()));
      run(pass, now.ended(), now.due());
      forget(now.due());
    }

    /** The windows that have ended and changed. */
    void changed(JoinProgress now) {
      run(folds.new Pass(model, false), Long.MIN_VALUE, now.ended());
      forget(now.ended());
    }

    /** Everything that is still to come, and what was joined, for the labels' accounts. */
    void last(JoinProgress now) {
      WindowAggregates.Pass pass = folds.new Pass(model, true);
      takeOutcomes(pass, now.shown(), Long.MAX_VALUE);
      closing = new ClosingBucket(times, key.getKey().start(), labelsOf, labels, ids);
      run(pass, Long.MIN_VALUE, Long.MAX_VALUE);
      if (!closing.isEmpty()) {
        out.to(AggregateTopic.CLOSED, KV.of(key, closing.packed()));
      }
    }

    private void takeOutcomes(WindowAggregates.Pass pass, long from, long to) {
      pass.takeOutcomes(from, to);
      outcomesFrom = from;
      outcomesTo = to;
    }

    private void count(InferenceEvent event) {
      boolean some = event.label() != null || event.trusted() != null;
      labelled += some ? 1 : 0;
      unlabelled += some ? 0 : 1;
      if (event.label() != null) {
        long time = told.outcomeTime(event);
        outcomes += time >= outcomesFrom && time < outcomesTo ? 1 : 0;
      }
    }

    /** When it began, on the clock of {@link System#nanoTime}. */
    long begun() {
      return begun;
    }

    /** Predictions that a label was joined to. */
    long labelled() {
      return labelled;
    }

    long unlabelled() {
      return unlabelled;
    }

    /** Labelled ones whose turn it was. */
    long outcomes() {
      return outcomes;
    }

    /**
     * @param after windows that end after it
     * @param upTo and not after this
     */
    private void run(WindowAggregates.Pass pass, long after, long upTo) {
      LabelTable table = LabelTable.of(labels, numeric, attach.waits());
      WindowCursor ends = new WindowCursor(times.window());
      held.forEach(
          (row, start) -> {
            long end = ends.endOf(start);
            InferenceEvent event = attach.to(row, table);
            count(event);
            if (closing != null) {
              closing.add(row);
            }
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
    }

    /**
     * Once all predictions of the bucket are there, labels of others go: each label went to some
     * buckets that do not hold its prediction. The last of these answers for it.
     */
    private void forget(long watermark) {
      if (times.stretch().endOf(key.getKey().start()) > times.settled(watermark)) {
        return;
      }
      List<LabelRows.Row> kept = new ArrayList<>();
      for (LabelRows.Row label : labels) {
        if (times.lastStretch(label.timeMicros()) == key.getKey().start()
            || ids.contains(new Hash128(label.high(), label.low()))) {
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
