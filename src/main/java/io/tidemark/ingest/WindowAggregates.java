package io.tidemark.ingest;

import io.tidemark.event.Aggregator.Accumulator;
import io.tidemark.event.BatchBuilder;
import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.MergeStates;
import io.tidemark.event.RangedAggregator;
import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * What is gathered of the rows that a step of a stream holds.
 *
 * @param layout of the rows
 * @param revised windows' states: when a window ends, and again when it changes; at least one
 * @param last windows' states once, when nothing can change them any more
 * @param outcomes each labelled outcome once, or null: nobody asks for them
 * @param ranged the fold of {@code outcomes}
 */
record WindowAggregates(
    EventLayout layout,
    WindowSpec window,
    ArrayList<WindowAggregate<?>> revised,
    ArrayList<AggregateOutput<WindowKey, ?>> last,
    AggregateOutput<String, ?> outcomes,
    RangedAggregator<String, ?> ranged)
    implements Serializable {

  static WindowAggregates none(MonitoringSpec spec) {
    return new WindowAggregates(
        EventLayout.of(spec), spec.window(), new ArrayList<>(), new ArrayList<>(), null, null);
  }

  WindowAggregates andRevised(List<WindowAggregate<?>> more) {
    ArrayList<WindowAggregate<?>> all = new ArrayList<>(revised);
    all.addAll(more);
    return new WindowAggregates(layout, window, all, last, outcomes, ranged);
  }

  WindowAggregates andLast(List<AggregateOutput<WindowKey, ?>> more) {
    ArrayList<AggregateOutput<WindowKey, ?>> all = new ArrayList<>(last);
    all.addAll(more);
    return new WindowAggregates(layout, window, revised, all, outcomes, ranged);
  }

  WindowAggregates withOutcomes(
      AggregateOutput<String, ?> output, RangedAggregator<String, ?> fold) {
    return new WindowAggregates(layout, window, revised, last, output, fold);
  }

  /** Whether what is gathered needs more of a row than what is monitored of it. */
  boolean needIds() {
    return !last.isEmpty()
        || outcomes != null
        || !revised.stream().allMatch(WindowAggregate::columns);
  }

  /** Tag of the first of the revised ones' parts. */
  TupleTag<KV<WindowKey, KV<Integer, byte[]>>> mainTag() {
    return revised.get(0).parts();
  }

  /** All other tags. */
  TupleTagList otherTags() {
    TupleTagList tags = TupleTagList.empty();
    for (WindowAggregate<?> fold : revised.subList(1, revised.size())) {
      tags = tags.and(fold.parts());
    }
    for (AggregateOutput<WindowKey, ?> fold : last) {
      tags = tags.and(fold.tag());
    }
    return outcomes == null ? tags : tags.and(outcomes.tag());
  }

  /** Folds rows once. Not thread-safe. */
  final class Pass {
    private final List<Accumulator<WindowKey, ?>> ofWindows = new ArrayList<>();
    private final List<Accumulator<WindowKey, ?>> byRow = new ArrayList<>();
    private final List<Accumulator<WindowKey, ?>> byColumn = new ArrayList<>();
    private final BatchBuilder rows = new BatchBuilder(layout, false);
    private final WindowCursor cursor = new WindowCursor(window);
    private final List<Accumulator<WindowKey, ?>> atLast = new ArrayList<>();
    private Accumulator<String, ?> ofOutcomes;

    /**
     * @param takesLast whether nothing can change the rows any more
     */
    Pass(boolean takesLast) {
      for (WindowAggregate<?> each : revised) {
        Accumulator<WindowKey, ?> gathering = each.fold().fold().start();
        ofWindows.add(gathering);
        (each.columns() ? byColumn : byRow).add(gathering);
      }
      if (takesLast) {
        last.forEach(each -> atLast.add(each.fold().start()));
      }
    }

    /** Takes labelled outcomes of a range, inclusive and exclusive, from now on. */
    void takeOutcomes(long from, long to) {
      if (ranged != null && from < to) {
        ofOutcomes = ranged.between(from, to).start();
      }
    }

    /**
     * @param isRevised whether the row's window is to come out
     */
    void add(InferenceEvent event, long windowStart, boolean isRevised) {
      if (isRevised) {
        for (Accumulator<WindowKey, ?> each : byRow) {
          each.add(event, windowStart);
        }
        if (event.invalid() != null) {
          byColumn.forEach(each -> each.add(event, windowStart));
        } else if (!byColumn.isEmpty()) {
          rows.add(event);
          if (rows.rows() == ColumnBatch.ROWS) {
            addColumns();
          }
        }
      }
      addOnce(event, windowStart);
    }

    /**
     * Adds rows of a batch.
     *
     * @param which indices into it, ascending
     * @param isRevised whether the rows' windows are to come out
     */
    void add(EventBatch batch, int[] which, int count, boolean isRevised) {
      if (isRevised && !byColumn.isEmpty()) {
        addColumns(batch, which.clone(), count);
      }
      if (isRevised && !byRow.isEmpty() || !atLast.isEmpty() || ofOutcomes != null) {
        for (int i = 0; i < count; i++) {
          InferenceEvent event = batch.event(which[i]);
          long start = cursor.startOf(event.timeMicros());
          if (isRevised) {
            byRow.forEach(each -> each.add(event, start));
          }
          addOnce(event, start);
        }
      }
    }

    private void addOnce(InferenceEvent event, long windowStart) {
      for (Accumulator<WindowKey, ?> each : atLast) {
        each.add(event, windowStart);
      }
      if (ofOutcomes != null) {
        ofOutcomes.add(event, windowStart);
      }
    }

    private void addColumns() {
      if (rows.rows() > 0) {
        int[] all = new int[rows.rows()];
        Arrays.setAll(all, i -> i);
        addColumns(rows.batch(), all, all.length);
        rows.clear();
      }
    }

    private void addColumns(EventBatch batch, int[] which, int count) {
      WindowRuns runs = WindowRuns.of(batch, which, count, cursor);
      for (int run = 0; run < runs.count(); run++) {
        for (Accumulator<WindowKey, ?> each : byColumn) {
          each.add(batch, runs.rows(), runs.from(run), runs.to(run), runs.start(run));
        }
      }
    }

    /** What each window's revised folds have come to, in their order. */
    TreeMap<WindowKey, byte[][]> windows() {
      addColumns();
      TreeMap<WindowKey, byte[][]> packed = new TreeMap<>();
      for (int i = 0; i < ofWindows.size(); i++) {
        pack(revised.get(i).fold(), ofWindows.get(i), i, packed);
      }
      return packed;
    }

    @SuppressWarnings("unchecked") // a gathering comes from the fold beside it
    private <S> void pack(
        AggregateOutput<WindowKey, S> fold,
        Accumulator<WindowKey, ?> gathering,
        int place,
        TreeMap<WindowKey, byte[][]> packed) {
      ((Accumulator<WindowKey, S>) gathering)
          .drainTo(
              (window, state) ->
                  packed.computeIfAbsent(window, key -> new byte[revised.size()][])[place] =
                      MergeStates.pack(fold.stateCoder(), state));
    }

    /** Hands a window out as one of its parts. */
    void output(int part, WindowKey window, byte[][] states, Output out) {
      for (int i = 0; i < states.length; i++) {
        if (states[i] != null) {
          out.to(revised.get(i).parts(), KV.of(window, KV.of(part, states[i])));
        }
      }
    }

    /** Hands out what comes once. */
    void outputOnce(Output out) {
      for (int i = 0; i < atLast.size(); i++) {
        drain(last.get(i), atLast.get(i), out);
      }
      if (ofOutcomes != null) {
        drain(outcomes, ofOutcomes, out);
      }
    }

    /** Hands out everything, each window as the same part. */
    void outputAll(int part, Output out) {
      windows().forEach((window, states) -> output(part, window, states, out));
      outputOnce(out);
    }
  }

  /** Takes what comes out. */
  interface Output {
    <T> void to(TupleTag<T> tag, T element);

    /** Of a step whose outputs have the time that it has itself. */
    static Output of(MultiOutputReceiver receiver) {
      return new Output() {
        @Override
        public <T> void to(TupleTag<T> tag, T element) {
          receiver.get(tag).output(element);
        }
      };
    }
  }

  @SuppressWarnings("unchecked") // a gathering comes from the fold beside it
  private static <K, S> void drain(
      AggregateOutput<K, S> fold, Accumulator<?, ?> gathering, Output out) {
    ((Accumulator<K, S>) gathering)
        .drainTo(
            (key, state) ->
                out.to(fold.tag(), KV.of(key, MergeStates.pack(fold.stateCoder(), state))));
  }
}
