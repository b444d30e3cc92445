package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.store.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Topics followed by a job whose servers fail one after the other while rows and labels come, and
 * all that it leaves held against what runs over the same rows write. Run by {@code
 * scripts/fault-run}; a line a check, exit 1 where one fails. Rows, and where in the log which
 * server fails, are the same in each run.
 *
 * <p>Arguments: a folder for logs, servers and outputs, whose content goes; rows, 60,000 by
 * default.
 */
public final class FaultRun {
  private static final int SLICES = 24;
  private static final Duration PACE = Duration.ofSeconds(8);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int PARTITIONS = 4;

  /** With joined labels, ids, detectors, longer windows and alarms that look back. */
  private static final String JOINED =
      Following.SPEC
              .replace("  label: truth\n", "")
              .replace("allowed_lateness: PT3H,", "allowed_lateness: PT3H, horizons: [P1D],")
          + """
          labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}
          performance: {update: PT1S, detectors: [adwin]}
          drift: {persistence: {windows: 2, of: 3}}
          """;

  private final Path folder;
  private final Path output;
  private final Path said;
  private final int rows;
  private final long begun = System.nanoTime();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicReference<Exception> feeding = new AtomicReference<>();
  private boolean failed;
  private Following following;
  private Process monitor;

  private FaultRun(Path folder, int rows) {
    this.folder = folder;
    this.output = folder.resolve("followed");
    this.said = folder.resolve("monitor.log");
    this.rows = rows;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "target/fault-run");
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60_000;
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.createDirectories(folder);
    FaultRun run = new FaultRun(folder.toRealPath(), rows);
    Runtime.getRuntime().addShutdownHook(new Thread(run::stopServers));
    try {
      run.run();
    } catch (Exception | AssertionError e) {
      run.check("the run went to its end", List.of(e.toString()));
      e.printStackTrace(System.err);
    }
    run.say(run.failed ? "FAILED; see " + run.folder : "all checks passed");
    System.exit(run.failed ? 1 : 0);
  }

  private void say(String text) {
    System.out.printf("%4d s  %s%n", (System.nanoTime() - begun) / 1_000_000_000L, text);
  }

  /**
   * @param wrong what is not as it should be; none: the check passes
   */
  private void check(String what, List<String> wrong) {
    failed |= !wrong.isEmpty();
    say((wrong.isEmpty() ? "ok    " : "FAIL  ") + what);
    wrong.stream().limit(10).forEach(each -> System.out.println("            " + each));
    if (wrong.size() > 10) {
      System.out.println("            and " + (wrong.size() - 10) + " more");
    }
  }

  private static String idle(Duration idle) {
    return "?idle=" + idle;
  }

  private void run() throws Exception {
    Log log = Log.of(folder.resolve("log"), JOINED, rows, "--windows=16", "--seed=7");
    Path key = Files.writeString(folder.resolve("mask.key"), "a key of columns");
    List<String> job =
        List.of("monitor", "--spec=" + log.spec, "--baseline=" + log.baseline, "--mask-key=" + key);
    Path files = folder.resolve("batch-of-files");
    ran(with(job, "--events=" + log.events(), "--labels=" + log.labels(), "--output=" + files));
    List<Following.Line> events = Following.arriving(log.events(), "at");
    List<Following.Line> labels = Following.arriving(log.labels(), "known");
    say(events.size() + " lines of events, " + labels.size() + " of labels");

    String broker =
        Servers.broker(folder.resolve("kafka"), Map.of("TIDEMARK_KAFKA_PORT", Servers.port() + ""));
    Servers.topic(broker, "rows", PARTITIONS);
    Servers.topic(broker, "labels", PARTITIONS - 1);
    Servers.topic(broker, "alerts", 1);
    following = Following.on(broker, cluster());
    String topics = "kafka://" + broker + "/";
    start(log, topics, Following.LONG, 2);
    Servers.until(said, following.jobs()::underWay);
    say("the job runs, with parallelism 2 on two TaskManagers");

    Thread feeder = new Thread(() -> feed(events, labels));
    feeder.setDaemon(true);
    feeder.start();
    faults(feeder, log, topics);

    Path topicRun = folder.resolve("batch-of-topics");
    ran(
        with(
            job,
            "--events=" + topics + "rows?until=latest",
            "--labels=" + topics + "labels?until=latest",
            "--output=" + topicRun));
    hold(topicRun, files, broker);
    following.end(monitor);
  }

  private static String[] with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private static void ran(String... command) {
    Cli.Result result = Cli.run(command);
    if (result.code() != 0) {
      throw new IllegalStateException(String.join(" ", command) + "\n" + result.err());
    }
  }

  private Servers.Cluster cluster() throws Exception {
    Path place = folder.resolve("flink");
    int metrics = Servers.port();
    Map<String, String> environment =
        Map.of(
            "TIDEMARK_FLINK_PORT",
            Servers.port() + "",
            "TIDEMARK_FLINK_METRICS_PORT",
            metrics + "",
            "TIDEMARK_FLINK_TASKMANAGERS",
            "2",
            "TIDEMARK_FLINK_SLOTS",
            "1",
            "TIDEMARK_FLINK_JAR",
            Path.of("target/tidemark.jar").toAbsolutePath() + "");
    String address = Servers.script(environment, "flink-cluster", "start", place.toString());
    return new Servers.Cluster(
        place, address, metrics, List.of("--filesToStage=" + Servers.nothing(folder)));
  }

  private void stopServers() {
    try {
      if (monitor != null) {
        monitor.destroy();
      }
      Servers.script(Map.of(), "flink-cluster", "stop", folder.resolve("flink").toString());
      Servers.stopBroker(folder.resolve("kafka"));
    } catch (Exception | AssertionError e) {
      System.err.println("not stopped: " + e);
    }
  }

  private void start(Log log, String topics, Duration idle, int parallelism, String... more)
      throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--events=" + topics + "rows" + idle(idle),
                "--labels=" + topics + "labels" + idle(idle),
                "--alerts=" + topics + "alerts",
                "--mask-key=" + folder.resolve("mask.key"),
                "--parallelism=" + parallelism));
    options.addAll(List.of(more));
    monitor =
        following.followApart(
            log.spec + "", log.baseline, output, said, options.toArray(new String[0]));
  }

  /** Sends what comes in equal times, one after the other, whatever happens to who reads it. */
  private void feed(List<Following.Line> events, List<Following.Line> labels) {
    long first = events.stream().mapToLong(Following.Line::at).filter(at -> at > 0).min().orElse(0);
    long last =
        Stream.concat(events.stream(), labels.stream())
            .mapToLong(Following.Line::at)
            .max()
            .orElseThrow();
    int event = 0;
    int label = 0;
    try {
      for (int slice = 1; slice <= SLICES; slice++) {
        long next = System.nanoTime() + PACE.toNanos();
        long until = slice == SLICES ? last : first + (last - first) * slice / SLICES;
        event = send("rows", events, event, until, PARTITIONS);
        label = send("labels", labels, label, until, PARTITIONS - 1);
        sent.set(slice);
        Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
      }
    } catch (Exception e) {
      feeding.set(e);
    }
  }

  private int send(String topic, List<Following.Line> lines, int from, long until, int partitions)
      throws Exception {
    int to = from;
    while (to < lines.size() && lines.get(to).at() <= until) {
      to++;
    }
    List<String> slice = lines.subList(from, to).stream().map(Following.Line::text).toList();
    following.send(topic, slice, from, partitions);
    return to;
  }

  private void awaitSlice(int slice) throws Exception {
    while (sent.get() < slice) {
      if (feeding.get() != null) {
        throw feeding.get();
      }
      if (!monitor.isAlive()) {
        throw new IllegalStateException("the monitor ended: " + Servers.text(said));
      }
      Thread.sleep(100);
    }
  }

  private void faults(Thread feeder, Log log, String topics) throws Exception {
    awaitSlice(3);
    following.jobs().awaitCheckpoint(said);
    say("kill a TaskManager");
    following.kill("taskmanager");
    following.startTaskManagers();

    awaitSlice(7);
    Servers.until(said, following.jobs()::underWay);
    say("kill the broker and start it again");
    Following.kill(folder.resolve("kafka/broker.pid"));
    Servers.broker(folder.resolve("kafka"), Map.of());

    awaitSlice(10);
    Servers.until(said, following.jobs()::underWay);
    say("kill the other TaskManager");
    following.kill("taskmanager-2");
    following.startTaskManagers();
    Servers.until(said, following.jobs()::underWay);
    say("kill the first again as soon as the job runs");
    following.kill("taskmanager");
    following.startTaskManagers();

    awaitSlice(15);
    Servers.until(said, following.jobs()::underWay);
    int restarts = following.jobs().restarts();
    check(
        "the job was restarted " + restarts + " times",
        restarts >= 3 ? List.of() : List.of("fewer than TaskManagers were killed"));
    following.jobs().awaitCheckpoint(said);
    say("kill the JobManager, and go on from the last checkpoint");
    following.kill("jobmanager");
    following.startJobManager();
    monitor.destroy();
    monitor.waitFor();
    start(log, topics, Following.LONG, 2, "--savepointPath=" + lastCheckpoint().toUri());
    Servers.until(said, () -> !monitor.isAlive() || following.jobs().underWay());

    awaitSlice(20);
    say("stop with a savepoint, and go on with parallelism 1");
    String savepoint = following.jobs().stopWithSavepoint(said);
    check(
        "the command ends well when its job is stopped",
        monitor.waitFor() == 0 ? List.of() : List.of(Servers.text(said)));
    feeder.join();
    if (feeding.get() != null) {
      throw feeding.get();
    }
    start(log, topics, Following.SHORT, 1, "--savepointPath=" + savepoint);
    say("all rows and labels are sent");
  }

  private Path lastCheckpoint() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("flink/checkpoints"))) {
      return files
          .filter(file -> file.getFileName().toString().equals("_metadata"))
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .orElseThrow()
          .getParent();
    }
  }

  /** Waits until nothing is to come, and compares. */
  private void hold(Path topics, Path files, String broker) throws Exception {
    TreeMap<String, String> expected = tree(topics);
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean done = false;
    while (!done && System.nanoTime() < end && monitor.isAlive()) {
      Thread.sleep(1000);
      done = tree(output).equals(expected) && waiting().isEmpty();
    }
    check("the job runs", monitor.isAlive() ? List.of() : List.of(Servers.text(said)));
    check("nothing waits", waiting());
    check("tables and snapshots of " + expected.size() + " files", differ(expected, tree(output)));
    check("the same of a run over files", differ(tree(files), tree(output)));
    for (String table : List.of("dead-letters", "late")) {
      List<String> letters = lines(topics.resolve(table));
      check(letters.size() + " lines of " + table, differ(letters, lines(output.resolve(table))));
    }
    List<String> unjoined = unjoined(topics);
    check(unjoined.size() + " lines of unjoined-labels", differ(unjoined, unjoined(output)));
    accounts(topics);
    alerts(broker);
    check("nothing else is there", others());
  }

  /** What waits for event time, by the job's record. */
  private List<String> waiting() throws Exception {
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

  /** Contents by folder and stage: a job's files have the revision in their names. */
  private static TreeMap<String, String> tree(Path output) throws Exception {
    TreeMap<String, String> tree = new TreeMap<>();
    for (String table :
        List.of(
            "statistics",
            "findings",
            "performance",
            "label-coverage",
            "profiles",
            "candidates",
            "detectors",
            "snapshots")) {
      for (Path file : Cli.files(output.resolve(table))) {
        String name = file.getFileName().toString();
        boolean snapshot = table.equals("snapshots");
        if (snapshot && name.startsWith("manifest-")) {
          continue; // superseded, or the visible one's copy
        }
        String stage = snapshot || name.startsWith(".") ? name : name.replaceFirst("-.*", "");
        try {
          tree.merge(
              output.relativize(file.getParent()) + "/" + stage,
              ContentHash.of(Files.readAllBytes(file)),
              (one, other) -> "several files");
        } catch (java.nio.file.NoSuchFileException e) {
          tree.put(output.relativize(file) + "", "replaced meanwhile");
        }
      }
    }
    return tree;
  }

  private static List<String> differ(Map<String, String> expected, Map<String, String> actual) {
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

  /** All lines below a folder, in order, whatever files they are in. */
  private static List<String> lines(Path folder) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Path file : Cli.files(folder)) {
      lines.addAll(Files.readAllLines(file));
    }
    lines.sort(null);
    return lines;
  }

  /** A stream does not know the predictions of labels that are far too late any more. */
  private static List<String> unjoined(Path output) throws Exception {
    List<String> lines =
        new ArrayList<>(
            lines(output.resolve("unjoined-labels")).stream()
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

  private static List<String> differ(List<String> expected, List<String> actual) {
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
  private void accounts(Path batch) throws Exception {
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
    check("accounts", differ(expected, actual));
  }

  /** Every alarm that stands was sent, and what was sent is noted. */
  private void alerts(String broker) throws Exception {
    Map<String, Integer> taken = new HashMap<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition("alerts", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofSeconds(1))) {
          taken.merge(each.key(), 1, Integer::sum);
        }
      }
    }
    long told = Followed.record(output, "loans").path("alerts").path("sent").asLong(-1);
    Set<String> noted = new TreeSet<>();
    for (Path file : Cli.files(output.resolve("alerts"))) {
      noted.add(file.getFileName().toString().replace(".json", ""));
    }
    Set<String> alarms = new TreeSet<>();
    for (JsonNode finding : Cli.findings(output)) {
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
    long twice = taken.values().stream().filter(times -> times > 1).count();
    check(
        taken.size() + " alerts for " + alarms.size() + " alarms (" + twice + " sent twice)",
        wrong);
  }

  /** Files that no table is known by. */
  private List<String> others() throws Exception {
    Set<String> known =
        Set.of(
            "statistics",
            "findings",
            "performance",
            "label-coverage",
            "profiles",
            "candidates",
            "snapshots",
            "detectors",
            "dead-letters",
            "late",
            "unjoined-labels",
            "alerts",
            "jobs",
            "runs");
    List<String> others = new ArrayList<>();
    for (Path file : Cli.files(output)) {
      Path path = output.relativize(file);
      if (path.toString().equals(".lock")) {
        continue; // of the command that waits for the job
      }
      String name = file.getFileName().toString();
      if (!known.contains(path.getName(0).toString()) || name.startsWith(".")) {
        others.add(path.toString());
      }
    }
    return others;
  }
}
