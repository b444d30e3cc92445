package io.tidemark.pipeline;

import io.tidemark.event.Redaction;
import io.tidemark.event.StreamTimes;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.AggregateTopic;
import io.tidemark.ingest.EventFiles;
import io.tidemark.ingest.FoldOutput;
import io.tidemark.ingest.ScanFiles;
import io.tidemark.ingest.ScanLabels;
import io.tidemark.ingest.ScanPredictions;
import io.tidemark.ingest.StreamFold;
import io.tidemark.ingest.TimeRange;
import io.tidemark.labels.Coverage;
import io.tidemark.labels.CoverageFold;
import io.tidemark.labels.CoverageRows;
import io.tidemark.labels.JoinLabels;
import io.tidemark.labels.JoinRule;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.Table;
import io.tidemark.store.WindowFolders;
import io.tidemark.store.WriteTable;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The labels' part of the flow: a pass over ids joins them before the scan, which attaches them to
 * its events; and what of each window's predictions they cover.
 */
final class LabelBranch {
  static final String UNJOINED = "unjoined-labels";

  private final MonitoringSpec spec;
  private final EventFiles events;
  private final LabelSource labels;
  private final Redaction redaction;
  private final TimeRange range;
  private final Runs runs;

  /**
   * @param labels not null
   * @param range of the predictions that labels are for
   */
  LabelBranch(
      MonitoringSpec spec,
      EventFiles events,
      LabelSource labels,
      Redaction redaction,
      TimeRange range,
      Runs runs) {
    this.spec = spec;
    this.events = events;
    this.labels = labels;
    this.redaction = redaction;
    this.range = range;
    this.runs = runs;
  }

  /** What joining gives. */
  record Joined(
      PCollection<byte[]> table,
      PCollection<byte[]> copyKeys,
      PCollection<LabelCounts> counts,
      PCollection<String> listed,
      PCollection<DeadLetter> bad) {

    ScanFiles attachedTo(ScanFiles scan) {
      return scan.withLabels(table, copyKeys);
    }
  }

  /**
   * @param folder where what labels nothing is listed, or null: nowhere
   */
  Joined join(Pipeline pipeline, String prefix, String folder) {
    int bits = JoinLabels.partitionBits(events.aboutRows() + labels.files().aboutRows());
    PCollection<KV<Integer, byte[]>> predictions =
        pipeline.apply(
            prefix + "ScanPredictions",
            ScanPredictions.of(events, spec, runs.meter(), runs.tasks(), bits));
    PCollectionTuple rows =
        pipeline.apply(
            prefix + "ScanLabels",
            ScanLabels.of(labels.files(), spec, redaction, runs.meter(), runs.tasks(), bits));
    JoinRule rule = JoinRule.of(spec, range.from(), range.to(), labels.asOf());
    JoinLabels join = JoinLabels.by(rule, bits, rows.get(ScanLabels.BAD_ROWS));
    PCollectionTuple joined =
        PCollectionList.of(predictions)
            .and(rows.get(ScanLabels.ROWS))
            .apply(
                prefix + "JoinLabels",
                folder == null ? join : join.listingIn(folder, spec.labels(), redaction));
    return new Joined(
        joined.get(JoinLabels.TABLE),
        joined.get(JoinLabels.COPY_KEYS),
        joined.get(JoinLabels.COUNTS),
        joined.get(JoinLabels.LISTED),
        rows.get(ScanLabels.BAD));
  }

  /** Where a run lists what labels nothing: the same run writes to the same place again. */
  static String folder(String output, String model, TimeRange range) {
    String from = range.from() == Long.MIN_VALUE ? "start" : WindowFolders.name(range.from());
    String to = range.to() == Long.MAX_VALUE ? "end" : WindowFolders.name(range.to());
    return OutputFiles.path(
        output, UNJOINED, "model=" + OutputFiles.segment(model), "run=" + from + "-" + to);
  }

  /** Whether anything says what the truth was. */
  static boolean labelled(ModelRun model) {
    return model.labels() != null || model.spec().events().label() != null;
  }

  /**
   * Writes each window's label coverage.
   *
   * @param standing windows that stay as they are
   * @return over all windows
   */
  static PCollection<PredictionCounts> cover(
      ModelRun model,
      String prefix,
      PCollection<KV<WindowKey, Coverage>> windows,
      StandingBranch standing,
      String output) {
    windows
        .apply(prefix + "CoverageToWrite", standing.leftOut())
        .apply(prefix + "LabelCoverage", CoverageRows.of(model.spec(), model.redaction()))
        .apply(
            prefix + "WriteLabelCoverage",
            WriteTable.of(Table.LABEL_COVERAGE, output, model.spec().model()));
    return windows
        .apply(prefix + "CountPredictions", MapElements.via(new Count()))
        .setCoder(new PredictionCounts.CountsCoder())
        .apply(prefix + "SumPredictions", Combine.globally(new PredictionCounts.Sum()));
  }

  /** What is gathered of events beside their profiles. */
  static FoldOutput<WindowKey, Coverage> coverage(MonitoringSpec spec) {
    return FoldOutput.of(
        "Coverage", CoverageFold.of(spec), new WindowKey.KeyCoder(), new Coverage.CoverageCoder());
  }

  /** Writes each window's label coverage of a stream. */
  static void follow(
      Model model,
      String prefix,
      PCollectionTuple followed,
      StreamFold<Coverage> fold,
      StreamTimes times,
      String output) {
    AggregateTopic.assembled(prefix + "AssembleCoverage", followed.get(fold.parts()), fold, times)
        .apply(prefix + "LabelCoverage", CoverageRows.of(model.spec(), model.redaction()))
        .apply(
            prefix + "WriteLabelCoverage",
            WriteTable.of(Table.LABEL_COVERAGE, output, model.spec().model()));
  }

  private static final class Count
      extends SimpleFunction<KV<WindowKey, Coverage>, PredictionCounts> {
    private static final long serialVersionUID = 1;

    @Override
    public PredictionCounts apply(KV<WindowKey, Coverage> window) {
      return window.getValue().counts();
    }
  }
}
