package io.tidemark.pipeline;

import io.tidemark.drift.Comparison;
import io.tidemark.event.AggregateOutput;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.flow.WindowRevision;
import io.tidemark.labelissues.JudgedPeriod;
import io.tidemark.profile.LogEdges;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.schema.AcquisitionRequest;
import io.tidemark.slices.JudgedSlice;
import io.tidemark.snapshot.AugmentedAggregator;
import io.tidemark.snapshot.AugmentedRows;
import io.tidemark.snapshot.CandidateAggregator;
import io.tidemark.snapshot.CurateSnapshot;
import io.tidemark.snapshot.DriftedField;
import io.tidemark.snapshot.PeriodGrounds;
import io.tidemark.snapshot.PoolSettings;
import io.tidemark.snapshot.StratifiedSample;
import io.tidemark.snapshot.StratifiedSampleCoder;
import io.tidemark.snapshot.WeakSlice;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.Table;
import io.tidemark.store.WriteTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The snapshot's part of the flow: candidate rows beside the profiles, and the choice at the end.
 */
final class SnapshotBranch {
  private final Fleet<Model> models;
  private final Broadcast<Fleet<PoolSettings>> settings;
  private final AggregateOutput<WindowKey, StratifiedSample> candidates;
  private final Optional<AggregateOutput<WindowKey, AugmentedRows>> augmented;
  private final Set<String> given;

  /**
   * @param models that have snapshots
   * @param layouts of each of them
   * @param made the models of which rows are given that were made or collected on request
   */
  SnapshotBranch(Fleet<Model> models, Fleet<ProfileLayouts> layouts, Fleet<MonitoringSpec> made) {
    this.models = models;
    this.given = new TreeSet<>(made.models());
    this.augmented =
        made.isEmpty()
            ? Optional.empty()
            : Optional.of(
                AggregateOutput.of(
                    "Augmented",
                    AugmentedAggregator.of(made),
                    new WindowKey.KeyCoder(),
                    PeriodGrounds.augmentedCoder()));
    this.settings =
        Broadcast.of(
            models.mapKeyed(
                (model, own) ->
                    PoolSettings.of(
                        own.spec(),
                        layouts.of(model),
                        layout -> own.references(layouts.of(model), layout),
                        layout -> own.training(layouts.of(model), layout),
                        own.redaction())));
    this.candidates =
        AggregateOutput.of(
            "Candidates",
            new CandidateAggregator(settings),
            new WindowKey.KeyCoder(),
            new StratifiedSampleCoder(settings));
  }

  /** Whether a spec asks for snapshots. */
  static boolean applies(MonitoringSpec spec) {
    return spec.snapshot() != null;
  }

  AggregateOutput<WindowKey, StratifiedSample> aggregate() {
    return candidates;
  }

  /** Of rows that were made or collected on request, where some are given. */
  Optional<AggregateOutput<WindowKey, AugmentedRows>> augmented() {
    return augmented;
  }

  /**
   * @param findings of windows, once they are written
   * @param grounds what was found in periods as a whole, see {@link PeriodGrounds}
   */
  PCollectionTuple curate(
      AggregatedWindows rows,
      PCollection<WindowRevision<List<Comparison>>> findings,
      List<PCollection<KV<WindowKey, byte[]>>> grounds,
      EventLog log,
      LogEdges edges,
      String output) {
    PCollection<WindowRevision<List<DriftedField>>> drifted =
        findings
            .apply("WhatDrifted", ParDo.of(new DriftedFn()))
            .setCoder(CurateSnapshot.driftedCoder());
    List<PCollection<KV<WindowKey, byte[]>>> all = new ArrayList<>(grounds);
    augmented.ifPresent(
        made ->
            all.add(
                rows.states(made)
                    .apply("AugmentedOfPeriods", ParDo.of(new AugmentedFn()))
                    .setCoder(groundsCoder())));
    PCollectionTuple curated =
        rows.states(candidates)
            .apply(
                "CurateSnapshot",
                CurateSnapshot.of(
                    log.periods(models, edges, output),
                    settings,
                    drifted,
                    all.stream()
                        .reduce(
                            PCollectionList.<KV<WindowKey, byte[]>>empty(findings.getPipeline()),
                            PCollectionList::and,
                            (one, other) -> one.and(other.getAll())),
                    given));
    curated
        .get(CurateSnapshot.REQUESTS)
        .apply("WriteRequests", WriteTable.<AcquisitionRequest>of(Table.ACQUISITION, output));
    return curated;
  }

  /** What found slices are to snapshots. */
  static final class SlicesFn
      extends DoFn<WindowRevision<List<JudgedSlice>>, KV<WindowKey, byte[]>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<List<JudgedSlice>> found,
        OutputReceiver<KV<WindowKey, byte[]>> out) {
      List<WeakSlice> weak = new ArrayList<>();
      for (JudgedSlice slice : found.content()) {
        if (slice.standsOut()) {
          weak.add(new WeakSlice(slice.slice(), slice.finding().getId(), slice.cells()));
        }
      }
      if (!weak.isEmpty()) {
        out.output(KV.of(found.window().ofAll(), PeriodGrounds.ofSlices(weak)));
      }
    }
  }

  /** What rows that were made or collected on request are to snapshots. */
  private static final class AugmentedFn
      extends DoFn<KV<WindowKey, byte[]>, KV<WindowKey, byte[]>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element KV<WindowKey, byte[]> rows, OutputReceiver<KV<WindowKey, byte[]>> out)
        throws IOException {
      out.output(KV.of(rows.getKey(), PeriodGrounds.ofAugmented(rows.getValue())));
    }
  }

  /** What doubted labels, and how far their sources agree, are to snapshots. */
  static final class LabelsFn extends DoFn<JudgedPeriod, KV<WindowKey, byte[]>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element JudgedPeriod judged, OutputReceiver<KV<WindowKey, byte[]>> out) {
      if (!judged.doubted().isEmpty() || judged.agreement().rows() > 0) {
        out.output(
            KV.of(judged.period(), PeriodGrounds.ofLabels(judged.doubted(), judged.agreement())));
      }
    }
  }

  static KvCoder<WindowKey, byte[]> groundsCoder() {
    return KvCoder.of(new WindowKey.KeyCoder(), ByteArrayCoder.of());
  }

  /** Alarms about all rows of a window that say which cells grew. */
  private static final class DriftedFn
      extends DoFn<WindowRevision<List<Comparison>>, WindowRevision<List<DriftedField>>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(
        @Element WindowRevision<List<Comparison>> window,
        OutputReceiver<WindowRevision<List<DriftedField>>> out) {
      out.output(window.with(drifted(window.content())));
    }
  }

  private static List<DriftedField> drifted(List<Comparison> found) {
    return found.stream().flatMap(comparison -> drifted(comparison).stream()).toList();
  }

  private static Optional<DriftedField> drifted(Comparison comparison) {
    var finding = comparison.finding();
    boolean calls =
        finding.getAlarm()
            && finding.getSegment().isEmpty()
            && comparison.field() >= 0
            && comparison.growth().length > 0;
    return calls
        ? Optional.of(
            new DriftedField(
                new WindowKey(
                    finding.getModel(), finding.getModelVersion(), comparison.windowStart()),
                comparison.field(),
                finding.getId(),
                comparison.growth()))
        : Optional.empty();
  }
}
