package io.tidemark.ingest.hold;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Aggregator.Accumulator;
import io.tidemark.event.BatchBuilder;
import io.tidemark.event.EventBatch;
import io.tidemark.event.EventLayout;
import io.tidemark.event.InferenceEvent;
import io.tidemark.event.RangedAggregator;
import io.tidemark.event.WindowAggregate;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.ModelVersion;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.format.ColumnBatch;
import io.tidemark.ingest.format.WindowRuns;
import io.tidemark.ingest.row.WindowCursor;
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
 * What is gathered of the rows that a step of a stream holds, of each model what it asks for.
 *
 * @param rows of the models whose rows the step sees
 * @param revised windows' states: when a window ends, and again when it changes; at least one
 * @param last windows' states once, when nothing can change them any more
 * @param outcomes each labelled outcome once, or null: nobody asks for them
 * @param ranged the fold of {@code outcomes}
 * @param unlabelled how many of the revised, the first ones, need no label
 */
record WindowAggregates(
    Fleet<Rows> rows,
    ArrayList<WindowAggregate<?>> revised,
    ArrayList<AggregateOutput<WindowKey, ?>> last,
    AggregateOutput<ModelVersion, ?> outcomes,
    RangedAggregator<ModelVersion, ?> ranged,
    int unlabelled)
    implements Serializable {

  /**
   * How a model's rows lie.
   *
   * @param joined whether what needs labels is gathered by another step, which joins them
   */
  record Rows(EventLayout layout, WindowSpec window, boolean joined) implements Serializable {
    static Rows of(MonitoringSpec spec) {
      return new Rows(EventLayout.of(spec), spec.window(), false);
    }
  }

  static WindowAggregates none(Fleet<Rows> rows) {
    return new WindowAggregates(rows, new ArrayList<>(), new ArrayList<>(), null, null, 0);
  }

  /** The same of other models. */
  WindowAggregates of(Fleet<Rows> others) {
    return new WindowAggregates(others, revised, last, outcomes, ranged, unlabelled);
  }

  /** The same with an aggregate in front that needs no label. */
  WindowAggregates withUnlabelled(WindowAggregate<?> aggregate) {
    ArrayList<WindowAggregate<?>> all = new ArrayList<>(revised);
    all.add(unlabelled, aggregate);
    return new WindowAggregates(rows, all, last, outcomes, ranged, unlabelled + 1);
  }

  WindowAggregates andRevised(List<WindowAggregate<?>> more) {
    ArrayList<WindowAggregate<?>> all = new ArrayList<>(revised);
    all.addAll(more);
    return new WindowAggregates(rows, all, last, outcomes, ranged, unlabelled);
  }

  WindowAggregates andLast(List<AggregateOutput<WindowKey, ?>> more) {
    ArrayList<AggregateOutput<WindowKey, ?>> all = new ArrayList<>(last);
    all.addAll(more);
    return new WindowAggregates(rows, revised, all, outcomes, ranged, unlabelled);
  }

  WindowAggregates withOutcomes(
      AggregateOutput<ModelVersion, ?> output, RangedAggregator<ModelVersion, ?> fold) {
    return new WindowAggregates(rows, revised, last, output, fold, unlabelled);
  }

  /** Whether the step gathers one of the revised of a model. */
  private boolean revises(int place, String model) {
    return revised.get(place).fold().fold().wants(model)
        && (place < unlabelled || !rows.of(model).joined());
  }

  private boolean takes(AggregateOutput<?, ?> output, String model) {
    return output != null && output.fold().wants(model) && !rows.of(model).joined();
  }

  /** Whether something of a model comes out when nothing can change it any more. */
  boolean comesOnce(String model) {
    return takesLast(model) || takes(outcomes, model);
  }

  /** Whether windows of a model come out when nothing can change them any more. */
  boolean takesLast(String model) {
    return last.stream().anyMatch(each -> takes(each, model));
  }

  /** Whether labelled outcomes of a model come out. */
  boolean takesOutcomes(String model) {
    return takes(outcomes, model);
  }

  /** Whether what is gathered of a model needs more of a row than what is monitored of it. */
  boolean needIds(String model) {
    boolean columns = true;
    for (int place = 0; place < revised.size(); place++) {
      columns &= revised.get(place).columns() || !revises(place, model);
    }
    return comesOnce(model) || !columns;
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

  /** Folds a model's rows once. Not thread-safe. */
  final class Pass {
    private final String model;
    private final List<Accumulator<WindowKey, ?>> ofWindows = new ArrayList<>();
    private final List<Accumulator<WindowKey, ?>> byRow = new ArrayList<>();
    private final List<Accumulator<WindowKey, ?>> byColumn = new ArrayList<>();
    private final BatchBuilder columns;
    private final WindowCursor cursor;
    private final List<Accumulator<WindowKey, ?>> atLast = new ArrayList<>();
    private Accumulator<ModelVersion, ?> ofOutcomes;

    /**
     * @param takesLast whether nothing can change the rows any more
     */
    Pass(String model, boolean takesLast) {
      this.model = model;
      Rows own = rows.of(model);
      this.columns = new BatchBuilder(own.layout(), false);
      this.cursor = new WindowCursor(own.window());
      for (int place = 0; place < revised.size(); place++) {
        WindowAggregate<?> each = revised.get(place);
        Accumulator<WindowKey, ?> gathering = null;
        if (revises(place, model)) {
          gathering = each.fold().fold().start(model);
          (each.columns() ? byColumn : byRow).add(gathering);
        }
        ofWindows.add(gathering);
      }
      if (takesLast) {
        for (AggregateOutput<WindowKey, ?> each : last) {
          atLast.add(takes(each, model) ? each.fold().start(model) : null);
        }
      }
    }

    /** Takes labelled outcomes of a range, inclusive and exclusive, from now on. */
    void takeOutcomes(long from, long to) {
      if (takesOutcomes(model) && from < to) {
        ofOutcomes = ranged.between(from, to).start(model);
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
          columns.add(event);
          if (columns.rows() == ColumnBatch.ROWS) {
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
        if (each != null) {
          each.add(event, windowStart);
        }
      }
      if (ofOutcomes != null) {
        ofOutcomes.add(event, windowStart);
      }
    }

    private void addColumns() {
      if (columns.rows() > 0) {
        int[] all = new int[columns.rows()];
        Arrays.setAll(all, i -> i);
        addColumns(columns.batch(), all, all.length);
        columns.clear();
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
        if (ofWindows.get(i) == null) {
          continue;
        }
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
        if (atLast.get(i) != null) {
          drain(last.get(i), atLast.get(i), out);
        }
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
