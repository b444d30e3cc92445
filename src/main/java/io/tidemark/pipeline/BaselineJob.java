package io.tidemark.pipeline;

import io.tidemark.baseline.BuildBaseline;
import io.tidemark.baseline.CheckReference;
import io.tidemark.baseline.RowSample;
import io.tidemark.event.AggregateOutput;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Broadcast;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.EventColumns;
import io.tidemark.ingest.row.InputException;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.labels.LabelCounts;
import io.tidemark.profile.Baseline;
import io.tidemark.profile.BaselineFormat;
import io.tidemark.profile.EmptyFields;
import io.tidemark.profile.FieldBins;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.OutcomeLayouts;
import io.tidemark.profile.PerformanceAggregator;
import io.tidemark.profile.ProfileAggregator;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.profile.WindowCompleteness;
import io.tidemark.profile.WindowOutcomes;
import io.tidemark.profile.WindowOutcomesCoder;
import io.tidemark.profile.WindowProfile;
import io.tidemark.profile.WindowProfileCoder;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * {@code tidemark baseline}: two jobs over the reference, one that gathers what the bins are chosen
 * from, one that counts over them. What passes between them and out of the second is small, and
 * goes through hand-over files beside the output.
 */
public final class BaselineJob {
  private final MonitoringSpec spec;
  private final EventFiles files;
  private final LabelSource labels;
  private final TimeRange range;
  private final TimeCheck times;
  private final String version;
  private final boolean allowEmpty;
  private final String output;
  private final JobRunner runs;

  /**
   * @param labels null: none are joined
   * @param allowEmpty whether fields may be without one usable value
   */
  public BaselineJob(
      MonitoringSpec spec,
      EventFiles files,
      LabelSource labels,
      TimeRange range,
      TimeCheck times,
      String version,
      boolean allowEmpty,
      String output,
      JobRunner runs) {
    this.allowEmpty = allowEmpty;
    this.spec = spec;
    this.files = files;
    this.labels = labels;
    this.range = range;
    this.times = times;
    this.version = version;
    this.output = output;
    this.runs = runs;
  }

  /**
   * What was built, and of which rows.
   *
   * @param unusable table of fields with hardly a usable value; empty: there are none
   * @param bad why rows were unusable, and labels
   */
  public record Built(
      Baseline baseline,
      RowCounts counts,
      RowCounts ofNobody,
      LabelCounts labels,
      String unusable,
      BadRows bad,
      BadRows badLabels) {}

  public Built run() throws IOException {
    try (ResultFiles handOver = ResultFiles.beside(output)) {
      BuildBaseline build = BuildBaseline.of(spec);
      RowSample sample = sample(build, handOver);
      CheckReference.check(spec, sample);
      List<FieldBins> bins = build.bins(sample);
      ProfileLayouts layouts = build.layouts(bins, sample.rows());
      Broadcast<ProfileLayouts> shipped = Broadcast.of(layouts);
      Pipeline pipeline = runs.pipeline("baseline: counts");
      AggregateOutput<WindowKey, WindowProfile> profiles =
          AggregateOutput.of(
              "Profile",
              new ProfileAggregator(shipped),
              new WindowKey.KeyCoder(),
              new WindowProfileCoder(shipped));
      AggregateOutput<WindowKey, WindowProfile> total =
          AggregateOutput.of(
              "Total",
              ProfileAggregator.total(shipped),
              new WindowKey.KeyCoder(),
              new WindowProfileCoder(shipped));
      ScanFiles scan = scan(pipeline, handOver).into(profiles);
      boolean gathersTotal = build.gathersTotal(layouts);
      scan = gathersTotal ? scan.into(total) : scan;
      OutcomeLayout outcomes = build.outcomes(layouts, sample);
      AggregateOutput<WindowKey, WindowOutcomes> performance =
          outcomes == null ? null : performance(outcomes);
      scan = performance == null ? scan : scan.into(performance);
      PCollectionTuple scanned = pipeline.apply("Ingest", scan);
      if (performance != null) {
        scanned
            .get(performance.tag())
            .apply("MergeOutcomes", performance.merged(WindowOutcomes::merge))
            .apply("HandOverOutcomes", handOver.receive("outcomes", outcomesCoder(performance)));
      }
      if (gathersTotal) {
        scanned
            .get(total.tag())
            .apply("MergeTotal", total.merged(WindowProfile::merge))
            .apply("HandOverTotal", handOver.receive("profiles", profilesCoder(shipped)));
      }
      scanned
          .get(profiles.tag())
          .apply("MergeProfiles", profiles.merged(WindowProfile::merge))
          .apply("HandOverProfiles", handOver.receive("profiles", profilesCoder(shipped)));
      scanned
          .get(ScanFiles.COUNTS)
          .apply(
              "HandOverCounts", handOver.receiveByModel("counts", new RowCounts.RowCountsCoder()));
      scanned.get(ScanFiles.BAD).apply("BadRows", BadRows.receive(handOver, BadRows.Source.EVENTS));
      runs.run(pipeline, "counting", JobRunner.rows(spec, files, labels));
      List<KV<WindowKey, WindowProfile>> windows =
          handOver.take("profiles", profilesCoder(shipped));
      Map<String, List<RowCounts>> all =
          handOver.takeByModel("counts", new RowCounts.RowCountsCoder());
      RowCounts counts = all.getOrDefault(spec.model(), List.of(RowCounts.NONE)).get(0);
      Baseline baseline =
          build.assemble(
              version,
              bins,
              layouts,
              windows,
              new WindowCompleteness(range.from(), range.to()),
              outcomes,
              performance == null
                  ? List.of()
                  : handOver.take("outcomes", outcomesCoder(performance)));
      List<EmptyFields.Unusable> unusable = EmptyFields.of(spec, counts(windows));
      String said = FieldTable.of(spec, files, range, runs, output).text(unusable);
      if (!allowEmpty && unusable.stream().anyMatch(EmptyFields.Unusable::empty)) {
        throw InputException.ofLines(
            said
                + "\nA field without one usable value measures nothing: mend its column or type in"
                + " the spec, or take it out. With --allow-empty-fields the baseline is built all"
                + " the same.");
      }
      byte[] bytes =
          BaselineFormat.write(baseline, spec.hash(), counts.minTime(), counts.maxTime());
      OutputFiles.write(output, bytes);
      List<LabelCounts> joined =
          handOver
              .takeByModel("labels", new LabelCounts.CountsCoder())
              .getOrDefault(spec.model(), List.of());
      return new Built(
          baseline,
          counts,
          all.getOrDefault(ScanFiles.NOBODY, List.of(RowCounts.NONE)).get(0),
          joined.isEmpty() ? LabelCounts.NONE : joined.get(0),
          said,
          BadRows.take(handOver, spec.model(), BadRows.Source.EVENTS),
          BadRows.take(handOver, spec.model(), BadRows.Source.LABELS));
    }
  }

  private static List<List<Long>> counts(List<KV<WindowKey, WindowProfile>> windows) {
    return windows.stream()
        .filter(
            window -> !window.getKey().equals(ProfileAggregator.ofTotal(window.getKey().model())))
        .map(window -> EmptyFields.counts(window.getKey(), window.getValue()))
        .toList();
  }

  private RowSample sample(BuildBaseline build, ResultFiles handOver) throws IOException {
    Pipeline pipeline = runs.pipeline("baseline: sample");
    AggregateOutput<Integer, RowSample> samples =
        AggregateOutput.of("Sample", build.sample(), VarIntCoder.of(), build.sampleCoder());
    KvCoder<Integer, RowSample> coder = KvCoder.of(VarIntCoder.of(), build.sampleCoder());
    PCollectionTuple scanned = pipeline.apply("Ingest", scan(pipeline, handOver).into(samples));
    scanned.get(ScanFiles.BAD).apply("BadRows", BadRows.receive(handOver, BadRows.Source.EVENTS));
    scanned
        .get(samples.tag())
        .apply("MergeSamples", samples.merged(build.mergeSamples()))
        .apply("HandOverSample", handOver.receive("sample", coder));
    runs.run(pipeline, "sampling", JobRunner.rows(spec, files, labels));
    List<KV<Integer, RowSample>> merged = new ArrayList<>(handOver.take("sample", coder));
    if (merged.isEmpty()) {
      throw InputException.ofLines(
          "the reference has no usable row"
              + (range.equals(TimeRange.ALL) ? "" : " between --from and --to")
              + ": check --events, and the columns that the spec names."
              + times.first(spec, files)
              + BadRows.take(handOver, spec.model(), BadRows.Source.EVENTS).text(spec, files));
    }
    return merged.get(0).getValue();
  }

  private static AggregateOutput<WindowKey, WindowOutcomes> performance(OutcomeLayout outcomes) {
    Broadcast<OutcomeLayouts> shipped = Broadcast.of(OutcomeLayouts.single(outcomes));
    return AggregateOutput.of(
        "Performance",
        new PerformanceAggregator(shipped),
        new WindowKey.KeyCoder(),
        new WindowOutcomesCoder(shipped));
  }

  private static KvCoder<WindowKey, WindowOutcomes> outcomesCoder(
      AggregateOutput<WindowKey, WindowOutcomes> performance) {
    return KvCoder.of(performance.keyCoder(), performance.stateCoder());
  }

  /** Both jobs join alike: what they hand over of it is the same. */
  private ScanFiles scan(Pipeline pipeline, ResultFiles handOver) {
    Redaction redaction = Redaction.of(spec, null);
    ScanFiles scan =
        ScanFiles.of(
            spec,
            new ScanFiles.Input(
                files, EventColumns.all(spec), redaction, range, range, times.likely()),
            runs.meter(),
            runs.tasks());
    if (labels == null) {
      return scan;
    }
    LabelJoin.Joined joined =
        new LabelJoin(
                Fleet.one(
                    spec.model(), new LabelJoin.Input(spec, files, labels, redaction, range, null)),
                runs)
            .join(PBegin.in(pipeline));
    joined.bad().apply("BadLabels", BadRows.receive(handOver, BadRows.Source.LABELS));
    joined
        .counts()
        .apply("HandOverLabels", handOver.receiveByModel("labels", new LabelCounts.CountsCoder()));
    return joined.attachedTo(scan);
  }

  private static KvCoder<WindowKey, WindowProfile> profilesCoder(
      Broadcast<ProfileLayouts> layouts) {
    return KvCoder.of(new WindowKey.KeyCoder(), new WindowProfileCoder(layouts));
  }
}
