package io.tidemark.profile;

import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the periods of a run's labelled rows, each held against the one before, and tells what was
 * found from what stays as it is.
 *
 * <p>A bounded run judges the periods of its windows, and those after, at its end; a stream each
 * period once, when nothing can change its rows and labels any more.
 */
public final class TellPeriods<O>
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** Why what is there stays as it is, in words, by model. */
  public static final TupleTag<KV<String, String>> STAYS = new TupleTag<>("stays") {};

  /** Makes a model's stage. */
  public interface Stage<O> extends Serializable {
    PeriodStage<Void, PeriodTold<O>> of(MonitoringSpec spec);
  }

  private final transient Fleet<PeriodStage<Void, PeriodTold<O>>> stages;
  private final transient PeriodRun run;
  private final transient PCollection<WindowRevision<Void>> windows;
  private final TupleTag<O> found;
  private final transient Coder<O> coder;

  private TellPeriods(
      Fleet<PeriodStage<Void, PeriodTold<O>>> stages,
      PeriodRun run,
      PCollection<WindowRevision<Void>> windows,
      TupleTag<O> found,
      Coder<O> coder) {
    this.stages = stages;
    this.run = run;
    this.windows = windows;
    this.found = found;
    this.coder = coder;
  }

  /**
   * @param stage of each of the run's models
   * @param windows all there are, those without rows too: how many rows they have, and whether they
   *     are complete
   * @param found tag of what was found
   */
  public static <O> TellPeriods<O> of(
      Stage<O> stage,
      PeriodRun run,
      PCollection<WindowRevision<Void>> windows,
      TupleTag<O> found,
      Coder<O> coder) {
    return new TellPeriods<>(run.specs().map(stage::of), run, windows, found, coder);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> states) {
    boolean followed = states.isBounded() == PCollection.IsBounded.UNBOUNDED;
    PCollectionTuple told =
        states
            .apply(
                "JudgePeriods",
                ClosePeriods.of(
                    stages,
                    run,
                    windows,
                    WindowRevision.coder(VoidCoder.of()),
                    new PeriodTold.ToldCoder<>(coder)))
            .apply(
                "TellJudged",
                ParDo.of(new TellFn<>(found, followed))
                    .withOutputTags(found, TupleTagList.of(STAYS)));
    told.get(found).setCoder(coder);
    told.get(STAYS).setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    return told;
  }

  private static final class TellFn<O> extends DoFn<PeriodTold<O>, O> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(TellPeriods.class);

    private final TupleTag<O> found;
    private final boolean followed;

    /**
     * @param followed without end: nobody is told at the end what stays
     */
    TellFn(TupleTag<O> found, boolean followed) {
      this.found = found;
      this.followed = followed;
    }

    @ProcessElement
    public void process(@Element PeriodTold<O> told, MultiOutputReceiver out) {
      if (told.stays() == null) {
        out.get(found).output(told.found());
        return;
      }
      if (followed) {
        LOG.warn("{}", told.stays());
      }
      out.get(STAYS).output(KV.of(told.model(), told.stays()));
    }
  }
}
