package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Runs the scripts that start servers, and the program beside them. One broker and one cluster
 * serve all tests of a process that need them, and end with it: topics have names of their own.
 */
final class Servers {
  /** What runs for seconds gains nothing by more than the first compiler. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

  /** Nor do servers, whose many jobs are more code than it has room for by itself. */
  private static final String SERVER =
      SHORT_LIVED + " -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC";

  /** The jobs of {@link #cluster()} are those of the class that runs. */
  static final String CLUSTER = "the cluster";

  private static String broker;
  private static Cluster cluster;
  private static Cluster withTheProgram;

  private Servers() {}

  /**
   * A cluster of two processes.
   *
   * @param folder of its logs, process ids and checkpoints
   * @param address for {@code --flinkMaster}
   * @param metricsPort of the JobManager; the next is the TaskManager's
   * @param options that its jobs need besides
   */
  record Cluster(Path folder, String address, int metricsPort, List<String> options) {
    FlinkJobs jobs() {
      return new FlinkJobs(address);
    }

    Path log(String process) {
      return folder.resolve(process + ".log");
    }
  }

  /** What a script says on its standard output; it must end well. */
  static String script(Map<String, String> environment, String name, String... arguments)
      throws Exception {
    ProcessBuilder builder = builder(name, List.of(arguments));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as(name + " " + String.join(" ", arguments) + "\n" + said)
        .isZero();
    return said.strip();
  }

  private static ProcessBuilder builder(String name, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Path.of("scripts", name).toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(each -> each.startsWith("TIDEMARK_"));
    builder.environment().put("JDK_JAVA_OPTIONS", name.equals("tidemark") ? SHORT_LIVED : SERVER);
    return builder;
  }

  /**
   * The packaged program in a process of its own.
   *
   * @param said takes what it writes
   */
  static Process tidemark(Path said, Map<String, String> environment, List<String> arguments)
      throws IOException {
    ProcessBuilder builder = builder("tidemark", arguments);
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
  }

  /** The address of the broker that all share. */
  static synchronized String broker() throws Exception {
    if (broker == null) {
      Path folder = Files.createTempDirectory("tidemark-kafka");
      atTheEnd(() -> stopBroker(folder), folder);
      broker = broker(folder, Map.of("TIDEMARK_KAFKA_PORT", Integer.toString(port())));
    }
    return broker;
  }

  /** The cluster that all share; its jobs are those of the test that runs. */
  static synchronized Cluster cluster() throws Exception {
    if (cluster == null) {
      cluster = cluster(Map.of(), List.of());
    }
    return cluster;
  }

  /**
   * A cluster for many jobs, which holds the program itself: elsewhere each brings it along, and
   * its classes are loaded anew.
   */
  static synchronized Cluster clusterWithTheProgram() throws Exception {
    if (withTheProgram != null) {
      return withTheProgram;
    }
    Path nothing = nothing(Files.createTempDirectory("tidemark-nothing"));
    nothing.getParent().toFile().deleteOnExit();
    nothing.toFile().deleteOnExit();
    Path jar = Path.of("target/tidemark.jar").toAbsolutePath();
    withTheProgram =
        cluster(Map.of("TIDEMARK_FLINK_JAR", jar.toString()), List.of("--filesToStage=" + nothing));
    return withTheProgram;
  }

  /** A jar without classes, for jobs whose cluster holds the program. */
  static Path nothing(Path folder) throws IOException {
    Path nothing = folder.resolve("nothing.jar");
    new JarOutputStream(Files.newOutputStream(nothing), new Manifest()).close();
    return nothing;
  }

  private static Cluster cluster(Map<String, String> more, List<String> options) throws Exception {
    Path folder = Files.createTempDirectory("tidemark-flink");
    int metricsPort = port();
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TIDEMARK_FLINK_PORT", Integer.toString(port()));
    environment.put("TIDEMARK_FLINK_METRICS_PORT", Integer.toString(metricsPort));
    atTheEnd(() -> script(Map.of(), "flink-cluster", "stop", folder.toString()), folder);
    String address = script(environment, "flink-cluster", "start", folder.toString());
    return new Cluster(folder, address, metricsPort, options);
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void atTheEnd(Step stop, Path folder) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    stop.run();
                    delete(folder);
                  } catch (Exception e) {
                    System.err.println("not stopped and cleared away: " + folder + ": " + e);
                  }
                }));
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }

  /** Starts a broker with what it holds in a folder; its address. */
  static String broker(Path folder, Map<String, String> environment) throws Exception {
    return script(environment, "kafka", "start", folder.toString());
  }

  static void stopBroker(Path folder) throws Exception {
    script(Map.of(), "kafka", "stop", folder.toString());
  }

  /** Makes a topic on a broker that asks for no login. */
  static void topic(String broker, String name, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /**
   * Sends records to a broker that asks for no login, a request after the other: where several are
   * on their way to a topic that was just made, and the first comes before its partition has a
   * leader, the broker takes the numbers of the others for out of order, for ever.
   */
  static void send(String broker, List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    send(
        Map.of(
            "bootstrap.servers",
            broker,
            "enable.idempotence",
            false,
            "max.in.flight.requests.per.connection",
            1),
        records);
  }

  /** In one request: a topic that has any of them has all of them, however slow the machine. */
  static void sendInOneGo(String broker, List<ProducerRecord<byte[], byte[]>> records)
      throws Exception {
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            broker,
            "linger.ms",
            60_000,
            "batch.size",
            8 << 20,
            "max.request.size",
            32 << 20,
            "buffer.memory",
            64 << 20,
            "compression.type",
            "gzip");
    send(properties, records);
  }

  private static void send(
      Map<String, Object> properties, List<ProducerRecord<byte[], byte[]>> records)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (ProducerRecord<byte[], byte[]> each : records) {
        sent.add(producer.send(each));
      }
      producer.flush();
      for (Future<RecordMetadata> each : sent) {
        each.get(); // or it has failed
      }
    }
  }

  /** A port that is free, as the next is. */
  static int port() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket next =
              new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
        return next.getLocalPort() - 1;
      } catch (IOException | IllegalArgumentException e) {
        // the next port is taken
      }
    }
  }

  /**
   * Waits for something, ten minutes at most.
   *
   * @param log shown where it does not come
   */
  static void until(Path log, Callable<Boolean> done) throws Exception {
    until(log, Duration.ofMillis(250), done);
  }

  /**
   * The same of what is dear to look at.
   *
   * @param every pause between two looks
   */
  static void until(Path log, Duration every, Callable<Boolean> done) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (!done.call()) {
      assertThat(System.nanoTime()).as(() -> text(log)).isLessThan(end);
      Thread.sleep(every.toMillis());
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
