package io.tidemark.pipeline;

import io.tidemark.event.MergeStates;
import io.tidemark.event.Shipped;
import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.AggregateTopic;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.StreamFold;
import io.tidemark.performance.MeasurePerformance;
import io.tidemark.profile.MarkStream;
import io.tidemark.profile.OutcomeLayouts;
import io.tidemark.profile.PerformanceFold;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.profile.WindowOutcomesCoder;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The performance part of the flow: outcomes gathered beside the profiles, measured, and written to
 * a table of their own and, as a file of their own, among the findings.
 */
final class PerformanceBranch {
  private final Model model;
  private final String output;
  private final Shipped<OutcomeLayouts> layouts;
  private final FoldOutput<WindowKey, WindowOutcomes> outcomes;

  PerformanceBranch(Model model, ProfileLayouts profiles, String output) {
    this.model = model;
    this.output = output;
    this.layouts = Shipped.of(OutcomeLayouts.of(model.spec(), profiles, model.baselines()));
    this.outcomes =
        FoldOutput.of(
            "Performance",
            new PerformanceFold(layouts),
            new WindowKey.KeyCoder(),
            new WindowOutcomesCoder(layouts));
  }

  /** Whether a spec says where labels are. */
  static boolean applies(MonitoringSpec spec) {
    return spec.events().label() != null || spec.labels() != null;
  }

  FoldOutput<WindowKey, WindowOutcomes> outcomes() {
    return outcomes;
  }

  /**
   * @param windows of the run; those without outcomes are measured as empty
   * @param standing says which are complete, and which stay as they are
   */
  void measure(
      String prefix,
      PCollectionTuple ingested,
      PCollection<KV<WindowKey, WindowProfile>> windows,
      StandingBranch standing,
      AlertBranch alerts) {
    PCollection<KV<WindowKey, byte[]>> empty =
        windows
            .apply(prefix + "EmptyOutcomes", ParDo.of(new EmptyFn(layouts)))
            .setCoder(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));
    PCollectionTuple measured =
        PCollectionList.of(ingested.get(outcomes.tag()))
            .and(empty)
            .apply(prefix + "OutcomesOfAllWindows", Flatten.pCollections())
            .apply(prefix + "MergeOutcomes", outcomes.merged(WindowOutcomes::merge))
            .apply(prefix + "OutcomesToWrite", standing.leftOut())
            .apply(prefix + "MarkOutcomes", standing.mark(PerformanceBranch::labelled))
            .apply(
                prefix + "MeasurePerformance",
                MeasurePerformance.of(model.spec(), model.redaction(), model.baselines()));
    alerts.add(write(prefix, measured));
  }

  private static long labelled(WindowOutcomes outcomes) {
    return outcomes.segment(0).labelled();
  }

  /** What rang, once it is written. */
  private PCollection<Finding> write(String prefix, PCollectionTuple measured) {
    String name = model.spec().model();
    measured
        .get(MeasurePerformance.FIGURES)
        .apply(prefix + "WritePerformance", WriteTable.of(Table.PERFORMANCE, output, name));
    return measured
        .get(MeasurePerformance.FINDINGS)
        .apply(
            prefix + "WritePerformanceFindings",
            WriteTable.<Finding>of(Table.FINDINGS, output, name)
                .inFiles(Table.PERFORMANCE.folder()))
        .apply(prefix + "AlarmsOfPerformance", Alarms.of());
  }

  /** The same of a stream, whose windows come out as labels come. */
  StreamFold<WindowOutcomes> streamed() {
    return StreamFold.of(outcomes, WindowOutcomes::merge);
  }

  /**
   * @param fold as {@link #streamed()} gives it
   * @param filled windows without rows
   * @return what rang, once it is written
   */
  PCollection<Finding> follow(
      String prefix,
      PCollectionTuple followed,
      StreamFold<WindowOutcomes> fold,
      PCollection<KV<WindowKey, WindowProfile>> filled,
      StreamTimes times) {
    PCollection<KV<WindowKey, KV<Integer, byte[]>>> empty =
        filled
            .apply(prefix + "EmptyOutcomes", ParDo.of(new EmptyFn(layouts)))
            .setCoder(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()))
            .apply(prefix + "EmptyParts", AggregateTopic.emptyParts());
    PCollection<KV<WindowKey, KV<Integer, byte[]>>> parts =
        PCollectionList.of(followed.get(fold.parts()))
            .and(empty)
            .apply(prefix + "OutcomesOfAllWindows", Flatten.pCollections());
    PCollectionTuple measured =
        AggregateTopic.assembled(prefix + "AssembleOutcomes", parts, fold, times)
            .apply(
                prefix + "MarkOutcomes",
                MarkStream.of(
                    model.spec().window(),
                    followed.get(AggregateTopic.SEEN),
                    outcomes -> outcomes.segment(0).rows(),
                    PerformanceBranch::labelled))
            .apply(
                prefix + "MeasurePerformance",
                MeasurePerformance.of(model.spec(), model.redaction(), model.baselines()));
    return write(prefix, measured);
  }

  /** A state without rows for each window: merged with others it changes nothing. */
  private static final class EmptyFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<WindowKey, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Shipped<OutcomeLayouts> layouts;

    EmptyFn(Shipped<OutcomeLayouts> layouts) {
      this.layouts = layouts;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> window, OutputReceiver<KV<WindowKey, byte[]>> out) {
      WindowKey key = window.getKey();
      WindowOutcomes none = new WindowOutcomes(layouts.get().of(key.version()));
      out.output(KV.of(key, MergeStates.pack(new WindowOutcomesCoder(layouts), none)));
    }
  }
}
