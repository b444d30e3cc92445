package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.labels.LabelCounts;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.PlainText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What the record of a job without end says of a model, with the keys of {@link RunRecord}.
 *
 * @param baselines their hashes
 * @param events topic, as it may be shown
 * @param labels the same of labels that are joined, or null
 * @param alerts where they go, as it may be shown, or null
 */
record FollowedRecord(
    MonitoringSpec spec, List<String> baselines, String events, String labels, String alerts) {

  /** What is known when the job begins, as JSON. */
  String head(PipelineOptions options) {
    ObjectNode record = RunRecord.begin(spec, baselines, options);
    record.putObject("input").put("topic", events);
    if (labels != null) {
      record.putObject("label_input").put("topic", labels);
      record.putObject("labels");
    }
    if (labels != null || spec.events().label() != null) {
      record.putObject("predictions");
    }
    if (alerts != null) {
      record.putObject("alerts").put("to", alerts);
    }
    return RunRecord.text(record);
  }

  /** The record's bytes. */
  static byte[] content(String head, RunAccount account) throws IOException {
    ObjectNode record = RunRecord.parse(head);
    RowCounts rows = account.rows();
    ObjectNode counted = RunRecord.rows(rows, account.ofNobody());
    record.set("rows", counted);
    counted.put("waiting", rows.waiting());
    counted.put("balanced", rows.waiting() >= 0);
    if (record.has("labels")) {
      LabelCounts labels = account.labels();
      ObjectNode node = LabelSummary.counts(labels);
      record.set("labels", node);
      node.put("waiting", labels.waiting());
      node.put("balanced", labels.waiting() >= 0);
    }
    if (record.has("predictions")) {
      record.set("predictions", LabelSummary.counts(account.predictions()));
    }
    record.put("windows", account.windows());
    record.put("comparisons", account.comparisons());
    record.put("alarms", account.alarms());
    if (record.has("alerts")) {
      ((ObjectNode) record.get("alerts")).put("sent", account.alertsSent());
    }
    account.snapshots().forEach(path -> record.withArray("snapshots").add(PlainText.of(path)));
    return RunRecord.text(record).getBytes(StandardCharsets.UTF_8);
  }
}
