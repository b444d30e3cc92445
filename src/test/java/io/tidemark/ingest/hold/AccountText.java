package io.tidemark.ingest.hold;

import io.tidemark.ingest.row.RowCounts;
import io.tidemark.ingest.scan.ScanFn;
import io.tidemark.labels.LabelCounts;
import io.tidemark.schema.UnjoinedLabel;
import io.tidemark.store.JsonLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.KV;

/** What a {@link TopicScript} says of accounts of rows and labels. */
final class AccountText {
  private AccountText() {}

  private static String counts(Map<String, Long> counts) {
    List<String> some = new ArrayList<>();
    counts.forEach((what, count) -> some.add(count == 0 ? "" : count + " " + what));
    some.removeIf(String::isEmpty);
    return String.join(" ", some);
  }

  static String rowCounts(KV<String, RowCounts> ofModel) {
    RowCounts rows = ofModel.getValue();
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("read", rows.read());
    counts.put("profiled", rows.profiled());
    counts.put("duplicate", rows.duplicate());
    counts.put("conflicting", rows.conflicting());
    counts.put("late", rows.late());
    counts.put("dead", rows.deadLettered());
    counts.put("unclaimed", rows.unclaimed());
    return (ofModel.getKey().equals(ScanFn.NOBODY) ? "nobody's: " : "") + counts(counts);
  }

  static String labelCounts(KV<String, LabelCounts> ofModel) {
    LabelCounts labels = ofModel.getValue();
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("joined", labels.joined());
    counts.put("duplicate", labels.duplicate());
    counts.put("conflicting", labels.conflicting());
    counts.put("orphan", labels.orphan());
    counts.put("too late", labels.tooLate());
    counts.put("served", labels.predictions());
    return counts(counts);
  }

  /** The bucket's hour and the lines. */
  static String listed(KV<String, String> file) {
    try {
      String path = file.getValue();
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of(path))) {
        UnjoinedLabel label = JsonLines.read(line, UnjoinedLabel.class);
        lines.add(label.getClass$() + " " + label.getId() + "@" + label.getPosition());
      }
      String hour = path.replaceFirst(".*/run=followed-\\d+T(\\d\\d).*", "$1");
      return hour + " listed: " + String.join(" ", lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
