package io.tidemark.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.Main;
import io.tidemark.loop.LoopModel.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A simulated log of a production model, the truth of it, and what the program makes of it. Four
 * days of four windows; what is planted begins on the third, which models are trained on, and the
 * fourth is what comes later.
 */
final class LoopLog {
  static final List<String> NUMBERS = List.of("income", "debt", "tenure");
  static final List<String> CATEGORIES = List.of("region", "product", "channel");
  static final String THIRD_DAY = "2024-01-07";
  static final String LATER = "2024-01-08";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DAYS = 4;

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, prediction: {score: p, label: guess, positive: "1"}}
      features: {income: numeric, debt: numeric, tenure: numeric, region: categorical,
          product: categorical, channel: categorical}
      labels: {format: jsonl, id: ref, value: truth, time: when, source: by, horizon: P2D,
          trusted: [review]}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z}
      snapshot: {period: P1D, rows: %d}
      """;

  final Path folder;
  final Path output;
  final Set<String> flipped = new HashSet<>();

  /** Of the planted slice, by the feature; empty: there is none. */
  final Map<String, String> slice = new TreeMap<>();

  private LoopLog(Path folder) {
    this.folder = folder;
    this.output = folder.resolve("out");
  }

  /** Runs a command, which has to succeed. */
  static String tidemark(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    if (code != 0) {
      throw new IllegalStateException(
          String.join(" ", arguments) + ": " + err.toString(StandardCharsets.UTF_8));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * @param rows of the reference, and of the events
   * @param snapshot rows of a snapshot
   */
  static LoopLog simulate(Path folder, int rows, int snapshot, long seed, String... planted)
      throws IOException {
    LoopLog log = new LoopLog(folder);
    Files.createDirectories(folder);
    Files.writeString(log.spec(), SPEC.formatted(snapshot));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "simulate",
                "--spec=" + log.spec(),
                "--output=" + folder.resolve("log"),
                "--rows=" + rows,
                "--windows=" + 4 * DAYS,
                "--seed=" + seed,
                "--sharpness=8",
                "--clean"));
    arguments.addAll(List.of(planted));
    tidemark(arguments.toArray(new String[0]));
    JsonNode truth = JSON.readTree(Files.readString(folder.resolve("log/truth.json")));
    truth.path("flipped_labels").forEach(id -> log.flipped.add(id.asText()));
    for (JsonNode each : truth.path("planted")) {
      if (each.path("kind").asText().equals("weak_slice")) {
        for (String predicate : each.path("value").asText().split(" and ")) {
          log.slice.put(predicate.split(" = ")[0], predicate.split(" = ")[1]);
        }
      }
    }
    tidemark(
        "baseline",
        "--spec=" + log.spec(),
        "--events=" + folder.resolve("log/reference"),
        "--labels=" + folder.resolve("log/reference-labels"),
        "--output=" + log.baseline());
    return log;
  }

  Path spec() {
    return folder.resolve("spec.yaml");
  }

  Path baseline() {
    return folder.resolve("baseline.avro");
  }

  Path labels() {
    return folder.resolve("log/labels");
  }

  String monitor(Path events, Path labels, Path into) {
    return tidemark(
        "monitor",
        "--spec=" + spec(),
        "--events=" + events,
        "--labels=" + labels,
        "--baseline=" + baseline(),
        "--output=" + into);
  }

  String monitor() {
    return monitor(folder.resolve("log/events"), labels(), output);
  }

  /** Rows with the label that the log says, in the order of their ids. */
  List<Row> rows(String of, String ofLabels) throws IOException {
    Map<String, String> labels = new HashMap<>();
    for (JsonNode each : lines(folder.resolve("log").resolve(ofLabels))) {
      labels.put(each.get("ref").asText(), each.get("truth").asText());
    }
    List<Row> rows = new ArrayList<>();
    for (JsonNode each : lines(folder.resolve("log").resolve(of))) {
      rows.add(row(each, labels.get(each.get("id").asText())));
    }
    return rows;
  }

  /** Events of a day, with the label that the log says. */
  List<Row> day(String day) throws IOException {
    Set<String> ids = new HashSet<>();
    for (JsonNode each : lines(folder.resolve("log/events"))) {
      if (each.get("at").asText().startsWith(day)) {
        ids.add(each.get("id").asText());
      }
    }
    return rows("events", "labels").stream()
        .filter(row -> ids.contains(row.id()) && row.label() != null)
        .toList();
  }

  /** What is true, whatever the log says. */
  Row truly(Row row) {
    return flipped.contains(row.id()) ? row.with(row.label().equals("1") ? "0" : "1") : row;
  }

  boolean inSlice(Row row) {
    return !slice.isEmpty()
        && slice.entrySet().stream()
            .allMatch(each -> each.getValue().equals(row.categories().get(each.getKey())));
  }

  private static Row row(JsonNode line, String label) {
    Map<String, Double> numbers = new TreeMap<>();
    Map<String, String> categories = new TreeMap<>();
    for (String name : NUMBERS) {
      if (line.hasNonNull(name)) {
        numbers.put(name, line.get(name).asDouble());
      }
    }
    for (String name : CATEGORIES) {
      if (line.hasNonNull(name)) {
        categories.put(name, line.get(name).asText());
      }
    }
    return new Row(line.get("id").asText(), numbers, categories, label, 1);
  }

  private static List<JsonNode> lines(Path folder) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          lines.add(JSON.readTree(line));
        }
      }
    }
    return lines;
  }

  /** The labelled rows of the third day's snapshot, as its manifest names them. */
  List<Row> snapshot() throws IOException, SQLException {
    Path of = output.resolve("snapshots/loans").resolve(THIRD_DAY.replace("-", "") + "T000000Z");
    List<Row> rows = new ArrayList<>();
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      for (JsonNode part :
          JSON.readTree(Files.readString(of.resolve("manifest.json"))).get("files")) {
        ResultSet read =
            statement.executeQuery(
                "select * from '"
                    + of.resolve(part.get("name").asText())
                    + "' where label is not null");
        while (read.next()) {
          rows.add(row(read));
        }
      }
    }
    return rows;
  }

  private static Row row(ResultSet read) throws SQLException {
    Map<String, Double> numbers = new TreeMap<>();
    Map<String, String> categories = new TreeMap<>();
    for (String name : NUMBERS) {
      double x = read.getDouble(name);
      if (!read.wasNull()) {
        numbers.put(name, x);
      }
    }
    for (String name : CATEGORIES) {
      if (read.getString(name) != null) {
        categories.put(name, read.getString(name));
      }
    }
    return new Row(
        read.getString("row_id"),
        numbers,
        categories,
        read.getString("label"),
        read.getDouble("weight"));
  }

  /**
   * People who know the truth look at the whole queue, and the program runs again.
   *
   * @return how many labels they put right
   */
  int correct() throws IOException {
    Path sheet = folder.resolve("sheet.jsonl");
    tidemark("review", "--output=" + output, "--export=" + sheet);
    List<String> filled = new ArrayList<>();
    int right = 0;
    for (String line : Files.readAllLines(sheet)) {
      ObjectNode row = (ObjectNode) JSON.readTree(line);
      String label = row.get("label").asText();
      boolean wrong = flipped.contains(row.get("row_id").asText());
      row.put("new_label", wrong ? label.equals("1") ? "0" : "1" : label);
      right += wrong ? 1 : 0;
      filled.add(row.toString());
    }
    Files.write(sheet, filled);
    tidemark(
        "review",
        "--output=" + output,
        "--import=" + sheet,
        "--labels=" + labels().resolve("review.jsonl"),
        "--at=2024-01-10T00:00:00Z");
    monitor();
    return right;
  }

  /** The later day as another model would have logged it, with its labels: a log of its own. */
  Path predictedBy(LoopModel model) throws IOException {
    Path next = folder.resolve("next");
    Files.createDirectories(next);
    List<String> events = new ArrayList<>();
    for (JsonNode each : lines(folder.resolve("log/events"))) {
      if (each.get("at").asText().startsWith(LATER)) {
        double p = model.predict(row(each, null));
        ((ObjectNode) each).put("p", p).put("guess", p >= .5 ? "1" : "0");
        events.add(each.toString());
      }
    }
    Files.write(next.resolve("events.jsonl"), events);
    return next;
  }

  /** A metric of the windows of the later day, all rows together, as the program has it. */
  static double metric(Path output, String metric) throws IOException {
    double sum = 0;
    long rows = 0;
    try (Stream<Path> files = Files.walk(output.resolve("performance"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode each = JSON.readTree(line);
          if (each.path("metric").asText().equals(metric)
              && each.path("segment").asText().isEmpty()
              && each.path("source").asText().equals("realized")
              && each.path("window_start").asText().startsWith(LATER)
              && each.hasNonNull("value")) {
            long labelled = each.path("labelled_rows").asLong();
            sum += labelled * each.path("value").asDouble();
            rows += labelled;
          }
        }
      }
    }
    return sum / rows;
  }
}
