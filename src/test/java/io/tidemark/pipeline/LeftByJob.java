package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a job which follows topics has left below its output, held against what a batch run over
 * the same rows and labels wrote. Each question is answered by what is not as it should be.
 *
 * @param output of the job, of a model "loans"
 */
record LeftByJob(Path output) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> TABLES =
      Set.of(
          "statistics",
          "findings",
          "performance",
          "label-coverage",
          "profiles",
          "slices",
          "label-issues",
          "label-quality",
          "acquisition",
          "review",
          "snapshots",
          "candidates",
          "coded-rows",
          "label-evidence",
          "detectors");

  /** Tables, snapshots and stored states, as {@link Followed#tables} has them. */
  static Map<String, String> tables(Path output) throws Exception {
    return Followed.tables(output, TABLES);
  }

  /** What waits for event time, by the job's record. */
  List<String> waiting() throws Exception {
    JsonNode record = Followed.record(output, "loans");
    List<String> waiting = new ArrayList<>();
    for (String part : List.of("rows", "labels")) {
      long count = record.path(part).path("waiting").asLong(-1);
      if (count != 0) {
        waiting.add(count + " " + part);
      }
    }
    return waiting;
  }

  static List<String> differ(Map<String, String> expected, Map<String, String> actual) {
    Set<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(actual.keySet());
    List<String> wrong = new ArrayList<>();
    for (String key : keys) {
      String one = expected.get(key);
      String other = actual.get(key);
      if (!java.util.Objects.equals(one, other)) {
        wrong.add(key + (one == null ? ": too much" : other == null ? ": missing" : ": " + other));
      }
    }
    return wrong;
  }

  /** A stream does not know the predictions of labels that are far too late any more. */
  static List<String> unjoined(Path output) throws Exception {
    List<String> lines =
        new ArrayList<>(
            Followed.lines(output.resolve("unjoined-labels")).stream()
                .map(
                    line ->
                        line.matches(".*\"class\":\"(too_late|orphan)\".*")
                            ? line.replaceFirst("\"class\":\"[a-z_]*\"", "no prediction")
                                .replaceFirst("\"detail\":.*", "")
                            : line)
                .toList());
    lines.sort(null);
    return lines;
  }

  static List<String> differ(List<String> expected, List<String> actual) {
    Map<String, Integer> counts = new TreeMap<>();
    expected.forEach(line -> counts.merge(line, 1, Integer::sum));
    actual.forEach(line -> counts.merge(line, -1, Integer::sum));
    List<String> wrong = new ArrayList<>();
    counts.forEach(
        (line, count) -> {
          if (count != 0) {
            wrong.add((count > 0 ? "missing " : "too much ") + Math.abs(count) + "x " + line);
          }
        });
    return wrong;
  }

  /** Counted once, whatever failed. */
  List<String> accounts(Path batch) throws Exception {
    Map<String, List<String>> parts =
        Map.of(
            "rows",
            List.of(
                "read", "profiled", "duplicate", "conflicting_duplicate", "late", "dead_lettered"),
            "labels",
            List.of("read", "joined", "duplicate", "conflicting", "dead_lettered"),
            "predictions",
            List.of("predictions", "labelled", "unlabelled", "disputed"));
    JsonNode ofBatch = Followed.recordOfFiles(batch);
    JsonNode record = Followed.record(output, "loans");
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> actual = new TreeMap<>();
    parts.forEach(
        (part, names) -> {
          expected.put(part, Followed.counts(ofBatch, part, names).toString());
          actual.put(part, Followed.counts(record, part, names).toString());
        });
    for (String each : List.of("windows", "comparisons", "alarms")) {
      expected.put(each, ofBatch.path(each).asText());
      actual.put(each, record.path(each).asText());
    }
    return differ(expected, actual);
  }

  /**
   * Every alarm that stands was sent, and what was sent is noted.
   *
   * @param taken how often each alert came, by its id
   */
  List<String> alerts(Map<String, Integer> taken) throws Exception {
    long told = Followed.record(output, "loans").path("alerts").path("sent").asLong(-1);
    Set<String> noted = new TreeSet<>();
    for (Path file : Cli.files(output.resolve("alerts"))) {
      noted.add(file.getFileName().toString().replace(".json", ""));
    }
    Set<String> alarms = new TreeSet<>();
    for (String line : Followed.lines(output.resolve("findings"))) {
      JsonNode finding = JSON.readTree(line);
      if (finding.get("alarm").asBoolean()) {
        alarms.add(finding.get("id").asText());
      }
    }
    List<String> wrong = new ArrayList<>();
    alarms.stream().filter(id -> !taken.containsKey(id)).forEach(id -> wrong.add("not sent " + id));
    taken.keySet().stream()
        .filter(id -> !noted.contains(id))
        .forEach(id -> wrong.add("not noted " + id));
    noted.stream().filter(id -> !taken.containsKey(id)).forEach(id -> wrong.add("no such " + id));
    if (told != taken.size()) {
      wrong.add("the record says that " + told + " were sent");
    }
    return wrong;
  }

  /** Files that no table is known by. */
  List<String> others() throws Exception {
    Set<String> known =
        Set.of("dead-letters", "late", "unjoined-labels", "alerts", "jobs", "runs", "lineage");
    List<String> others = new ArrayList<>();
    for (Path file : Cli.files(output)) {
      Path path = output.relativize(file);
      if (path.toString().equals(".lock")) {
        continue; // of the command that waits for the job
      }
      String name = file.getFileName().toString();
      String table = path.getName(0).toString();
      boolean ofTable = known.contains(table) || TABLES.contains(table);
      if (!ofTable || name.startsWith(".")) {
        others.add(path.toString());
      }
    }
    return others;
  }
}
