package io.tidemark.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.event.EventLabels;
import io.tidemark.profile.BlockedColumn;
import io.tidemark.profile.Held;
import io.tidemark.profile.ShownColumns;
import io.tidemark.profile.ShownColumns.Column;
import io.tidemark.profile.ShownFile;
import io.tidemark.schema.Slice;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a snapshot is made of and why. It holds no wall clock: the same rows give the same bytes.
 */
final class Manifest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Of each window the rows that the snapshot was chosen among, and those with a label. */
  static final String HELD = "windows_held";

  /** The columns that show nothing, with what was seen in them. */
  static final String PERSONAL = "personal";

  /** How far the sources of labels agree; only where several are. */
  static final String AGREEMENT = "agreement";

  /** The slices that rows of reason {@code weak_slice} are of; only where there are some. */
  static final String WEAK_SLICES = "weak_slices";

  /** What became of rows that were made or collected on request; only where some were given. */
  static final String AUGMENTED = "augmented";

  private final ObjectNode fields = JSON.createObjectNode();

  /** A file of the snapshot; its SHA-256 in hexadecimal digits. */
  record FileEntry(String name, long rows, long bytes, String sha256) {
    static FileEntry of(String name, long rows, byte[] content) {
      return new FileEntry(name, rows, content.length, ContentHash.sha256(content));
    }
  }

  Manifest(
      MonitoringSpec spec,
      Set<String> baselines,
      long periodStart,
      SortedMap<Long, Held> windows,
      ShownColumns<SnapshotRow> columns,
      EventLabels labels,
      List<FileEntry> files,
      SelectRows.Selection selection) {
    fields.put("format_version", 1);
    fields.put("model", spec.model());
    fields.put("period_start", WindowSpec.instant(periodStart).toString());
    fields.put(
        "period_end", WindowSpec.instant(spec.snapshot().period().endOf(periodStart)).toString());
    fields.put("rows", selection.rows().size());
    for (FileEntry file : files) {
      String hash = file.name().replaceFirst("part-\\d+-", "").replaceFirst("\\.parquet$", "");
      fields
          .withArray("files")
          .addObject()
          .put("name", file.name())
          .put("rows", file.rows())
          .put("hash", hash)
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    for (Column<SnapshotRow> column : columns.columns()) {
      fields
          .withArray("schema")
          .addObject()
          .put("name", column.name())
          .put("type", ShownFile.typeName(column))
          .put("role", SnapshotColumns.role(spec, column.name()));
    }
    putPersonal(columns.blocked());
    ArrayNode leftOut = fields.putArray("left_out");
    SnapshotColumns.leftOut(spec).forEach(leftOut::add);
    fields.put("spec_hash", spec.hash());
    new TreeSet<>(baselines).forEach(fields.withArray("baselines")::add);
    ArrayNode starts = fields.putArray("windows");
    windows.keySet().forEach(start -> starts.add(WindowSpec.instant(start).toString()));
    ArrayNode held = fields.putArray(HELD);
    windows.forEach(
        (start, rows) ->
            held.addObject()
                .put("window", WindowSpec.instant(start).toString())
                .put("rows", rows.rows())
                .put("labelled", rows.labelled()));
    putMissing(spec, periodStart, windows);
    fields.putArray("findings");
    selection.causes().forEach(fields.withArray("findings")::add);
    Map<String, Long> reasons = new TreeMap<>();
    Map<String, Long> classes = new TreeMap<>();
    Map<String, Long> splits = new TreeMap<>();
    for (SnapshotRow row : selection.rows()) {
      row.reasons().forEach(reason -> reasons.merge(reason, 1L, Long::sum));
      splits.merge(row.split(), 1L, Long::sum);
      if (!labels.numeric() && columns.showsLabels()) {
        String label = labels.text(row.event());
        classes.merge(label == null ? "" : label, 1L, Long::sum);
      }
    }
    put("reasons", reasons);
    putSlices(columns, selection.slices());
    put("classes", classes);
    put("splits", splits);
    fields.put("disputed", selection.disputed());
    fields.put("doubted", selection.doubted());
    fields.put("near_duplicates", selection.alike());
  }

  /** The same with what its rows tell of the period's errors. */
  Manifest with(ErrorShare errors) {
    errors.writeTo(fields.putObject("errors"));
    return this;
  }

  /** The same with what became of rows that were made or collected on request. */
  Manifest with(TakeAugmented.Taken augmented) {
    fields
        .putObject(AUGMENTED)
        .put("rows", augmented.rows())
        .put("taken", augmented.taken().size())
        .put("copies", augmented.copies())
        .put("other_split", augmented.otherSplit())
        .put("not_needed", augmented.notNeeded());
    return this;
  }

  /** The same with how far the sources of its period's labels agree, where there are several. */
  Manifest with(AgreementShown agreement) {
    if (agreement.counts().rows() > 0) {
      agreement.writeTo(fields.putObject(AGREEMENT));
    }
    return this;
  }

  /**
   * In the order of their ranks. A slice whose words name values that the snapshot does not show
   * has none.
   */
  private void putSlices(ShownColumns<SnapshotRow> columns, List<SelectRows.SliceRows> slices) {
    if (slices.isEmpty()) {
      return;
    }
    ArrayNode all = fields.putArray(WEAK_SLICES);
    for (SelectRows.SliceRows each : slices) {
      Slice slice = each.slice().found();
      all.addObject()
          .put("slice", columns.unlessPersonal(slice.getSlice()))
          .put("model_version", slice.getModelVersion())
          .put("rank", slice.getRank())
          .put("finding", each.slice().findingId())
          .put("rows", each.rows())
          .put("size", slice.getSize())
          .put("error", slice.getError())
          .put("lift", slice.getLift())
          .put("adjusted_p", slice.getAdjustedP());
    }
  }

  /** Columns that show nothing, because values of them look like personal data. */
  private void putPersonal(List<BlockedColumn> blocked) {
    ArrayNode personal = fields.putArray(PERSONAL);
    for (BlockedColumn column : blocked) {
      ObjectNode node = personal.addObject().put("column", column.name());
      ObjectNode kinds = node.putObject("kinds");
      column.kinds().forEach((kind, rows) -> kinds.put(kind.id(), rows));
      node.put("rows", column.rows());
    }
  }

  /** Windows of the period without rows here, as stretches: none came, or no run has read them. */
  private void putMissing(MonitoringSpec spec, long periodStart, SortedMap<Long, Held> windows) {
    ArrayNode missing = fields.putArray("windows_missing");
    long at = periodStart;
    for (long start : windows.keySet()) {
      putStretch(missing, at, start);
      at = spec.window().endOf(start);
    }
    putStretch(missing, at, spec.snapshot().period().endOf(periodStart));
  }

  private static void putStretch(ArrayNode stretches, long from, long to) {
    if (from < to) {
      stretches
          .addObject()
          .put("from", WindowSpec.instant(from).toString())
          .put("to", WindowSpec.instant(to).toString());
    }
  }

  private void put(String name, Map<String, Long> counts) {
    ObjectNode node = fields.putObject(name);
    counts.forEach(node::put);
  }

  /** The bytes, with the hash of the manifest that it replaces or null. */
  byte[] content(String supersedes) {
    ObjectNode whole = fields.deepCopy();
    whole.put("supersedes", supersedes);
    try {
      return (JSON.writeValueAsString(whole) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  static String hash(byte[] content) {
    return ContentHash.of(content);
  }
}
