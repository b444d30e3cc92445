package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.Main;
import java.io.PrintStream;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What tests that follow topics share: a broker, a cluster that holds the program, lines that come
 * out of order, and the job that reads them.
 */
final class Following {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LATENESS = Duration.ofHours(3);

  /** The log says the truth itself. */
  static final String SPEC =
      Log.SPEC
          .replace("FORMAT", "jsonl")
          .replace("window: {size: PT6H,", "window: {size: PT6H, allowed_lateness: PT3H,");

  /** Enough of a topic that gets what it gets at once, or has got all of it. */
  static final Duration SHORT = Duration.ofSeconds(2);

  /** Of a topic that gets more when something has happened, however long that takes. */
  static final Duration LONG = Duration.ofMinutes(5);

  static final int PARTITIONS = 3;

  /** The jobs of a cluster are those of the class that runs. */
  static final String CLUSTER = "the cluster that holds the program";

  private final String broker;
  private final Servers.Cluster cluster;

  private Following(String broker, Servers.Cluster cluster) {
    this.broker = broker;
    this.cluster = cluster;
  }

  static Following start() throws Exception {
    return on(Servers.broker(), Servers.clusterWithTheProgram());
  }

  static Following on(String broker, Servers.Cluster cluster) {
    return new Following(broker, cluster);
  }

  String broker() {
    return broker;
  }

  FlinkJobs jobs() {
    return cluster.jobs();
  }

  Path log(String process) {
    return cluster.log(process);
  }

  void grow(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
    }
  }

  /**
   * A line of a log.
   *
   * @param at when it comes, milliseconds since the epoch
   */
  record Line(long at, String text) {}

  /** A folder's lines by a time within the allowed lateness after their own. */
  static List<String> outOfOrder(Path source, String column) throws Exception {
    return arriving(source, column).stream().map(Line::text).toList();
  }

  /** The same with these times. */
  static List<Line> arriving(Path source, String column) throws Exception {
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
    return lines;
  }

  /** 0 for lines without a readable time. */
  static long time(String line, String column) {
    try {
      return Instant.parse(JSON.readTree(line).get(column).asText()).toEpochMilli();
    } catch (Exception e) {
      return 0;
    }
  }

  void send(String topic, List<String> lines, int first) throws Exception {
    send(topic, lines, first, PARTITIONS);
  }

  void send(String topic, List<String> lines, int first, int partitions) throws Exception {
    List<Integer> each = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      each.add((first + i) % partitions);
    }
    send(topic, lines, each);
  }

  void send(String topic, List<String> lines, List<Integer> partitions) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      byte[] value = lines.get(i).getBytes(StandardCharsets.UTF_8);
      records.add(new ProducerRecord<>(topic, partitions.get(i), null, value));
    }
    Servers.sendInOneGo(broker, records);
  }

  /** The command of a job on the cluster, and with it the job while that is followed. */
  interface Monitor {
    /** The command's exit code, once it has ended. */
    int waitFor() throws Exception;

    /** Ends the command, whatever becomes of its job. */
    void stop() throws Exception;
  }

  /**
   * Follows topics by a command within this process, where what it loads is compiled already.
   *
   * @param said takes what it writes
   */
  Monitor follow(String specs, Path baseline, Path output, Path said, String... more)
      throws Exception {
    String[] command = command(specs, baseline, output, more).toArray(new String[0]);
    PrintStream written = new PrintStream(said.toFile(), StandardCharsets.UTF_8);
    FutureTask<Integer> run =
        new FutureTask<>(
            () -> {
              try (written) {
                return Main.run(written, written, command);
              }
            });
    Thread thread = new Thread(run, "monitor");
    thread.setDaemon(true);
    thread.start();
    return new Monitor() {
      @Override
      public int waitFor() throws Exception {
        return run.get();
      }

      @Override
      public void stop() throws Exception {
        cluster.jobs().cancelAll(cluster.log("jobmanager"));
        run.get(5, TimeUnit.MINUTES);
      }
    };
  }

  /** The same by the packaged program, in a process of its own. */
  Process followApart(String specs, Path baseline, Path output, Path said, String... more)
      throws Exception {
    return Servers.tidemark(said, Map.of(), command(specs, baseline, output, more));
  }

  /** Keys of all records of a topic of one partition, in their order. */
  List<String> keys(String topic) {
    List<String> keys = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> keys.add(record.key()));
      }
    }
    return keys;
  }

  static Monitor monitor(Process process) {
    return new Monitor() {
      @Override
      public int waitFor() throws Exception {
        return process.waitFor();
      }

      @Override
      public void stop() throws Exception {
        process.destroy();
        process.waitFor();
      }
    };
  }

  private List<String> command(String specs, Path baseline, Path output, String... more) {
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
    return command;
  }

  void end(Process process) throws Exception {
    end(monitor(process));
  }

  void end(Monitor monitor) throws Exception {
    monitor.stop();
    cluster.jobs().cancelAll(cluster.log("jobmanager"));
  }

  void killTaskManager() throws Exception {
    kill("taskmanager");
    startTaskManagers();
  }

  /** Ends a process of the cluster as the system does that has no memory left. */
  void kill(String process) throws Exception {
    kill(cluster.folder().resolve(process + ".pid"));
  }

  static void kill(Path idFile) throws Exception {
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(Files.readString(idFile).strip())).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(30, TimeUnit.SECONDS);
  }

  /** Those that were killed. */
  void startTaskManagers() throws Exception {
    Servers.script(Map.of(), "flink-cluster", "taskmanager", cluster.folder().toString());
  }

  void startJobManager() throws Exception {
    Servers.script(Map.of(), "flink-cluster", "jobmanager", cluster.folder().toString());
  }
}
