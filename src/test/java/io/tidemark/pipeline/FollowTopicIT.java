package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics of a real broker followed on a real cluster, rows and labels out of order, copies,
 * unusable ones and ones that come too late, failures on the way: and every table and snapshot is
 * what a run over files writes, to the byte.
 */
class FollowTopicIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LATENESS = Duration.ofHours(3);

  /** The log says the truth itself. */
  private static final String SPEC =
      Log.SPEC
          .replace("FORMAT", "jsonl")
          .replace("window: {size: PT6H,", "window: {size: PT6H, allowed_lateness: PT3H,");

  /** With windows that are merged to longer ones, and alarms that look back. */
  private static final String LOOKING_BACK = lookingBack(SPEC);

  /** The truth comes later, from a topic of its own. */
  private static final String LABELLED =
      SPEC.replace("  label: truth\n", "")
          + """
          labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}
          performance: {update: PT1S, detectors: [adwin]}
          """;

  /** Enough of a topic that gets what it gets at once, or has got all of it. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Of a topic that gets more when something has happened, however long that takes. */
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final int PARTITIONS = 3;

  @TempDir static Path folder;
  private static String broker;
  private static Servers.Cluster cluster;

  private static String lookingBack(String spec) {
    return spec.replace("allowed_lateness: PT3H,", "allowed_lateness: PT3H, horizons: [P1D],")
        + "drift: {persistence: {windows: 2, of: 3}}\n";
  }

  @BeforeAll
  static void start() throws Exception {
    broker = Servers.broker();
    cluster = Servers.clusterWithTheProgram();
  }

  private static void grow(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
    }
  }

  /** A folder's lines by a time within the allowed lateness after their own. */
  private static List<String> outOfOrder(Path source, String column) throws Exception {
    record Line(long at, String text) {}
    Random random = new Random(11);
    List<Line> lines = new ArrayList<>();
    long last = 0;
    for (Path file : Cli.files(source)) {
      for (String text : Files.readAllLines(file)) {
        long time = time(text, column);
        last = time > 0 ? time : last;
        lines.add(new Line(last + (long) (random.nextDouble() * LATENESS.toMillis()), text));
      }
    }
    lines.sort(Comparator.comparingLong(Line::at));
    return lines.stream().map(Line::text).toList();
  }

  /** 0 for lines without a readable time. */
  private static long time(String line, String column) {
    try {
      return Instant.parse(JSON.readTree(line).get(column).asText()).toEpochMilli();
    } catch (Exception e) {
      return 0;
    }
  }

  private static void send(String topic, List<String> lines, int first) throws Exception {
    send(topic, lines, first, PARTITIONS);
  }

  private static void send(String topic, List<String> lines, int first, int partitions)
      throws Exception {
    List<Integer> each = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      each.add((first + i) % partitions);
    }
    send(topic, lines, each);
  }

  private static void send(String topic, List<String> lines, List<Integer> partitions)
      throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      byte[] value = lines.get(i).getBytes(StandardCharsets.UTF_8);
      records.add(new ProducerRecord<>(topic, partitions.get(i), null, value));
    }
    Servers.sendInOneGo(broker, records);
  }

  private static Process follow(String specs, Path baseline, Path output, Path said, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "monitor",
                "--spec=" + specs,
                "--baseline=" + baseline,
                "--output=" + output,
                "--runner=FlinkRunner",
                "--flinkMaster=" + cluster.address(),
                "--checkpointingInterval=1000"));
    command.addAll(cluster.options());
    command.addAll(List.of(more));
    return Servers.tidemark(said, Map.of(), command);
  }

  private static void end(Process monitor) throws Exception {
    monitor.destroy();
    monitor.waitFor();
    cluster.jobs().cancelAll(cluster.log("jobmanager"));
  }

  private static void killTaskManager() throws Exception {
    String folder = cluster.folder().toString();
    long process =
        Long.parseLong(Files.readString(cluster.folder().resolve("taskmanager.pid")).strip());
    ProcessHandle.of(process).orElseThrow().destroyForcibly();
    Thread.sleep(500); // for the system to have done so
    Servers.script(Map.of(), "flink-cluster", "taskmanager", folder);
  }

  @Test
  void labelsComeLaterAndTheJobIsKilledStoppedAndResumed() throws Exception {
    Log log = Log.of(folder.resolve("labelled"), LABELLED, 12_000);
    Path batch = folder.resolve("labelled-batch");
    Cli.Result ofFiles = log.monitor(log.events(), batch, "--labels=" + log.labels());
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    assertThat(expected.keySet()).anyMatch(key -> key.startsWith("performance"));
    assertThat(expected.keySet()).anyMatch(key -> key.endsWith("manifest.json"));
    Servers.topic(broker, "predictions", PARTITIONS);
    Servers.topic(broker, "truths", PARTITIONS);
    List<String> rows = outOfOrder(log.events(), "at");
    List<String> labels = outOfOrder(log.labels(), "known");
    int half = rows.size() / 2;
    send("predictions", rows.subList(0, half), 0);
    send("truths", labels.subList(0, labels.size() / 2), 0);
    Path output = folder.resolve("labelled-followed");
    Path said = folder.resolve("labelled.log");
    String events = "--events=kafka://" + broker + "/predictions?idle=";
    String truths = "--labels=kafka://" + broker + "/truths?idle=";
    Process monitor =
        follow(
            log.spec.toString(),
            log.baseline,
            output,
            said,
            events + LONG,
            truths + LONG,
            "--parallelism=2");
    try {
      Servers.until(said, () -> Files.exists(output.resolve("performance")));
      killTaskManager();
      send("predictions", rows.subList(half, half * 3 / 2), half);
      send("truths", labels.subList(labels.size() / 2, labels.size()), 1);
      Servers.until(said, () -> Followed.tables(output).size() > expected.size() / 4);
      String savepoint = cluster.jobs().stopWithSavepoint(said);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isZero();
      send("predictions", rows.subList(half * 3 / 2, rows.size()), half * 3 / 2);
      grow("predictions", PARTITIONS + 1); // by one that stays empty
      grow("truths", PARTITIONS + 1);
      monitor =
          follow(
              log.spec.toString(),
              log.baseline,
              output,
              said,
              events + SHORT,
              truths + SHORT,
              "--parallelism=1",
              "--savepointPath=" + savepoint);
      Followed.until(said, output, expected);
      assertThat(Followed.letters(output.resolve("dead-letters")))
          .hasSize(Followed.lines(batch.resolve("dead-letters")));
      assertThat(output.resolve("late")).doesNotExist();
      assertAccountsAreThoseOfFiles(said, output, batch);
    } finally {
      end(monitor);
    }
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
    assertThat(Followed.unjoined(output)).isEqualTo(Followed.unjoined(batch));
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
    Log log = Log.of(folder.resolve("log"), LOOKING_BACK, 12_000);
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
    List<String> lines = new ArrayList<>(outOfOrder(log.events(), "at"));
    Servers.topic(broker, "rows", PARTITIONS + 1); // the last stays empty
    // A row of a far future waits for its window, and nothing else waits for it or is closed by it.
    ObjectNode future = (ObjectNode) JSON.readTree(lines.get(100));
    future.put("id", "future");
    future.put("at", "2099-01-01T00:00:00Z");
    lines.add(JSON.writeValueAsString(future));
    Path output = folder.resolve("followed");
    Path said = folder.resolve("followed.log");
    Process monitor =
        follow(
            specs + "/*.yaml",
            baselines,
            output,
            said,
            "--events=kafka://" + broker + "/rows?idle=" + SHORT,
            "--parallelism=2");
    try {
      // A job may be there before its log, and longer than a quiet topic is waited for.
      Servers.until(said, () -> cluster.jobs().underWay());
      cluster.jobs().awaitCheckpoint(said);
      Thread.sleep(2 * SHORT.toMillis());
      send("rows", lines, 0);
      Followed.until(said, output, expected);

      // Every window is closed now: a row of the first comes too late.
      String early = lines.stream().filter(line -> time(line, "at") > 0).findFirst().orElseThrow();
      ObjectNode late = (ObjectNode) JSON.readTree(early);
      late.put("id", "too-late");
      send("rows", List.of(JSON.writeValueAsString(late)), 0);
      Servers.until(
          said, () -> Followed.letters(output.resolve("late")).size() == 2); // each model's
      assertThat(Followed.letters(output.resolve("late")).values()).containsOnly("late");
      assertThat(Followed.letters(output.resolve("dead-letters")))
          .hasSize(Followed.lines(batch.resolve("dead-letters")));
      assertThat(Followed.tables(output)).isEqualTo(expected);
    } finally {
      end(monitor);
    }
  }

  /**
   * Partitions are added while it is followed and held by a savepoint; a command that goes on says
   * anew how long a pause is; and a topic that is made anew ends the job for good.
   */
  @Test
  void partitionsAreAddedAndATopicIsMadeAnew() throws Exception {
    Log log = Log.of(folder.resolve("grown"), SPEC, 4000);
    Path batch = folder.resolve("grown-batch");
    Cli.Result ofFiles = log.monitor(log.events(), batch);
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    List<String> lines = outOfOrder(log.events(), "at");
    int half = lines.size() / 2;
    Servers.topic(broker, "grown", 1);
    send("grown", lines.subList(0, half), 0, 1);
    Path output = folder.resolve("grown-followed");
    Path said = folder.resolve("grown.log");
    String events = "--events=kafka://" + broker + "/grown?idle=";
    String spec = log.spec.toString();
    Process monitor = follow(spec, log.baseline, output, said, events + LONG, "--parallelism=1");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      Servers.until(said, () -> Followed.tables(output).size() > 3);
      grow("grown", PARTITIONS);
      List<String> rest = lines.subList(half, lines.size());
      send("grown", rest, rest.stream().map(each -> 1 + (each.hashCode() & 1)).toList());
      Path tasks = cluster.log("taskmanager");
      Servers.until(said, () -> Servers.text(tasks).contains("/grown-2: a new partition"));
      cluster.jobs().awaitCheckpoint(said);
      String savepoint = cluster.jobs().stopWithSavepoint(said);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isZero();
      monitor =
          follow(
              spec,
              log.baseline,
              output,
              said,
              events + SHORT,
              "--parallelism=1",
              "--savepointPath=" + savepoint);
      Followed.until(said, output, expected);
      assertThat(output.resolve("late")).doesNotExist();

      admin.deleteTopics(List.of("grown")).all().get();
      Thread.sleep(1000);
      Servers.topic(broker, "grown", PARTITIONS);
      send("grown", lines, 0);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isEqualTo(2);
      assertThat(Servers.text(said))
          .contains("/grown-0: the topic was deleted and made anew; what the one before held from")
          .contains("add lost=skip to the URI of --events")
          .doesNotContain("\tat ");
      assertThat(cluster.jobs().running()).isEmpty();
    } finally {
      end(monitor);
    }
  }

  /** A spec of a model whose rows say so, and its baseline. */
  private static void model(String name, Log log, Path specs, Path baselines) throws Exception {
    String own =
        SPEC.replace("model: loans", "model: " + name)
            .replace("  time: at", "  time: at\n  where: {of: " + name + "}");
    Path spec = Files.writeString(Files.createDirectories(specs).resolve(name + ".yaml"), own);
    String alone = own.replace("  where: {of: " + name + "}\n", "");
    Cli.Result built =
        Cli.run(
            "baseline",
            "--spec=" + Files.writeString(specs.resolve(name + ".alone"), alone),
            "--events=" + log.folder.resolve("log/reference"),
            "--output=" + Files.createDirectories(baselines).resolve(name + ".avro"));
    assertThat(built.code()).as(built.err()).isZero();
    assertThat(spec).exists();
  }

  /** Without what is written of a model. */
  private static Map<String, String> without(String model, Map<String, String> tables) {
    tables.keySet().removeIf(key -> key.contains("model=" + model) || key.contains("/" + model));
    return tables;
  }

  /** Of three models on a topic one leaves and one joins while the job stands at a savepoint. */
  @Test
  void modelsLeaveAndJoin() throws Exception {
    Log log = Log.of(folder.resolve("fleet"), SPEC, 4000);
    Path before = folder.resolve("fleet-before");
    Path after = folder.resolve("fleet-after");
    Path baselines = folder.resolve("fleet-baselines");
    model("stays", log, before, baselines);
    model("leaves", log, before, baselines);
    model("stays", log, after, baselines);
    model("joins", log, after, baselines);
    List<String> lines = new ArrayList<>();
    List<String> all = outOfOrder(log.events(), "at");
    for (int i = 0; i < all.size(); i++) {
      if (time(all.get(i), "at") > 0) {
        List<String> models = List.of("stays", i < all.size() / 2 ? "leaves" : "joins", "nobody");
        String of = "{\"of\": \"" + models.get(i % 3) + "\", ";
        lines.add(of + all.get(i).strip().substring(1));
      }
    }
    Path own = folder.resolve("fleet.jsonl");
    Files.write(own, lines);
    Path batch = folder.resolve("fleet-batch");
    Cli.Result ofFiles =
        Cli.run(
            "monitor",
            "--spec=" + after + "/*.yaml",
            "--events=" + own,
            "--baseline=" + baselines,
            "--output=" + batch);
    assertThat(ofFiles.code()).as(ofFiles.err()).isZero();
    Map<String, String> expected = Followed.tables(batch);
    assertThat(expected.keySet()).anyMatch(key -> key.contains("joins"));

    Servers.topic(broker, "fleet", PARTITIONS);
    Path output = folder.resolve("fleet-followed");
    Path said = folder.resolve("fleet.log");
    String events = "--events=kafka://" + broker + "/fleet?idle=";
    Process monitor =
        follow(before + "/*.yaml", baselines, output, said, events + LONG, "--parallelism=2");
    try {
      int half = lines.size() / 2;
      // Some come while the job is stopped, so that it has bundles in hand.
      send("fleet", lines.subList(0, half / 2), 0);
      Servers.until(said, () -> Followed.tables(output).size() > 3);
      CompletableFuture<Void> rest =
          CompletableFuture.runAsync(
              () -> {
                for (int from = half / 2; from < half; from += 20) {
                  try {
                    send("fleet", lines.subList(from, Math.min(half, from + 20)), from);
                    Thread.sleep(20);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }
              });
      String savepoint = cluster.jobs().stopWithSavepoint(said);
      assertThat(monitor.waitFor()).as(Servers.text(said)).isZero();
      rest.get();
      send("fleet", lines.subList(half, lines.size()), half);
      monitor =
          follow(
              after + "/*.yaml",
              baselines,
              output,
              said,
              events + SHORT,
              "--parallelism=2",
              "--savepointPath=" + savepoint);
      Servers.until(said, () -> without("leaves", Followed.tables(output)).equals(expected));
      assertThat(output.resolve("late")).doesNotExist();
    } finally {
      end(monitor);
    }
  }
}
