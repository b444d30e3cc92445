package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Topics of a real broker followed on a real cluster, rows and labels out of order, copies,
 * unusable ones and ones that come too late, failures on the way: and every table and snapshot is
 * what a run over files writes, to the byte.
 */
@ResourceLock(Following.CLUSTER)
@Order(1)
class FollowTopicIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** With windows that are merged to longer ones, and alarms that look back. */
  private static final String LOOKING_BACK = lookingBack(Following.SPEC);

  /** The truth comes later, from a topic of its own. */
  private static final String LABELLED =
      Following.SPEC.replace("  label: truth\n", "")
          + """
          labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}
          performance: {update: PT1S, detectors: [adwin]}
          retrain: {when: [concept_drift, every: PT24H], cooldown: PT12H}
          """;

  @TempDir static Path folder;
  private static Following following;

  private static String lookingBack(String spec) {
    return spec.replace("allowed_lateness: PT3H,", "allowed_lateness: PT3H, horizons: [P1D],")
        + "drift: {persistence: {windows: 2, of: 3}}\n";
  }

  @BeforeAll
  static void start() throws Exception {
    following = Following.start();
  }

  @Test
  void labelsComeLaterAndTheJobIsKilledStoppedAndResumed() throws Exception {
    Log log = Log.of(folder.resolve("labelled"), LABELLED, 6000);
    Path batch = folder.resolve("labelled-batch");
    Cli.Result ofFiles = log.monitor(log.events(), batch, "--labels=" + log.labels());
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    assertThat(expected.keySet()).anyMatch(key -> key.startsWith("performance"));
    assertThat(expected.keySet()).anyMatch(key -> key.endsWith("manifest.json"));
    Map<String, String> retrain = retrain(batch);
    Set<String> due = due(retrain);
    assertThat(due).hasSizeGreaterThan(1);
    Servers.topic(following.broker(), "predictions", Following.PARTITIONS);
    Servers.topic(following.broker(), "retrain", 1);
    Servers.topic(following.broker(), "truths", Following.PARTITIONS);
    List<String> rows = Following.outOfOrder(log.events(), "at");
    List<String> labels = Following.outOfOrder(log.labels(), "known");
    int half = rows.size() / 2;
    following.send("predictions", rows.subList(0, half), 0);
    following.send("truths", labels.subList(0, labels.size() / 2), 0);
    Path output = folder.resolve("labelled-followed");
    Path said = folder.resolve("labelled.log");
    String events = "--events=kafka://" + following.broker() + "/predictions?idle=";
    String truths = "--labels=kafka://" + following.broker() + "/truths?idle=";
    String alerts = "--alerts=kafka://" + following.broker() + "/retrain";
    Following.Monitor monitor =
        following.follow(
            log.spec.toString(),
            log.baseline,
            output,
            said,
            events + Following.LONG,
            truths + Following.LONG,
            alerts,
            "--parallelism=2");
    try {
      Servers.until(said, () -> Files.exists(output.resolve("performance")));
      following.killTaskManager();
      following.send("predictions", rows.subList(half, half * 3 / 2), half);
      following.send("truths", labels.subList(labels.size() / 2, labels.size()), 1);
      Servers.until(said, () -> Followed.tables(output).size() > expected.size() / 4);
      String savepoint = following.jobs().stopWithSavepoint(said);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isZero();
      following.send("predictions", rows.subList(half * 3 / 2, rows.size()), half * 3 / 2);
      following.grow("predictions", Following.PARTITIONS + 1); // by one that stays empty
      following.grow("truths", Following.PARTITIONS + 1);
      monitor =
          following.follow(
              log.spec.toString(),
              log.baseline,
              output,
              said,
              events + Following.SHORT,
              truths + Following.SHORT,
              alerts,
              "--parallelism=1",
              "--savepointPath=" + savepoint);
      Followed.until(said, output, expected);
      Servers.until(said, () -> retrain(output).equals(retrain));
      Servers.until(said, () -> following.keys("retrain").containsAll(due));
      assertThat(following.keys("retrain")).filteredOn(due::contains).hasSameSizeAs(due);
      int letters = Followed.lines(batch.resolve("dead-letters")).size();
      Servers.until(said, () -> Followed.letters(output.resolve("dead-letters")).size() >= letters);
      assertThat(Followed.letters(output.resolve("dead-letters"))).hasSize(letters);
      assertThat(output.resolve("late")).doesNotExist();
      assertAccountsAreThoseOfFiles(said, output, batch);
    } finally {
      following.end(monitor);
    }
  }

  /** What is said of when to train again, by the file's name. */
  private static Map<String, String> retrain(Path output) throws Exception {
    Map<String, String> said = new TreeMap<>();
    Path folder = output.resolve("retrain/loans");
    for (Path file : Files.exists(folder) ? Cli.files(folder) : List.<Path>of()) {
      if (file.toString().endsWith(".json")) {
        said.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return said;
  }

  /** Ids of what is due. */
  private static Set<String> due(Map<String, String> retrain) throws Exception {
    Set<String> ids = new TreeSet<>();
    for (String text : retrain.values()) {
      JsonNode trigger = JSON.readTree(text);
      if (trigger.get("state").asText().equals("due")) {
        ids.add(trigger.get("id").asText());
      }
    }
    return ids;
  }

  /**
   * Each row and label is counted once, whatever failed: rows where the batch run counts them, and
   * labels, but that predictions which a label is far too late for are forgotten by then. In the
   * end nothing waits: when topics are quiet, time goes on with the wall clock.
   */
  private static void assertAccountsAreThoseOfFiles(Path said, Path output, Path batch)
      throws Exception {
    JsonNode ofFiles = Followed.recordOfFiles(batch);
    List<String> rows =
        List.of("read", "profiled", "duplicate", "conflicting_duplicate", "late", "dead_lettered");
    List<Long> expected = Followed.counts(ofFiles, "rows", rows);
    Servers.until(
        said,
        () -> Followed.counts(Followed.record(output, "loans"), "rows", rows).equals(expected));
    List<String> labels = List.of("read", "dead_lettered");
    List<Long> read = Followed.counts(ofFiles, "labels", labels);
    Servers.until(
        said,
        () -> Followed.record(output, "loans").path("labels").path("waiting").asLong(-1) == 0);
    JsonNode record = Followed.record(output, "loans");
    assertThat(Followed.counts(record, "labels", labels)).isEqualTo(read);
    List<String> copies = List.of("joined", "duplicate", "conflicting");
    assertThat(Followed.counts(record, "labels", copies))
        .isEqualTo(Followed.counts(ofFiles, "labels", copies));
    List<String> unjoined = Followed.unjoined(batch);
    Servers.until(said, () -> Followed.unjoined(output).size() >= unjoined.size());
    assertThat(Followed.unjoined(output)).isEqualTo(unjoined);
    List<String> findings = List.of("windows", "comparisons", "alarms");
    for (String each : findings) {
      assertThat(record.get(each)).as(each).isEqualTo(ofFiles.get(each));
    }
    List<String> predictions = List.of("predictions", "labelled", "unlabelled", "disputed");
    assertThat(Followed.counts(record, "predictions", predictions))
        .isEqualTo(Followed.counts(ofFiles, "predictions", predictions));
  }

  @Test
  void givesWhatFilesGive() throws Exception {
    Log log = Log.of(folder.resolve("log"), LOOKING_BACK, 6000);
    // Another model over the same rows has no ids, so no copies are looked for, and holds no rows.
    Path specs = Files.createDirectories(folder.resolve("specs"));
    Path baselines = Files.createDirectories(folder.resolve("baselines"));
    for (String model : List.of("loans", "plain")) {
      String text = LOOKING_BACK.replace("model: loans", "model: " + model);
      Path spec = specs.resolve(model + ".yaml");
      Files.writeString(
          spec,
          model.equals("plain")
              ? text.replace("  id: id\n", "").replaceAll("snapshot: .*", "snapshot: off")
              : text);
      Cli.Result built =
          Cli.run(
              "baseline",
              "--spec=" + spec,
              "--events=" + log.folder.resolve("log/reference"),
              "--output=" + baselines.resolve(model + ".avro"));
      assertThat(built.code()).as(built.err()).isZero();
    }
    Path batch = folder.resolve("batch");
    Cli.Result ofFiles =
        Cli.run(
            "monitor",
            "--spec=" + specs + "/*.yaml",
            "--events=" + log.events(),
            "--baseline=" + baselines,
            "--output=" + batch);
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    assertThat(expected.keySet()).anyMatch(key -> key.contains("horizon=P1D"));
    assertThat(Cli.findings(batch))
        .anyMatch(each -> each.get("reason").asText().startsWith("in 2 of the last 3 windows"))
        .anyMatch(each -> each.get("reason").asText().startsWith("not persistent"));
    List<String> lines = new ArrayList<>(Following.outOfOrder(log.events(), "at"));
    Servers.topic(following.broker(), "rows", Following.PARTITIONS + 1); // the last stays empty
    // A row of a far future waits for its window, and nothing else waits for it or is closed by it.
    ObjectNode future = (ObjectNode) JSON.readTree(lines.get(100));
    future.put("id", "future");
    future.put("at", "2099-01-01T00:00:00Z");
    lines.add(JSON.writeValueAsString(future));
    Path output = folder.resolve("followed");
    Path said = folder.resolve("followed.log");
    Following.Monitor monitor =
        following.follow(
            specs + "/*.yaml",
            baselines,
            output,
            said,
            "--events=kafka://" + following.broker() + "/rows?idle=" + Following.SHORT,
            "--parallelism=2");
    try {
      // A job may be there before its log, and longer than a quiet topic is waited for.
      Servers.until(said, () -> following.jobs().underWay());
      following.jobs().awaitCheckpoint(said);
      Thread.sleep(2 * Following.SHORT.toMillis());
      following.send("rows", lines, 0);
      Followed.until(said, output, expected);

      // Every window is closed now: a row of the first comes too late.
      String early =
          lines.stream().filter(line -> Following.time(line, "at") > 0).findFirst().orElseThrow();
      ObjectNode late = (ObjectNode) JSON.readTree(early);
      late.put("id", "too-late");
      following.send("rows", List.of(JSON.writeValueAsString(late)), 0);
      Servers.until(
          said, () -> Followed.letters(output.resolve("late")).size() == 2); // each model's
      assertThat(Followed.letters(output.resolve("late")).values()).containsOnly("late");
      int letters = Followed.lines(batch.resolve("dead-letters")).size();
      Servers.until(said, () -> Followed.letters(output.resolve("dead-letters")).size() >= letters);
      assertThat(Followed.letters(output.resolve("dead-letters"))).hasSize(letters);
      assertThat(Followed.tables(output)).isEqualTo(expected);
    } finally {
      following.end(monitor);
    }
  }

  /**
   * Partitions are added while it is followed and held by a savepoint; a command that goes on says
   * anew how long a pause is; and a topic that is made anew ends the job for good.
   */
  @Test
  void partitionsAreAddedAndATopicIsMadeAnew() throws Exception {
    Log log = Log.of(folder.resolve("grown"), Following.SPEC, 2400);
    Path batch = folder.resolve("grown-batch");
    Cli.Result ofFiles = log.monitor(log.events(), batch);
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    List<String> lines = Following.outOfOrder(log.events(), "at");
    int half = lines.size() / 2;
    Servers.topic(following.broker(), "grown", 1);
    following.send("grown", lines.subList(0, half), 0, 1);
    Path output = folder.resolve("grown-followed");
    Path said = folder.resolve("grown.log");
    String events = "--events=kafka://" + following.broker() + "/grown?idle=";
    String spec = log.spec.toString();
    Following.Monitor monitor =
        following.follow(
            spec, log.baseline, output, said, events + Following.LONG, "--parallelism=1");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", following.broker()))) {
      Servers.until(said, () -> Followed.tables(output).size() > 3);
      following.grow("grown", Following.PARTITIONS);
      List<String> rest = lines.subList(half, lines.size());
      following.send("grown", rest, rest.stream().map(each -> 1 + (each.hashCode() & 1)).toList());
      Path tasks = following.log("taskmanager");
      Servers.until(said, () -> Servers.text(tasks).contains("/grown-2: a new partition"));
      following.jobs().awaitCheckpoint(said);
      String savepoint = following.jobs().stopWithSavepoint(said);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isZero();
      monitor =
          Following.monitor(
              following.followApart(
                  spec,
                  log.baseline,
                  output,
                  said,
                  events + Following.SHORT,
                  "--parallelism=1",
                  "--savepointPath=" + savepoint));
      Followed.until(said, output, expected);
      assertThat(output.resolve("late")).doesNotExist();

      admin.deleteTopics(List.of("grown")).all().get();
      Thread.sleep(1000);
      Servers.topic(following.broker(), "grown", Following.PARTITIONS);
      following.send("grown", lines, 0);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isEqualTo(2);
      assertThat(Servers.text(said))
          .contains("/grown-0: the topic was deleted and made anew; what the one before held from")
          .contains("add lost=skip to the URI of --events")
          .doesNotContain("\tat ");
      assertThat(following.jobs().running()).isEmpty();
    } finally {
      following.end(monitor);
    }
  }
}
