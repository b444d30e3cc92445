package io.tidemark.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

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
  private static final ObjectMapper JSON = new ObjectMapper();
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
          labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D, trusted: [review],
                   trusted_horizon: P2D}
          performance: {update: PT1S, detectors: [adwin]}
          drift: {persistence: {windows: 2, of: 3}}
          """;

  private final Path folder;
  private final Path output;
  private final LeftByJob left;
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
    this.left = new LeftByJob(output);
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
    correct(log, 500);
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
    hold(topicRun, files);
    following.end(monitor);
  }

  /** Labels that a trusted source corrects: they come hours after the first, within the horizon. */
  private void correct(Log log, int labels) throws IOException {
    List<String> corrections = new ArrayList<>();
    for (Path file : Cli.files(log.labels())) {
      for (String line : Files.readAllLines(file)) {
        JsonNode label = json(line);
        boolean usable = label.path("by").asText().equals("simulated");
        if (usable
            && label.get("id").asText().hashCode() % 97 == 0
            && corrections.size() < labels) {
          Instant known = Instant.parse(label.get("known").asText()).plus(Duration.ofHours(3));
          corrections.add(
              "{\"id\": \"%s\", \"is\": \"%s\", \"known\": \"%s\", \"by\": \"review\"}"
                  .formatted(
                      label.get("id").asText(),
                      label.get("is").asText().equals("1") ? 0 : 1,
                      known));
        }
      }
    }
    Files.write(log.labels().resolve("corrections.jsonl"), corrections);
    say(corrections.size() + " labels are corrected by a trusted source");
  }

  /** Nothing of a line that is broken. */
  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
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

  /** Kills one and starts another, and waits until the cluster has noticed. */
  private void killTaskManager(String name) throws Exception {
    int before = following.jobs().restarts();
    following.kill(name);
    following.startTaskManagers();
    Servers.until(said, () -> following.jobs().restarts() > before);
  }

  private void faults(Thread feeder, Log log, String topics) throws Exception {
    awaitSlice(3);
    following.jobs().awaitCheckpoint(said);
    say("kill a TaskManager");
    killTaskManager("taskmanager");

    awaitSlice(7);
    Servers.until(said, following.jobs()::underWay);
    say("kill the broker and start it again");
    Following.kill(folder.resolve("kafka/broker.pid"));
    Servers.broker(folder.resolve("kafka"), Map.of());

    awaitSlice(10);
    Servers.until(said, following.jobs()::underWay);
    say("kill the other TaskManager");
    killTaskManager("taskmanager-2");
    Servers.until(said, following.jobs()::underWay);
    say("kill the first again as soon as the job runs");
    killTaskManager("taskmanager");

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
    return Cli.files(folder.resolve("flink/checkpoints")).stream()
        .filter(file -> file.getFileName().toString().equals("_metadata"))
        .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
        .orElseThrow()
        .getParent();
  }

  /** Waits until nothing is to come, and compares. */
  private void hold(Path topics, Path files) throws Exception {
    Map<String, String> expected = LeftByJob.tables(topics);
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean done = false;
    while (!done && System.nanoTime() < end && monitor.isAlive()) {
      Thread.sleep(1000);
      done = LeftByJob.tables(output).equals(expected) && left.waiting().isEmpty();
    }
    check("the job runs", monitor.isAlive() ? List.of() : List.of(Servers.text(said)));
    check("nothing waits", left.waiting());
    Map<String, String> tables = LeftByJob.tables(output);
    check(
        "tables and snapshots of " + expected.size() + " files",
        LeftByJob.differ(expected, tables));
    check("the same of a run over files", LeftByJob.differ(LeftByJob.tables(files), tables));
    for (String table : List.of("dead-letters", "late")) {
      List<String> letters = Followed.lines(topics.resolve(table));
      check(
          letters.size() + " lines of " + table,
          LeftByJob.differ(letters, Followed.lines(output.resolve(table))));
    }
    List<String> unjoined = LeftByJob.unjoined(topics);
    check(
        unjoined.size() + " lines of unjoined-labels",
        LeftByJob.differ(unjoined, LeftByJob.unjoined(output)));
    check("accounts", left.accounts(topics));
    Map<String, Integer> taken = alerts();
    // They are counted when a checkpoint holds that they were sent.
    while (!left.alerts(taken).isEmpty() && System.nanoTime() < end && monitor.isAlive()) {
      Thread.sleep(1000);
      taken = alerts();
    }
    long twice = taken.values().stream().filter(times -> times > 1).count();
    check(taken.size() + " alerts (" + twice + " sent twice)", left.alerts(taken));
    check("nothing else is there", left.others());
  }

  /** How often each alert came, by its id. */
  private Map<String, Integer> alerts() {
    Map<String, Integer> taken = new HashMap<>();
    following.keys("alerts").forEach(id -> taken.merge(id, 1, Integer::sum));
    return taken;
  }
}
