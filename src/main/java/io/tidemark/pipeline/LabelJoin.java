package io.tidemark.pipeline;

import io.tidemark.event.Redaction;
import io.tidemark.ingest.EventFiles;
import io.tidemark.ingest.ScanFiles;
import io.tidemark.ingest.ScanLabels;
import io.tidemark.ingest.ScanPredictions;
import io.tidemark.ingest.TimeRange;
import io.tidemark.labels.JoinLabels;
import io.tidemark.labels.JoinRule;
import io.tidemark.labels.LabelCounts;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Joins labels in a pass over ids before the scan, which attaches them to its events. */
final class LabelJoin {
  static final String UNJOINED = "unjoined-labels";

  private final MonitoringSpec spec;
  private final EventFiles events;
  private final LabelSource labels;
  private final Redaction redaction;
  private final TimeRange range;
  private final JobRunner runs;

  /**
   * @param labels not null
   * @param range of the predictions that labels are for
   */
  LabelJoin(
      MonitoringSpec spec,
      EventFiles events,
      LabelSource labels,
      Redaction redaction,
      TimeRange range,
      JobRunner runs) {
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
  Joined join(PBegin begin, String folder) {
    int bits = JoinLabels.partitionBits(events.aboutRows() + labels.files().aboutRows());
    PCollection<KV<Integer, byte[]>> predictions =
        begin.apply(
            "ScanPredictions", ScanPredictions.of(events, spec, runs.meter(), runs.tasks(), bits));
    PCollectionTuple rows =
        begin.apply(
            "ScanLabels",
            ScanLabels.of(labels.files(), spec, redaction, runs.meter(), runs.tasks(), bits));
    JoinRule rule = JoinRule.of(spec, range.from(), range.to(), labels.asOf());
    JoinLabels join = JoinLabels.by(rule, bits, rows.get(ScanLabels.BAD_ROWS));
    PCollectionTuple joined =
        PCollectionList.of(predictions)
            .and(rows.get(ScanLabels.ROWS))
            .apply(
                "JoinLabels",
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
}
