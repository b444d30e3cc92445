package io.tidemark.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.stats.PlainText;
import io.tidemark.store.ContentHash;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.ReleaseInfo;

/** The record of a run that ends: the only file that a repeated run may change. */
public final class RunRecord {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RunRecord() {}

  public static void write(
      ModelRun model,
      RowCounts counts,
      RowCounts ofNobody,
      LabelSummary labelled,
      String output,
      double seconds,
      PipelineOptions options,
      RunSummary summary,
      int standing,
      AlertSummary alerts,
      Augmented augmented,
      List<String> snapshots)
      throws IOException {
    TimeRange range = model.range().statistics();
    ObjectNode record = begin(model.spec(), model.model().baselineHashes(), options);
    ObjectNode used = (ObjectNode) record.get("options");
    used.put("from", bound(range.from(), Long.MIN_VALUE));
    used.put("to", bound(range.to(), Long.MAX_VALUE));
    if (model.labels() != null) {
      used.put("as_of", bound(model.labels().asOf(), Long.MAX_VALUE));
    }
    ObjectNode input = record.putObject("input");
    input.put("files", model.files().files());
    input.put("bytes", model.files().bytes());
    input.put("hash", model.files().hash());
    if (model.labels() != null) {
      ObjectNode labels = record.putObject("label_input");
      labels.put("files", model.labels().files().files());
      labels.put("bytes", model.labels().files().bytes());
      labels.put("hash", model.labels().files().hash());
    }
    if (model.augmented() != null) {
      ObjectNode made = record.putObject("augmented_input");
      made.put("files", model.augmented().files());
      made.put("bytes", model.augmented().bytes());
      made.put("hash", model.augmented().hash());
    }
    record.set("rows", rows(counts, ofNobody));
    if (model.augmented() != null) {
      augmented.put(record);
    }
    record.put("rows_passed_over", model.files().passedOver().rows());
    record.put("row_groups_passed_over", model.files().passedOver().groups());
    labelled.put(record, counts);
    put(record, summary.base());
    record.put("windows_left", standing);
    if (!summary.horizons().isEmpty()) {
      ObjectNode horizons = record.putObject("horizons");
      summary.horizons().forEach((size, found) -> put(horizons.putObject(size), found));
    }
    alerts.put(record);
    snapshots.forEach(path -> record.withArray("snapshots").add(PlainText.of(path)));
    record.put("seconds", seconds);
    record.put("rows_per_second", counts.read() / seconds);
    String name =
        name(range.from(), Long.MIN_VALUE, summary.base().firstWindow(), summary.base())
            + "-"
            + name(range.to(), Long.MAX_VALUE, summary.base().lastWindow(), summary.base())
            + "-"
            + inputHash(model);
    OutputFiles.write(
        OutputFiles.path(output, "runs", name + ".json"),
        text(record).getBytes(StandardCharsets.UTF_8));
  }

  /** What is known of every run when it begins. */
  static ObjectNode begin(MonitoringSpec spec, List<String> baselines, PipelineOptions options) {
    ObjectNode record = JSON.createObjectNode();
    record.put("model", spec.model());
    record.put("spec_hash", spec.hash());
    baselines.forEach(hash -> record.withArray("baselines").add(hash));
    ObjectNode versions = record.putObject("versions");
    versions.put("tidemark", "0.1.0");
    versions.put("beam", ReleaseInfo.getReleaseInfo().getVersion());
    versions.put("java", Runtime.version().toString());
    record.putObject("options").put("runner", options.getRunner().getSimpleName());
    return record;
  }

  /** What became of a model's rows. */
  static ObjectNode rows(RowCounts counts, RowCounts ofNobody) {
    ObjectNode rows = JSON.createObjectNode();
    rows.put("read", counts.read());
    rows.put("profiled", counts.profiled());
    rows.put("duplicate", counts.duplicate());
    rows.put("conflicting_duplicate", counts.conflicting());
    rows.put("late", counts.late());
    rows.put("out_of_range", counts.outOfRange());
    rows.put("dead_lettered", counts.deadLettered());
    rows.put("looked_back", counts.lookedBack());
    rows.put("balanced", counts.balanced());
    rows.put("unclaimed", ofNobody.unclaimed()); // of the run: they are no model's
    rows.put("unreadable", ofNobody.deadLettered());
    return rows;
  }

  private static void put(ObjectNode record, FindingSummary found) {
    record.put("windows", found.windows());
    record.put("comparisons", found.comparisons());
    record.put("alarms", found.alarms());
  }

  /** Two models may read the same files in one job; each has its own record. */
  private static String inputHash(ModelRun model) {
    String labels = model.labels() == null ? "" : "\n" + model.labels().files().hash();
    String augmented = model.augmented() == null ? "" : "\naugmented " + model.augmented().hash();
    String input = model.spec().model() + "\n" + model.files().hash() + labels + augmented;
    return ContentHash.of(input.getBytes(StandardCharsets.UTF_8));
  }

  /** A record that {@link #text} has written. */
  static ObjectNode parse(String text) throws IOException {
    return (ObjectNode) JSON.readTree(text);
  }

  /** Any file of ours in JSON. */
  static JsonNode read(byte[] json) throws IOException {
    return JSON.readTree(json);
  }

  static String text(ObjectNode record) {
    try {
      return JSON.writeValueAsString(record) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static String bound(long time, long none) {
    return time == none ? null : io.tidemark.spec.WindowSpec.instant(time).toString();
  }

  private static String name(long bound, long none, long seen, FindingSummary summary) {
    if (bound != none) {
      return WindowFolders.name(bound);
    }
    return summary.windows() == 0 ? "empty" : WindowFolders.name(seen);
  }
}
