package io.tidemark.profile;

import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.WindowSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Brings the states of a period's windows, and what other stages have found in these, to a {@link
 * PeriodStage}: at the end of a bounded run; in a stream when nothing can change them any more.
 */
public final class ClosePeriods<N, O>
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollection<O>> {
  private static final long serialVersionUID = 1;

  private final transient Fleet<PeriodStage<N, O>> stages;
  private final transient PeriodRun run;
  private final transient PCollection<WindowRevision<N>> found;
  private final transient PCollectionList<KV<WindowKey, byte[]>> told;
  private final transient WindowRevision.RevisionCoder<N> foundCoder;
  private final transient Coder<O> coder;

  private ClosePeriods(
      Fleet<PeriodStage<N, O>> stages,
      PeriodRun run,
      PCollection<WindowRevision<N>> found,
      PCollectionList<KV<WindowKey, byte[]>> told,
      WindowRevision.RevisionCoder<N> foundCoder,
      Coder<O> coder) {
    this.stages = stages;
    this.run = run;
    this.found = found;
    this.told = told;
    this.foundCoder = foundCoder;
    this.coder = coder;
  }

  /**
   * @param found in windows, of models that have no stage too
   * @param coder of what comes out
   */
  public static <N, O> ClosePeriods<N, O> of(
      Fleet<PeriodStage<N, O>> stages,
      PeriodRun run,
      PCollection<WindowRevision<N>> found,
      WindowRevision.RevisionCoder<N> foundCoder,
      Coder<O> coder) {
    return new ClosePeriods<>(
        stages, run, found, PCollectionList.empty(found.getPipeline()), foundCoder, coder);
  }

  /**
   * With what other stages have found in periods as a whole, of models that have no stage too.
   *
   * @param more by the model, no version and the start of the period; a stream's stages tell it as
   *     they close the same period, so that it is there when this one closes it
   */
  public ClosePeriods<N, O> told(PCollectionList<KV<WindowKey, byte[]>> more) {
    return new ClosePeriods<>(stages, run, found, more, foundCoder, coder);
  }

  @Override
  public PCollection<O> expand(PCollection<KV<WindowKey, byte[]>> states) {
    Fleet<WindowSpec> periods = stages.map(PeriodStage::period);
    Fleet<WindowSpec> comparing =
        stages.keep((model, stage) -> stage.looksBack()).map(PeriodStage::period);
    PCollectionList<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> pieces =
        PCollectionList.of(
                states
                    .apply("PeriodOfState", ParDo.of(new StateFn(periods, comparing)))
                    .setCoder(PeriodPiece.CODER))
            .and(
                found
                    .apply("PeriodOfFound", ParDo.of(new FoundFn<>(periods, foundCoder)))
                    .setCoder(PeriodPiece.CODER));
    for (PCollection<KV<WindowKey, byte[]>> each : told.getAll()) {
      pieces =
          pieces.and(
              each.apply("PeriodOfTold" + pieces.size(), ParDo.of(new ToldFn(periods)))
                  .setCoder(PeriodPiece.CODER));
    }
    PCollection<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> all =
        pieces.apply("StatesAndFound", Flatten.pCollections());
    Broadcast<Fleet<PeriodStage<N, O>>> models = Broadcast.of(stages);
    if (states.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      return all.apply("WhenClosed", ParDo.of(new ClosePeriodFn<>(models, run.times(), foundCoder)))
          .setCoder(coder);
    }
    var log = run.edges().log();
    ParDo.SingleOutput<KV<WindowKey, Iterable<KV<WindowKey, KV<Integer, byte[]>>>>, O> close =
        ParDo.of(new CloseFn<>(models, log, foundCoder));
    return all.apply("GroupByPeriod", GroupByKey.create())
        .apply("AtEnd", log == null ? close : close.withSideInputs(log))
        .setCoder(coder);
  }

  private static final class StateFn
      extends DoFn<KV<WindowKey, byte[]>, KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<WindowSpec> periods;
    private final Fleet<WindowSpec> comparing;

    StateFn(Fleet<WindowSpec> periods, Fleet<WindowSpec> comparing) {
      this.periods = periods;
      this.comparing = comparing;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, byte[]> state,
        OutputReceiver<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      WindowKey window = state.getKey();
      long start = periods.of(window.model()).startOf(window.start());
      out.output(PeriodPiece.of(start, window, PeriodPiece.STATE, state.getValue()));
      comparing
          .find(window.model())
          .ifPresent(
              period ->
                  out.output(
                      PeriodPiece.of(
                          period.endOf(start), window, PeriodPiece.BEFORE, state.getValue())));
    }
  }

  private static final class FoundFn<N>
      extends DoFn<WindowRevision<N>, KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<WindowSpec> periods;
    private final WindowRevision.RevisionCoder<N> coder;

    FoundFn(Fleet<WindowSpec> periods, WindowRevision.RevisionCoder<N> coder) {
      this.periods = periods;
      this.coder = coder;
    }

    @ProcessElement
    public void process(
        @Element WindowRevision<N> found,
        OutputReceiver<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      WindowKey window = found.window();
      WindowSpec period = periods.find(window.model()).orElse(null);
      if (period != null) { // else the model does not ask for the stage
        long start = period.startOf(window.start());
        byte[] bytes = MergeStates.pack(coder, found);
        out.output(PeriodPiece.of(start, window, PeriodPiece.FOUND, bytes));
      }
    }
  }

  private static final class ToldFn
      extends DoFn<KV<WindowKey, byte[]>, KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> {
    private static final long serialVersionUID = 1;

    private final Fleet<WindowSpec> periods;

    ToldFn(Fleet<WindowSpec> periods) {
      this.periods = periods;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, byte[]> told,
        OutputReceiver<KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>>> out) {
      WindowKey period = told.getKey();
      if (periods.find(period.model()).isPresent()) {
        out.output(PeriodPiece.of(period.start(), period, PeriodPiece.TOLD, told.getValue()));
      }
    }
  }

  private static final class CloseFn<N, O>
      extends DoFn<KV<WindowKey, Iterable<KV<WindowKey, KV<Integer, byte[]>>>>, O> {
    private static final long serialVersionUID = 1;

    private final Broadcast<Fleet<PeriodStage<N, O>>> stages;
    private final PCollectionView<Map<String, LogSpans>> log;
    private final WindowRevision.RevisionCoder<N> coder;

    /**
     * @param log null where both bounds were asked for
     */
    CloseFn(
        Broadcast<Fleet<PeriodStage<N, O>>> stages,
        PCollectionView<Map<String, LogSpans>> log,
        WindowRevision.RevisionCoder<N> coder) {
      this.stages = stages;
      this.log = log;
      this.coder = coder;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      WindowKey period = context.element().getKey();
      List<KV<WindowKey, byte[]>> states = new ArrayList<>();
      TreeMap<WindowKey, WindowRevision<N>> judged = new TreeMap<>();
      List<byte[]> told = new ArrayList<>();
      for (KV<WindowKey, KV<Integer, byte[]>> piece : context.element().getValue()) {
        byte[] bytes = piece.getValue().getValue();
        if (piece.getValue().getKey() == PeriodPiece.FOUND) {
          judged.put(piece.getKey(), MergeStates.unpack(coder, bytes));
        } else if (piece.getValue().getKey() == PeriodPiece.TOLD) {
          told.add(bytes);
        } else {
          states.add(KV.of(piece.getKey(), bytes));
        }
      }
      PeriodStage<N, O> stage = stages.get().of(period.model());
      Reach reach =
          log == null
              ? stage.asked()
              : LogSpans.of(period.model(), context.sideInput(log), stage.window())
                  .edges(stage.asked(), stage.window());
      // What a run has seen whole, its reach says.
      stage.close(period, states, judged, Set.of(), told, reach).forEach(context::output);
    }
  }
}
