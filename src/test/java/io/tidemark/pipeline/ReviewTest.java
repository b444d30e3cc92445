package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Doubtful labels go out to people, and what they say comes back as labels. */
class ReviewTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"}}
      features: {income: numeric, debt: numeric, region: categorical}
      labels: {format: jsonl, id: ref, value: truth, time: when, source: by, horizon: P1D,
          trusted: [review]}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P1D, columns: [note], mask: [note]}
      """;

  @TempDir Path folder;

  private static Cli.Result review(Path output, String... more) {
    List<String> arguments = new ArrayList<>(List.of("review", "--output=" + output));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(new String[0]));
  }

  private static List<JsonNode> lines(Path file) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void correctionsOfTheQueueOverrideAndAreNotAskedForAgain() throws Exception {
    Log log =
        Log.of(folder, SPEC, 6000, "--windows=8", "--drift=flips", "--sharpness=60", "--clean");
    Path output = folder.resolve("out");
    Cli.Result first = log.monitor(log.events(), output, "--labels=" + log.labels());
    assertThat(first.code()).as(first.err()).isZero();
    Map<String, String> learned = labels(output);
    Path sheet = folder.resolve("sheet.jsonl");
    Cli.Result exported = review(output, "--export=" + sheet);
    assertThat(exported.code()).as(exported.err()).isZero();
    Set<String> flipped = new HashSet<>();
    JSON.readTree(Files.readString(log.folder.resolve("log/truth.json")))
        .get("flipped_labels")
        .forEach(id -> flipped.add(id.asText()));
    List<JsonNode> queue = lines(sheet);
    assertThat(exported.out()).startsWith("Wrote " + queue.size() + " rows to look at to ");
    assertThat(queue)
        .isSortedAccordingTo(
            java.util.Comparator.comparingDouble(row -> -row.get("benefit").asDouble()));
    List<String> filled = new ArrayList<>();
    Map<String, String> corrected = new HashMap<>();
    for (JsonNode row : queue) {
      String id = row.get("row_id").asText();
      if (!row.get("action").asText().equals("accept")) {
        assertThat(learned).as("in doubt").doesNotContainKey(id);
      }
      var cells = (com.fasterxml.jackson.databind.node.ObjectNode) row;
      assertThat(row.get("note").asText("")).as("masked").doesNotContain("note of row");
      if (flipped.contains(id)) {
        String right = row.get("label").asText().equals("1") ? "0" : "1";
        cells.put("new_label", right);
        corrected.put(id, right);
      } else if (filled.size() % 2 == 0) {
        cells.put("new_label", row.get("label").asText()); // looked at, and right
      }
      filled.add(cells.toString());
    }
    assertThat(corrected.size()).isGreaterThan(flipped.size() * 8 / 10);
    Files.write(sheet, filled);
    Path labels = log.labels().resolve("review-1.jsonl");
    String[] take = {"--import=" + sheet, "--labels=" + labels, "--at=2024-03-01T00:00:00Z"};
    Cli.Result imported = review(output, take);
    assertThat(imported.code()).as(imported.err()).isZero();
    List<JsonNode> given = lines(labels);
    assertThat(imported.out())
        .contains("Wrote " + given.size() + " labels of model loans to " + labels)
        .contains((filled.size() - given.size()) + " rows of the sheet without a new label");
    assertThat(given)
        .allMatch(each -> each.get("by").asText().equals("review"))
        .allMatch(each -> each.get("when").asText().equals("2024-03-01T00:00:00Z"))
        .allMatch(each -> each.hasNonNull("ref") && each.hasNonNull("truth"));
    assertThat(review(output, take).code()).as("the same again").isZero();
    assertThat(review(output, take[0], take[1]).err()).contains("is there already");

    Cli.Result second = log.monitor(log.events(), output, "--labels=" + log.labels());
    assertThat(second.code()).as(second.err()).isZero();
    Path again = folder.resolve("again.jsonl");
    assertThat(review(output, "--export=" + again).code()).isZero();
    Set<String> asked = new HashSet<>();
    lines(again).forEach(row -> asked.add(row.get("row_id").asText()));
    given.forEach(each -> assertThat(asked).doesNotContain(each.get("ref").asText()));
    assertThat(asked).hasSizeLessThan(queue.size() / 2);
    assertThat(labels(output))
        .as("learned from once they are right")
        .containsAllEntriesOf(corrected);
  }

  /** Of the rows of all snapshots, by their ids. */
  private static Map<String, String> labels(Path output) throws Exception {
    Map<String, String> labels = new HashMap<>();
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      for (Path manifest : Cli.files(output.resolve("snapshots"))) {
        if (manifest.endsWith("manifest.json")) {
          for (JsonNode part : JSON.readTree(Files.readString(manifest)).get("files")) {
            Path file = manifest.resolveSibling(part.get("name").asText());
            ResultSet rows = statement.executeQuery("select row_id, label from '" + file + "'");
            while (rows.next()) {
              labels.put(rows.getString(1), rows.getString(2));
            }
          }
        }
      }
    }
    return labels;
  }

  @Test
  void aCsvSheetOfTheFirstRows() throws Exception {
    Log log = Log.of(folder, SPEC, 2000, "--windows=4", "--clean");
    Path output = folder.resolve("out");
    Cli.Result run = log.monitor(log.events(), output, "--labels=" + log.labels());
    assertThat(run.code()).as(run.err()).isZero();
    Path sheet = folder.resolve("sheet.csv");
    assertThat(review(output, "--export=" + sheet, "--rows=5").code()).isZero();
    List<String> lines = new ArrayList<>(Files.readAllLines(sheet));
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0))
        .startsWith("model,period,rank,row_id,label,suggested_label,action,new_label,reviewed_at,");
    String[] cells = lines.get(1).split(",", -1);
    cells[7] = "yess";
    cells[8] = "2024-02-30";
    lines.set(1, String.join(",", cells));
    Files.write(sheet, lines);
    Cli.Result wrong = review(output, "--import=" + sheet);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("sheet.csv:2: reviewed_at 2024-02-30 is no time");
    assertThat(output.resolve("corrections")).doesNotExist();
    cells[8] = "2024-02-03 10:00";
    lines.set(1, String.join(",", cells));
    Files.write(sheet, lines);
    Cli.Result right = review(output, "--import=" + sheet);
    assertThat(right.code()).as(right.err()).isZero();
    assertThat(right.out())
        .contains("sheet.csv:2: yess is no class of model loans; it was taken as it is")
        .contains("Wrote 1 label of model loans")
        .contains("4 rows of the sheet without a new label left open.");
    Path written = Cli.files(output.resolve("corrections")).get(0);
    assertThat(Files.readString(written))
        .isEqualTo(
            "{\"ref\":\"%s\",\"truth\":\"yess\",\"when\":\"2024-02-03T10:00:00Z\",\"by\":\"review\"}\n"
                .formatted(cells[3]));
    assertThat(review(output, "--import=" + sheet).out()).contains("was imported before");
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path none = Files.createDirectories(folder.resolve("none"));
    assertThat(review(none, "--export=" + folder.resolve("s.csv")).err())
        .contains("has no queue of labels to review");
    assertThat(review(none).err()).contains("give one of --export=FILE and --import=FILE");
    assertThat(review(none, "--import=" + folder.resolve("s.csv")).err()).contains("no such file");
    Path sheet = Files.writeString(folder.resolve("s.csv"), "a,new_label\n1,2\n");
    Cli.Result wrong = review(none, "--import=" + sheet);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("s.csv:2: lacks its model").contains("has no column row_id");
  }
}
