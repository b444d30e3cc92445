package io.tidemark.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic followed against the clock: {@code monitor} on Flink with checkpoints every 10 s, and as
 * many bare consumers as there are cores that only parse the same values into trees, in turn. Run
 * by {@code scripts/bench stream}; the last line is the ratio of events a second.
 *
 * <p>Arguments: {@code rows}, 2 million by default; {@code folder} for log and broker, which are
 * kept for the next time.
 *
 * <p>Tidemark's time is that from the job's submission to the last but one window's files: with the
 * start of the job and its warming up, because rows are read well before the first window is out;
 * without the start of the JVM and the wait for more at the topic's end.
 */
public final class StreamBench {
  private static final int PARTITIONS = 4;
  private static final int VALUE_BYTES = 600;
  private static final int WINDOWS = 40;
  private static final int PAIRS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final long rows;
  private final int threads = Math.min(2, Runtime.getRuntime().availableProcessors());

  private StreamBench(Path folder, long rows) {
    this.folder = folder;
    this.rows = rows;
  }

  public static void main(String[] arguments) throws Exception {
    long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 2_000_000;
    Path folder = Path.of(arguments.length > 1 ? arguments[1] : "target/bench/stream");
    Files.createDirectories(folder);
    new StreamBench(folder.toAbsolutePath(), rows).run();
  }

  private void run() throws Exception {
    Path specs = spec(true);
    Path baseline = folder.resolve("baseline.avro");
    Path log = folder.resolve("log-" + rows);
    if (!Files.exists(log.resolve("truth.json"))) {
      tidemark(
          "simulate",
          "--spec=" + specs,
          "--output=" + log,
          "--rows=" + rows,
          "--windows=" + WINDOWS,
          "--clean");
    }
    tidemark(
        "baseline",
        "--spec=" + specs,
        "--events=" + log.resolve("reference"),
        "--output=" + baseline);
    Path kafka = folder.resolve("kafka");
    script(List.of("scripts/kafka", "stop", kafka.toString()));
    String broker = script(List.of("scripts/kafka", "start", kafka.toString()));
    try {
      String topic = "bench-" + rows;
      if (!Files.exists(folder.resolve("sent-" + rows))) {
        script(
            List.of(
                "scripts/kafka", "topic", topic, Integer.toString(PARTITIONS), kafka.toString()));
        send(broker, topic, log.resolve("events"));
        Files.createFile(folder.resolve("sent-" + rows));
      }
      bare(broker, topic); // what the first pair reads is in the page cache as for the others
      double last = 0;
      for (boolean ids : new boolean[] {true, false}) {
        last = pairs(broker, topic, spec(ids), baseline, ids);
      }
      System.out.printf(Locale.ROOT, "%nratio: %.2f%n", last);
    } finally {
      script(List.of("scripts/kafka", "stop", kafka.toString()));
    }
  }

  private double pairs(String broker, String topic, Path spec, Path baseline, boolean ids)
      throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%n%,d events of %d bytes, 20 features, %d partitions, %d threads%s%n",
        rows,
        VALUE_BYTES,
        PARTITIONS,
        threads,
        ids ? ", ids and duplicate removal" : ", no ids");
    System.out.println("| pair | bare consumers, events/s | monitor on Flink [local], events/s |");
    System.out.println("|---|---|---|");
    double[] ratios = new double[PAIRS];
    for (int pair = 0; pair < PAIRS; pair++) {
      double bare = bare(broker, topic);
      double ours = follow(broker, topic, spec, baseline);
      System.out.printf(Locale.ROOT, "| %d | %,.0f | %,.0f |%n", pair + 1, bare, ours);
      ratios[pair] = ours / bare;
    }
    Arrays.sort(ratios);
    System.out.printf(Locale.ROOT, "median of the ratios: %.2f%n", ratios[PAIRS / 2]);
    return ratios[PAIRS / 2];
  }

  private Path spec(boolean ids) throws IOException {
    StringBuilder text =
        new StringBuilder("model: bench\ntask: binary\nevents:\n  format: jsonl\n");
    text.append(ids ? "  id: prediction_id\n" : "");
    text.append("  time: timestamp\n  prediction: {score: score, positive: \"1\"}\nfeatures:\n");
    for (int i = 0; i < 15; i++) {
      text.append("  numeric_").append(i).append(": numeric\n");
    }
    for (int i = 0; i < 5; i++) {
      text.append("  category_").append(i).append(": categorical\n");
    }
    text.append("window: {size: PT1H, origin: 2024-01-01T00:00:00Z}\nsnapshot: off\n");
    return Files.writeString(folder.resolve(ids ? "ids.yaml" : "plain.yaml"), text);
  }

  private static void send(String broker, String topic, Path events) throws IOException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    properties.put("linger.ms", "20");
    properties.put("batch.size", "262144");
    // The topic is fresh: what overtakes a refused record would have it refused for ever.
    properties.put("max.in.flight.requests.per.connection", "1");
    List<Path> files;
    try (Stream<Path> found = Files.walk(events)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    int next = 0;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Path file : files) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            byte[] value = padded(line).getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, next++ % PARTITIONS, null, value));
          }
        }
      }
    }
  }

  /** With a field that no spec declares, such as logs have. */
  private static String padded(String line) {
    int more = VALUE_BYTES - line.length() - ",\"request\":\"\"".length();
    return more <= 0
        ? line
        : line.substring(0, line.length() - 1) + ",\"request\":\"" + "r".repeat(more) + "\"}";
  }

  /** Events a second of consumers that only parse. */
  private double bare(String broker, String topic) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<Long>> read = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = i;
        read.add(pool.submit(() -> parse(broker, topic, first)));
      }
      long all = 0;
      for (Future<Long> each : read) {
        all += each.get();
      }
      return all / ((System.nanoTime() - start) / 1e9);
    } finally {
      pool.shutdown();
    }
  }

  private long parse(String broker, String topic, int first) throws IOException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    long parsed = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> own = new ArrayList<>();
      for (int partition = first; partition < PARTITIONS; partition += threads) {
        own.add(new TopicPartition(topic, partition));
      }
      consumer.assign(own);
      consumer.seekToBeginning(own);
      long wanted = 0;
      for (long end : consumer.endOffsets(own).values()) {
        wanted += end;
      }
      while (parsed < wanted) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (JSON.readTree(record.value()).size() > 0) {
            parsed++;
          }
        }
      }
    }
    return parsed;
  }

  /** Events a second from the job's submission to the last but one window's files. */
  private double follow(String broker, String topic, Path spec, Path baseline) throws Exception {
    Path output = folder.resolve("out-" + System.nanoTime());
    List<String> command =
        command(
            "monitor",
            "--spec=" + spec,
            "--events=kafka://" + broker + "/" + topic,
            "--baseline=" + baseline,
            "--output=" + output,
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--parallelism=" + threads,
            "--checkpointingInterval=10000");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("monitor.log").toFile())
            .start();
    try {
      long submitted = submitted(process);
      while (true) {
        TreeMap<String, Long> written = written(output.resolve("findings"));
        if (written.size() >= WINDOWS - 1) {
          long last = new ArrayList<>(written.values()).get(WINDOWS - 2);
          return (double) rows / WINDOWS * (WINDOWS - 1) / ((last - submitted) / 1e3);
        }
        if (!process.isAlive()) {
          throw new IOException("monitor ended; see " + folder.resolve("monitor.log"));
        }
        Thread.sleep(200);
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** When the program says that it follows, milliseconds. */
  private long submitted(Process process) throws Exception {
    Path log = folder.resolve("monitor.log");
    while (process.isAlive() && !Files.readString(log).contains("following ")) {
      Thread.sleep(20);
    }
    return System.currentTimeMillis();
  }

  /** When each window's file was written, milliseconds. */
  private static TreeMap<String, Long> written(Path table) throws IOException {
    TreeMap<String, Long> written = new TreeMap<>();
    if (!Files.exists(table)) {
      return written;
    }
    try (Stream<Path> found = Files.walk(table)) {
      for (Path file : found.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          written.put(file.getParent().toString(), Files.getLastModifiedTime(file).toMillis());
        }
      }
    } catch (java.io.UncheckedIOException e) {
      return new TreeMap<>(); // a file was put in place meanwhile
    }
    return written;
  }

  private static List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("java", "-Xmx4g", "-XX:+UseParallelGC", "-jar", "target/tidemark.jar"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void tidemark(String... arguments) throws Exception {
    script(command(arguments));
  }

  private static String script(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("TIDEMARK_KAFKA_PORT", "9792"));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + said);
    }
    return said.strip();
  }
}
