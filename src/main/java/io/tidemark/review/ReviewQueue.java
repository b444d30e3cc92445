package io.tidemark.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.spec.WindowSpec;
import io.tidemark.store.OutputFiles;
import io.tidemark.store.WindowFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The queues of an output folder as one sheet: what is worth most first, whatever its period. */
public final class ReviewQueue {
  static final String MODEL = "model";
  static final String PERIOD = "period";
  static final String ROW = "row_id";

  /** What the row's label should be; who looks at the row fills it in. */
  static final String NEW_LABEL = "new_label";

  /** When it was looked at; may be left empty. */
  static final String REVIEWED_AT = "reviewed_at";

  private static final List<String> FIRST =
      List.of("rank", ROW, "label", "suggested_label", "action");
  private static final List<String> OWN = List.of(MODEL, PERIOD, NEW_LABEL, REVIEWED_AT);
  private static final String TABLE = "review";

  /** Rows more than wanted that are held before they are trimmed. */
  private static final int SLACK = 50_000;

  private static final Comparator<ObjectNode> ORDER =
      Comparator.comparingDouble((ObjectNode row) -> -row.path("benefit").asDouble())
          .thenComparing(row -> row.path("model").asText())
          .thenComparing(row -> row.path("period").asText())
          .thenComparing(row -> row.path("rank").asLong());

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReviewQueue() {}

  /**
   * Writes the sheet.
   *
   * @param models whose rows are wanted; empty: all
   * @param most rows, of the first ones
   * @return how many rows it has
   * @throws ReviewException where there is no queue, or the file's name is none of a sheet
   */
  public static int export(String output, List<String> models, long most, String path)
      throws IOException {
    Sheet sheet = Sheet.of("--export", path);
    List<ObjectNode> rows = rows(output, models, most);
    OutputFiles.write(path, sheet.write(rows));
    return rows.size();
  }

  /** Leaves the first rows of so many. */
  private static void trim(List<ObjectNode> rows, long most) {
    rows.sort(ORDER);
    if (rows.size() > most) {
      rows.subList((int) most, rows.size()).clear();
    }
  }

  private static List<ObjectNode> rows(String output, List<String> models, long most)
      throws IOException {
    List<String> files =
        OutputFiles.list(OutputFiles.path(output, TABLE, "model=*", "period=*", "*.jsonl"));
    if (files.isEmpty()) {
      throw new ReviewException(
          "--output="
              + output
              + ": has no queue of labels to review; run monitor with labels, and without"
              + " label_issues: off");
    }
    List<ObjectNode> rows = new ArrayList<>();
    List<String> without = new ArrayList<>(models);
    for (String file : files) {
      String[] parts = file.split("/");
      String period = period(parts[parts.length - 2]);
      String folder = parts[parts.length - 3];
      if (!models.isEmpty() && models.stream().noneMatch(each -> folder.equals(folderOf(each)))) {
        continue;
      }
      without.removeIf(each -> folder.equals(folderOf(each)));
      byte[] content = OutputFiles.read(file).orElse(new byte[0]);
      for (String line : new String(content, StandardCharsets.UTF_8).split("\n")) {
        if (!line.isBlank()) {
          rows.add(row(folder, period, JSON.readTree(line)));
        }
      }
      if (rows.size() - SLACK > most) {
        trim(rows, most);
      }
    }
    trim(rows, most);
    if (!without.isEmpty()) {
      throw new ReviewException("--model=" + without.get(0) + ": has no queue in " + output);
    }
    return rows;
  }

  private static String folderOf(String model) {
    return MODEL + "=" + OutputFiles.segment(model);
  }

  /** A folder's period as a time. */
  private static String period(String folder) {
    String name = folder.substring(folder.indexOf('=') + 1);
    try {
      return WindowSpec.instant(WindowFolders.time(name)).toString();
    } catch (DateTimeParseException e) {
      throw new ReviewException(folder + ": is no period; what else lies below review/?");
    }
  }

  /** What names the row and what is to be filled in come first. */
  private static ObjectNode row(String folder, String period, JsonNode queued) {
    ObjectNode row = JSON.createObjectNode();
    row.put(MODEL, model(folder));
    row.put(PERIOD, period);
    FIRST.forEach(column -> row.set(column, queued.get(column)));
    row.putNull(NEW_LABEL);
    row.putNull(REVIEWED_AT);
    queued
        .fields()
        .forEachRemaining(
            each -> {
              if (!FIRST.contains(each.getKey())) {
                String name =
                    OWN.contains(each.getKey()) ? each.getKey() + "_in_log" : each.getKey();
                row.set(name, each.getValue());
              }
            });
    return row;
  }

  /** The name that {@link OutputFiles#segment} made a folder's of. */
  static String model(String folder) {
    String name = folder.substring(folder.indexOf('=') + 1);
    return java.net.URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
