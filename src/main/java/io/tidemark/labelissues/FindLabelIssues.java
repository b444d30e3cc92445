package io.tidemark.labelissues;

import io.tidemark.event.Redaction;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.profile.PeriodRun;
import io.tidemark.profile.StoredWindows;
import io.tidemark.profile.TellPeriods;
import io.tidemark.spec.MonitoringSpec;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * From what is known of the windows' labels to the issues of each period and the queue in which
 * people should look at them, written below the output. Windows that were not read are taken from
 * what earlier runs left; see {@link TellPeriods}.
 */
public final class FindLabelIssues
    extends PTransform<PCollection<KV<WindowKey, byte[]>>, PCollectionTuple> {
  private static final long serialVersionUID = 1;

  /** The folder of what is known of the labels of each window. */
  public static final String EVIDENCE = StoredEvidence.TABLE;

  /** The folder of the queues. */
  public static final String QUEUE = JudgePeriod.QUEUE;

  /** Of a period that was judged: what was found and how much there is to do. */
  public static final TupleTag<JudgedPeriod> FOUND = new TupleTag<>("found") {};

  private final transient PeriodRun run;
  private final transient PCollection<WindowRevision<Void>> windows;

  private FindLabelIssues(PeriodRun run, PCollection<WindowRevision<Void>> windows) {
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
    return new FindLabelIssues(run, windows);
  }

  /** Whether later runs can complete a period from what a run leaves of its windows. */
  public static boolean keepsEvidence(MonitoringSpec spec, Redaction redaction) {
    return StoredWindows.allowed(redaction) || StoredEvidence.clear(spec, redaction);
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<WindowKey, byte[]>> evidence) {
    return evidence.apply(
        "JudgeLabels",
        TellPeriods.of(
            spec -> new JudgePeriod(spec, run),
            run,
            windows,
            FOUND,
            new JudgedPeriod.PeriodCoder()));
  }
}
