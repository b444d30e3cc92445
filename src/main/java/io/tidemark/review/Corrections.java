package io.tidemark.review;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.event.ClassText;
import io.tidemark.schema.ClassLabels;
import io.tidemark.schema.CorrectionColumns;
import io.tidemark.schema.LabelQuality;
import io.tidemark.stats.CountText;
import io.tidemark.store.ContentHash;
import io.tidemark.store.JsonLines;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What people filled into a sheet, as lines of the label source. A sheet that has been imported
 * changes nothing when it is imported again.
 */
public final class Corrections {
  /** The folder of label lines, where no other place is said. */
  public static final String FOLDER = "corrections";

  private static final String QUALITY = "label-quality";
  private static final String REVIEW = "review";
  private static final int MOST_PROBLEMS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String output;
  private final String path;
  private final Instant now;
  private final Map<String, List<LabelQuality>> quality = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  private Corrections(String output, String path, Instant now) {
    this.output = output;
    this.path = path;
    this.now = now;
  }

  /**
   * Writes label lines, a file a model.
   *
   * @param labels file of the lines, of a sheet of one model; null: below the output
   * @param now when rows were looked at that say no time of their own
   * @return what was done, and what to do next
   * @throws ReviewException with all that is wrong with the sheet; then nothing is written
   */
  public static List<String> take(String output, String path, String labels, Instant now)
      throws IOException {
    Sheet sheet = Sheet.of("--import", path);
    byte[] content =
        OutputFiles.read(path)
            .orElseThrow(() -> new ReviewException("--import=" + path + ": no such file"));
    Corrections corrections = new Corrections(output, path, now);
    corrections.write(sheet.read(path, content), ContentHash.of(content), labels);
    return corrections.told;
  }

  /** A cell that was filled in, of one row. */
  private record Correction(int line, String row, String label, Instant at) {}

  private void write(List<Sheet.Filled> rows, String hash, String labels) throws IOException {
    Map<String, Map<String, Correction>> byModel = new TreeMap<>();
    int open = 0;
    for (Sheet.Filled row : rows) {
      if (row.cells().get(ReviewQueue.NEW_LABEL) == null) {
        open++;
      } else {
        take(row, byModel);
      }
    }
    boolean known =
        rows.stream().anyMatch(row -> row.cells().containsKey(ReviewQueue.ROW)) || rows.isEmpty();
    if (!known) {
      problems.add(path + ": has no column row_id; import a sheet that --export wrote");
    }
    if (labels != null && byModel.size() > 1) {
      problems.add("--labels=" + labels + ": has rows of " + byModel.keySet() + "; leave it out");
    }
    Map<String, CorrectionColumns> columns = new TreeMap<>();
    for (String model : byModel.keySet()) {
      columns.put(model, columns(model));
    }
    if (!problems.isEmpty()) {
      int more = problems.size() - MOST_PROBLEMS;
      List<String> shown = problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()));
      throw new ReviewException(
          String.join("\n", shown) + (more > 0 ? "\nand " + more + " more" : ""));
    }
    byModel.forEach((model, each) -> warnOfClasses(model, each));
    for (Map.Entry<String, Map<String, Correction>> each : byModel.entrySet()) {
      write(each.getKey(), columns.get(each.getKey()), each.getValue(), hash, labels);
    }
    told.add(CountText.of(open, "row") + " of the sheet without a new label left open.");
  }

  private void take(Sheet.Filled row, Map<String, Map<String, Correction>> byModel) {
    String model = row.cells().get(ReviewQueue.MODEL);
    String name = row.cells().get(ReviewQueue.ROW);
    String label = row.cells().get(ReviewQueue.NEW_LABEL);
    String place = path + ":" + row.line() + ": ";
    if (model == null || name == null) {
      problems.add(place + "lacks " + (model == null ? "its model" : "its row_id"));
      return;
    }
    String at = row.cells().get(ReviewQueue.REVIEWED_AT);
    Instant time = at == null ? now : time(at);
    if (time == null) {
      problems.add(place + "reviewed_at " + at + " is no time; write 2024-01-31T12:00:00Z");
      return;
    }
    Correction next = new Correction(row.line(), name, label, time);
    Correction before =
        byModel.computeIfAbsent(model, any -> new TreeMap<>()).putIfAbsent(name, next);
    if (before != null && !ClassText.same(before.label(), label)) {
      problems.add(
          place
              + "says "
              + label
              + " of "
              + name
              + ", line "
              + before.line()
              + " says "
              + before.label());
    }
  }

  /** As spreadsheets and people write them; without a zone it is UTC. */
  private static Instant time(String text) {
    String iso = text.strip().replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeParseException e) {
      try {
        return iso.contains("T")
            ? LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC)
            : LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException none) {
        return null;
      }
    }
  }

  private List<LabelQuality> quality(String model) throws IOException {
    List<LabelQuality> found = quality.get(model);
    if (found == null) {
      found = new ArrayList<>();
      String folder = WindowFolders.folder(output, QUALITY, model, "");
      for (String file : OutputFiles.list(OutputFiles.path(folder, "period=*", "*.jsonl"))) {
        byte[] lines = OutputFiles.read(file).orElse(new byte[0]);
        found.addAll(JsonLines.read(lines, LabelQuality.class));
      }
      quality.put(model, found);
    }
    return found;
  }

  /** What the model's label lines look like, by what its runs left last. */
  private CorrectionColumns columns(String model) throws IOException {
    List<LabelQuality> all = quality(model);
    if (all.isEmpty()) {
      problems.add(path + ": model " + model + ": has no label-quality/ in " + output);
      return null;
    }
    CorrectionColumns columns = all.get(all.size() - 1).getCorrections();
    if (columns == null) {
      problems.add(
          path
              + ": model "
              + model
              + ": its rows have no id that may be shown, so no label can be joined to them;"
              + " declare events.id, and do not mask or exclude it");
    }
    return columns;
  }

  private void warnOfClasses(String model, Map<String, Correction> rows) {
    TreeSet<String> classes = new TreeSet<>();
    for (LabelQuality each : quality.get(model)) {
      for (ClassLabels of : each.getClasses()) {
        if (of.getLabel() == null) {
          return; // hidden
        }
        classes.add(ClassText.key(of.getLabel()));
      }
    }
    TreeMap<String, Integer> others = new TreeMap<>();
    for (Correction each : rows.values()) {
      if (!classes.isEmpty() && !classes.contains(ClassText.key(each.label()))) {
        others.putIfAbsent(each.label(), each.line());
      }
    }
    others.forEach(
        (label, line) ->
            told.add(
                path
                    + ":"
                    + line
                    + ": "
                    + label
                    + " is no class of model "
                    + model
                    + "; it was taken as it is"));
  }

  private void write(
      String model,
      CorrectionColumns columns,
      Map<String, Correction> rows,
      String hash,
      String labels)
      throws IOException {
    String file =
        labels != null
            ? labels
            : OutputFiles.path(
                WindowFolders.folder(output, FOLDER, model, ""), REVIEW + "-" + hash + ".jsonl");
    if (labels == null && OutputFiles.read(file).isPresent()) {
      told.add("The sheet was imported before; " + file + " stays as it is.");
      return;
    }
    List<ObjectNode> lines = new ArrayList<>();
    String source = columns.getTrusted() == null ? REVIEW : columns.getTrusted();
    for (Correction each : rows.values()) {
      ObjectNode line = JSON.createObjectNode();
      line.put(columns.getId(), each.row());
      line.put(columns.getValue(), each.label());
      line.put(columns.getTime(), each.at().toString());
      line.put(columns.getSource(), source);
      lines.add(line);
    }
    byte[] content = Sheet.of("--labels", file).write(lines);
    if (labels != null) {
      byte[] present = OutputFiles.read(file).orElse(content);
      if (!java.util.Arrays.equals(present, content)) {
        throw new ReviewException(
            "--labels=" + labels + ": is there already; give the name of a new file");
      }
    }
    OutputFiles.write(file, content);
    told.add(
        "Wrote "
            + CountText.of(lines.size(), "label")
            + " of model "
            + model
            + " to "
            + file
            + ": put it where --labels of monitor finds it beside the others.");
    if (columns.getTrusted() == null) {
      told.add(
          "The spec of model "
              + model
              + " trusts no source: with labels: {source: "
              + columns.getSource()
              + ", trusted: ["
              + REVIEW
              + "]} these labels override others.");
    }
  }
}
