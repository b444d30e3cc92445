package io.tidemark.pipeline;

import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.ingest.scan.EventFiles;
import io.tidemark.ingest.scan.ScanFiles;
import io.tidemark.ingest.scan.ScanLabels;
import io.tidemark.ingest.scan.ScanPredictions;
import io.tidemark.labels.JoinLabels;
import io.tidemark.labels.JoinRule;
import io.tidemark.labels.LabelCounts;
import io.tidemark.schema.DeadLetter;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Joins labels in a pass over ids before the scan, which attaches them to its events. */
final class LabelJoin {
  static final String UNJOINED = "unjoined-labels";

  private final Fleet<Input> models;
  private final JobRunner runs;

  /**
   * What is joined of a model.
   *
   * @param range of the predictions that labels are for
   * @param folder where what labels nothing is listed, or null: nowhere
   */
  record Input(
      MonitoringSpec spec,
      EventFiles events,
      LabelSource labels,
      Redaction redaction,
      TimeRange range,
      String folder) {
    private JoinLabels.Joining joining(int bits) {
      JoinRule rule = JoinRule.of(spec, range.from(), range.to(), labels.asOf());
      return new JoinLabels.Joining(
          rule,
          bits,
          folder == null ? null : new JoinLabels.Listing(folder, spec.labels(), redaction));
    }
  }

  /**
   * @param models those that have labels to join
   */
  LabelJoin(Fleet<Input> models, JobRunner runs) {
    this.models = models;
    this.runs = runs;
  }

  /**
   * What joining gives, by model.
   *
   * @param specs of the models whose labels were joined
   */
  record Joined(
      Fleet<MonitoringSpec> specs,
      PCollection<KV<String, byte[]>> table,
      PCollection<byte[]> copyKeys,
      PCollection<KV<String, LabelCounts>> counts,
      PCollection<KV<String, String>> listed,
      PCollection<KV<String, DeadLetter>> bad) {

    ScanFiles attachedTo(ScanFiles scan) {
      return scan.withLabels(table, copyKeys, specs);
    }
  }

  Joined join(PBegin begin) {
    Map<String, Integer> sharing = new HashMap<>();
    models.all().forEach(each -> sharing.merge(each.events().hash(), 1, Integer::sum));
    Fleet<Integer> bits =
        models.map(
            each -> {
              long own = each.events().aboutRows() / sharing.get(each.events().hash());
              return JoinLabels.partitionBits(own + each.labels().files().aboutRows());
            });
    Fleet<MonitoringSpec> specs = models.map(Input::spec);
    PCollection<KV<KV<String, Integer>, byte[]>> predictions =
        begin.apply(
            "ScanPredictions",
            ScanPredictions.of(models.map(Input::events), specs, runs.meter(), runs.tasks(), bits));
    PCollectionTuple rows =
        begin.apply(
            "ScanLabels",
            ScanLabels.of(
                models.map(each -> each.labels().files()),
                specs,
                models.map(Input::redaction),
                runs.meter(),
                runs.tasks(),
                bits));
    JoinLabels join =
        JoinLabels.by(
            models.mapKeyed((model, each) -> each.joining(bits.of(model))),
            rows.get(ScanLabels.BAD_ROWS));
    PCollectionTuple joined =
        PCollectionList.of(predictions).and(rows.get(ScanLabels.ROWS)).apply("JoinLabels", join);
    return new Joined(
        specs,
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
    return OutputFiles.path(folder(output, model), "run=" + from + "-" + to);
  }

  /** Where runs of a model have their folders. */
  static String folder(String output, String model) {
    return OutputFiles.path(output, UNJOINED, "model=" + OutputFiles.segment(model));
  }
}
