package io.tidemark.pipeline;

import io.tidemark.event.AggregateOutput;
import io.tidemark.event.WindowAggregate;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.MergeStates;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.performance.MeasurePerformance;
import io.tidemark.profile.OutcomeLayouts;
import io.tidemark.profile.PerformanceAggregator;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.profile.WindowOutcomesCoder;
import io.tidemark.profile.WindowProfile;
import io.tidemark.schema.Finding;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The performance part of the flow: outcomes gathered beside the profiles, measured, and written to
 * a table of their own and, as a file of their own, among the findings.
 */
public final class PerformanceBranch {
  private final Fleet<Model> models;
  private final String output;
  private final Broadcast<OutcomeLayouts> layouts;
  private final WindowAggregate<WindowOutcomes> aggregate;

  /**
   * @param models whose specs say where labels are
   * @param profiles of each of them
   */
  PerformanceBranch(Fleet<Model> models, Fleet<ProfileLayouts> profiles, String output) {
    this.models = models;
    this.output = output;
    this.layouts =
        Broadcast.of(
            OutcomeLayouts.of(
                models
                    .mapKeyed(
                        (model, own) ->
                            OutcomeLayouts.of(own.spec(), profiles.of(model), own.baselines()))
                    .all()));
    this.aggregate =
        WindowAggregate.of(
            AggregateOutput.of(
                "Performance",
                new PerformanceAggregator(layouts),
                new WindowKey.KeyCoder(),
                new WindowOutcomesCoder(layouts)),
            WindowOutcomes::merge);
  }

  /** Whether a spec says where labels are. */
  public static boolean applies(MonitoringSpec spec) {
    return spec.events().label() != null || spec.labels() != null;
  }

  WindowAggregate<WindowOutcomes> aggregate() {
    return aggregate;
  }

  /**
   * @param empty windows without rows: these have no outcomes either, and are measured as well
   * @return what rang, once it is written
   */
  PCollection<Finding> measure(
      AggregatedWindows rows,
      PCollection<KV<WindowKey, WindowProfile>> empty,
      Standing standing,
      RunResults results) {
    PCollection<KV<WindowKey, byte[]>> none =
        empty
            .apply("EmptyOutcomes", ParDo.of(new EmptyFn(layouts)))
            .setCoder(KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of()));
    PCollectionTuple measured =
        rows.windows("Outcomes", aggregate, none)
            .apply("OutcomesToWrite", standing.leftOut())
            .apply(
                "MarkOutcomes",
                standing.mark(
                    outcomes -> outcomes.segment(0).rows(),
                    outcomes -> outcomes.segment(0).labelled()))
            .apply("MeasurePerformance", MeasurePerformance.of(models.map(Model::performance)));
    measured
        .get(MeasurePerformance.FIGURES)
        .apply("WritePerformance", WriteTable.of(Table.PERFORMANCE, output));
    PCollection<WindowRevision<List<Finding>>> findings =
        measured
            .get(MeasurePerformance.FINDINGS)
            .apply(
                "WritePerformanceFindings",
                WriteTable.<Finding>of(Table.FINDINGS, output).inFiles(Table.PERFORMANCE.folder()));
    results.found(Table.PERFORMANCE.folder(), findings);
    return findings.apply("AlarmsOfPerformance", Alarms.of(models.models()));
  }

  /** A state without rows for each window: merged with others it changes nothing. */
  private static final class EmptyFn
      extends DoFn<KV<WindowKey, WindowProfile>, KV<WindowKey, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Broadcast<OutcomeLayouts> layouts;

    EmptyFn(Broadcast<OutcomeLayouts> layouts) {
      this.layouts = layouts;
    }

    @ProcessElement
    public void process(
        @Element KV<WindowKey, WindowProfile> window, OutputReceiver<KV<WindowKey, byte[]>> out) {
      WindowKey key = window.getKey();
      if (!layouts.get().has(key.model())) {
        return;
      }
      WindowOutcomes none = new WindowOutcomes(layouts.get().of(key));
      out.output(KV.of(key, MergeStates.pack(new WindowOutcomesCoder(layouts), none)));
    }
  }
}
