package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.event.ClassText;
import io.tidemark.stats.CountText;
import io.tidemark.stats.PlainText;
import io.tidemark.store.DamagedFileException;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.ParquetFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.parquet.example.data.Group;

/**
 * Two snapshots held against each other: which rows went and came, by reason, how labels, splits
 * and their mix changed.
 */
public final class SnapshotDiff {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> COLUMNS = Set.of("row_id", "label", "split", "reasons");

  private SnapshotDiff() {}

  private record Row(String label, String split, List<String> reasons) {}

  /** A snapshot's manifest and rows by their ids; one id may stand on several rows. */
  private record Snapshot(String path, JsonNode manifest, TreeMap<String, List<Row>> rows) {
    long count() {
      return rows.values().stream().mapToLong(List::size).sum();
    }

    String name() {
      return manifest.path("model").asText()
          + " from "
          + manifest.path("period_start").asText()
          + " to "
          + manifest.path("period_end").asText();
    }
  }

  /**
   * Lines that tell of the difference.
   *
   * @param one a folder of a snapshot: of a period, or of a model for its latest one
   * @throws IOException with a message for users, where there is none
   */
  public static List<String> of(String one, String other) throws IOException {
    Snapshot a = read(one);
    Snapshot b = read(other);
    List<String> lines = new ArrayList<>();
    lines.add("A: " + a.name() + ", " + CountText.of(a.count(), "row") + " (" + a.path + ")");
    lines.add("B: " + b.name() + ", " + CountText.of(b.count(), "row") + " (" + b.path + ")");
    if (!a.manifest.path("spec_hash").equals(b.manifest.path("spec_hash"))) {
      lines.add("They are of different specs.");
    }
    columns("A", a, b, lines);
    columns("B", b, a, lines);
    List<Row> gone = without(a, b);
    List<Row> come = without(b, a);
    lines.add("only in A: " + CountText.of(gone.size(), "row") + byReason(gone));
    lines.add("only in B: " + CountText.of(come.size(), "row") + byReason(come));
    both(a, b, lines);
    mix("label", a, b, Row::label, lines);
    mix("split", a, b, Row::split, lines);
    return lines;
  }

  private static void columns(String name, Snapshot of, Snapshot other, List<String> lines) {
    TreeSet<String> columns = columns(of);
    columns.removeAll(columns(other));
    if (!columns.isEmpty()) {
      lines.add("columns only in " + name + ": " + String.join(", ", columns));
    }
  }

  private static TreeSet<String> columns(Snapshot snapshot) {
    TreeSet<String> columns = new TreeSet<>();
    for (JsonNode column : snapshot.manifest.path("schema")) {
      columns.add(PlainText.line(column.path("name").asText()));
    }
    return columns;
  }

  private static List<Row> without(Snapshot of, Snapshot other) {
    List<Row> rows = new ArrayList<>();
    of.rows.forEach(
        (id, all) -> {
          if (!other.rows.containsKey(id)) {
            rows.addAll(all);
          }
        });
    return rows;
  }

  private static String byReason(List<Row> rows) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    rows.forEach(row -> row.reasons.forEach(reason -> counts.merge(reason, 1, Integer::sum)));
    List<String> texts = new ArrayList<>();
    counts.forEach((reason, count) -> texts.add(count + " " + reason));
    return texts.isEmpty() ? "" : " (" + String.join(", ", texts) + ")";
  }

  private static void both(Snapshot a, Snapshot b, List<String> lines) {
    TreeMap<String, Integer> labels = new TreeMap<>();
    TreeMap<String, Integer> splits = new TreeMap<>();
    long shared = 0;
    for (Map.Entry<String, List<Row>> each : a.rows.entrySet()) {
      List<Row> now = b.rows.get(each.getKey());
      if (now == null) {
        continue;
      }
      shared++;
      Row before = each.getValue().get(0);
      Row after = now.get(0);
      if (!same(before.label, after.label)) {
        labels.merge(shown(before.label) + " -> " + shown(after.label), 1, Integer::sum);
      }
      if (!same(before.split, after.split)) {
        splits.merge(before.split + " -> " + after.split, 1, Integer::sum);
      }
    }
    lines.add("in both: " + CountText.of(shared, "id"));
    labels.forEach((change, count) -> lines.add("  label " + change + ": " + count));
    splits.forEach((change, count) -> lines.add("  split " + change + ": " + count));
  }

  private static boolean same(String one, String other) {
    return one == null || other == null ? one == other : ClassText.same(one, other);
  }

  private static String shown(String label) {
    return label == null ? "none" : label;
  }

  private interface Part {
    String of(Row row);
  }

  private static void mix(String name, Snapshot a, Snapshot b, Part part, List<String> lines) {
    TreeMap<String, long[]> counts = new TreeMap<>();
    a.rows.values().forEach(rows -> rows.forEach(row -> count(counts, shown(part.of(row)), 0)));
    b.rows.values().forEach(rows -> rows.forEach(row -> count(counts, shown(part.of(row)), 1)));
    TreeSet<String> values = new TreeSet<>(counts.keySet());
    if (values.size() > MOST_VALUES) {
      lines.add(name + ": " + values.size() + " values");
      return;
    }
    for (String value : values) {
      long[] of = counts.get(value);
      lines.add(
          String.format(
              Locale.ROOT,
              "%s %s: %.1f %% -> %.1f %%",
              name,
              value,
              100. * of[0] / Math.max(1, a.count()),
              100. * of[1] / Math.max(1, b.count())));
    }
  }

  /** Numbers are no mix. */
  private static final int MOST_VALUES = 50;

  private static void count(TreeMap<String, long[]> counts, String value, int side) {
    counts.computeIfAbsent(value, any -> new long[2])[side]++;
  }

  private static Snapshot read(String place) throws IOException {
    String folder = place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
    Optional<byte[]> latest = OutputFiles.read(OutputFiles.path(folder, "LATEST"));
    if (latest.isPresent()) {
      folder = OutputFiles.path(folder, new String(latest.get(), StandardCharsets.UTF_8).strip());
    }
    String path = OutputFiles.path(folder, "manifest.json");
    Optional<byte[]> manifest = OutputFiles.read(path);
    if (manifest.isEmpty()) {
      throw new IOException(
          place
              + ": holds no snapshot; give a folder with manifest.json, or a model's with LATEST");
    }
    JsonNode said = JSON.readTree(manifest.get());
    TreeMap<String, List<Row>> rows = new TreeMap<>();
    for (JsonNode file : said.path("files")) {
      String part = OutputFiles.path(folder, file.path("name").asText());
      byte[] content =
          OutputFiles.read(part)
              .orElseThrow(() -> new DamagedFileException(part, "it is named in " + path));
      ParquetFiles.read(
          content,
          COLUMNS,
          row ->
              rows.computeIfAbsent(text(row, "row_id"), any -> new ArrayList<>())
                  .add(new Row(text(row, "label"), text(row, "split"), texts(row))));
    }
    return new Snapshot(folder, said, rows);
  }

  private static String text(Group row, String column) {
    return row.getFieldRepetitionCount(column) == 0
        ? null
        : row.getValueToString(row.getType().getFieldIndex(column), 0);
  }

  private static List<String> texts(Group row) {
    Group list = row.getGroup("reasons", 0);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      texts.add(list.getGroup(0, i).getValueToString(0, 0));
    }
    return texts;
  }
}
