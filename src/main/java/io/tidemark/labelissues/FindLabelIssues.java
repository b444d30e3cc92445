package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.ClosePeriods;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.PeriodStage;
import io.tidemark.profile.StoredWindows;
import io.tidemark.spec.MonitoringSpec;
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
 * From what is known of the windows' labels to the issues of each period and the queue in which
 * people should look at them, written below the output. Windows that were not read are taken from
 * what earlier runs left.
 *
 * <p>A bounded run judges the periods of its windows, and those after, at its end; a stream each
 * period once, when nothing can change its rows and labels any more.
 */
public final class FindLabelIssues
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The folder of what is known of the labels of each window. */
  public static final String EVIDENCE = StoredEvidence.TABLE;

  /** The folder of the queues. */
  public static final String QUEUE = JudgePeriod.QUEUE;

  /** Of a period that was judged: its folder's name, what was found and how much there is to do. */
  public static final TupleTag<KV<String, LabelTold>> FOUND = new TupleTag<>("found") {};

  /** Why issues that are there stay as they are, in words, by model. */
  public static final TupleTag<KV<String, String>> STAYS = new TupleTag<>("stays") {};

  private final transient Fleet<PeriodStage<Void, JudgePeriod.Judged>> stages;
  private final transient PeriodRun run;
  private final transient PCollection<WindowRevision<Void>> windows;

  private FindLabelIssues(
      Fleet<PeriodStage<Void, JudgePeriod.Judged>> stages,
      PeriodRun run,
      PCollection<WindowRevision<Void>> windows) {
    this.stages = stages;
    this.run = run;
    this.windows = windows;
  }

  /**
   * Takes evidence as a {@link LabelEvidenceAggregator} gathers it, packed by a {@link
   * LabelEvidenceCoder}.
   *
   * @param run of the models whose labels are judged
   * @param windows all there are: how many rows they have, and whether they are complete
   */
  public static FindLabelIssues of(PeriodRun run, PCollection<WindowRevision<Void>> windows) {
    return new FindLabelIssues(
        run.specs()
            .map(
                spec ->
                    new JudgePeriod(
                        spec,
                        run.redactions().of(spec.model()),
                        run.output(),
                        run.reach().of(spec.model()))),
        run,
        windows);
  }

  /** Whether later runs can complete a period from what a run leaves of its windows. */
  public static boolean keepsEvidence(MonitoringSpec spec, Redaction redaction) {
    return StoredWindows.allowed(redaction) || LabelColumns.clear(spec, redaction);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> evidence) {
    boolean followed = evidence.isBounded() == PCollection.IsBounded.UNBOUNDED;
    PCollectionTuple told =
        evidence
            .apply(
                "JudgeLabels",
                ClosePeriods.of(
                    stages,
                    run,
                    windows,
                    WindowRevision.coder(VoidCoder.of()),
                    new JudgePeriod.Judged.JudgedCoder()))
            .apply(
                "TellJudged",
                ParDo.of(new TellFn(followed)).withOutputTags(FOUND, TupleTagList.of(STAYS)));
    told.get(FOUND).setCoder(KvCoder.of(StringUtf8Coder.of(), new LabelTold.ToldCoder()));
    told.get(STAYS).setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    return told;
  }

  private static final class TellFn extends DoFn<JudgePeriod.Judged, KV<String, LabelTold>> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(FindLabelIssues.class);

    private final boolean followed;

    /**
     * @param followed without end: nobody is told at the end what stays
     */
    TellFn(boolean followed) {
      this.followed = followed;
    }

    @ProcessElement
    public void process(@Element JudgePeriod.Judged judged, MultiOutputReceiver out) {
      if (judged.stays() == null) {
        out.get(FOUND).output(KV.of(judged.model(), judged.told()));
        return;
      }
      if (followed) {
        LOG.warn("{}", judged.stays());
      }
      out.get(STAYS).output(KV.of(judged.model(), judged.stays()));
    }
  }
}
