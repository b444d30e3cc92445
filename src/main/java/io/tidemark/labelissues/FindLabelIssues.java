package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.ClosePeriods;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.PeriodStage;
import io.tidemark.profile.Reach;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
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
  private final transient Fleet<WindowTiming> times;
  private final transient LogEdges edges;
  private final transient PCollection<WindowRevision<Void>> windows;

  private FindLabelIssues(
      Fleet<PeriodStage<Void, JudgePeriod.Judged>> stages,
      Fleet<WindowTiming> times,
      LogEdges edges,
      PCollection<WindowRevision<Void>> windows) {
    this.stages = stages;
    this.times = times;
    this.edges = edges;
    this.windows = windows;
  }

  /**
   * Takes evidence as a {@link LabelEvidenceAggregator} gathers it, packed by a {@link
   * LabelEvidenceCoder}.
   *
   * @param specs of the models whose labels are judged
   * @param reach which windows the run can speak for
   * @param times when a stream's windows close
   * @param windows all there are: how many rows they have, and whether they are complete
   */
  public static FindLabelIssues of(
      Fleet<MonitoringSpec> specs,
      Fleet<Redaction> redactions,
      String output,
      Fleet<Reach> reach,
      Fleet<WindowTiming> times,
      LogEdges edges,
      PCollection<WindowRevision<Void>> windows) {
    return new FindLabelIssues(
        specs.map(
            spec ->
                new JudgePeriod(spec, redactions.of(spec.model()), output, reach.of(spec.model()))),
        times,
        edges,
        windows);
  }

  /** The coder of windows without what is in them. */
  public static WindowRevision.RevisionCoder<Void> windowsCoder() {
    return WindowRevision.coder(VoidCoder.of());
  }

  /** The periods whose labels are judged together: those of snapshots, else the windows. */
  public static WindowSpec periodOf(MonitoringSpec spec) {
    return JudgePeriod.periodOf(spec);
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
                    times,
                    edges,
                    windows,
                    windowsCoder(),
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
