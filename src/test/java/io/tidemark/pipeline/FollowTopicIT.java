package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic of a real broker followed on a real cluster: rows out of order, copies, unusable ones and
 * ones that come too late, a TaskManager that is killed on the way; and the same figures as of
 * files.
 */
class FollowTopicIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LATENESS = Duration.ofHours(3);
  private static final String SPEC =
      Log.SPEC
          .replace("FORMAT", "jsonl")
          .replace("window: {size: PT6H,", "window: {size: PT6H, allowed_lateness: PT3H,")
          .replaceAll("snapshot: .*", "snapshot: off");
  private static final int PARTITIONS = 3; // and one that stays empty

  @TempDir static Path folder;
  private static Path kafka;
  private static Path cluster;
  private static String broker;
  private static String flink;

  @BeforeAll
  static void start() throws Exception {
    kafka = folder.resolve("kafka");
    cluster = folder.resolve("cluster");
    broker =
        Servers.script(
            Map.of("TIDEMARK_KAFKA_PORT", Integer.toString(Servers.port())),
            "kafka",
            "start",
            kafka.toString());
    Servers.script(
        Map.of(), "kafka", "topic", "events", Integer.toString(PARTITIONS + 1), kafka.toString());
    flink =
        Servers.script(
            Map.of(
                "TIDEMARK_FLINK_PORT", Integer.toString(Servers.port()),
                "TIDEMARK_FLINK_METRICS_PORT", Integer.toString(Servers.port())),
            "flink-cluster",
            "start",
            cluster.toString());
  }

  @AfterAll
  static void stop() throws Exception {
    Servers.script(Map.of(), "flink-cluster", "stop", cluster.toString());
    Servers.script(Map.of(), "kafka", "stop", kafka.toString());
  }

  /** The log's lines by a time within the allowed lateness after their own. */
  private static List<String> outOfOrder(Log log) throws Exception {
    record Line(long at, String text) {}
    Random random = new Random(11);
    List<Line> lines = new ArrayList<>();
    long last = 0;
    for (Path file : Cli.files(log.events())) {
      for (String text : Files.readAllLines(file)) {
        long time = time(text);
        last = time > 0 ? time : last;
        lines.add(new Line(last + (long) (random.nextDouble() * LATENESS.toMillis()), text));
      }
    }
    lines.sort(Comparator.comparingLong(Line::at));
    return lines.stream().map(Line::text).toList();
  }

  /** 0 for lines without a readable time. */
  private static long time(String line) {
    try {
      return Instant.parse(JSON.readTree(line).get("at").asText()).toEpochMilli();
    } catch (Exception e) {
      return 0;
    }
  }

  private static void send(List<String> lines, int first) throws Exception {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        byte[] value = lines.get(i).getBytes(StandardCharsets.UTF_8);
        sent.add(
            producer.send(new ProducerRecord<>("events", (first + i) % PARTITIONS, null, value)));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
  }

  private static void until(Path log, java.util.concurrent.Callable<Boolean> done)
      throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!done.call()) {
      assertThat(System.nanoTime()).as(() -> text(log)).isLessThan(end);
      Thread.sleep(250);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  /** Contents of a table's files by window, whatever the files are called. */
  private static Map<String, String> tables(Path output) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    for (String table : List.of("statistics", "findings")) {
      Path place = output.resolve(table);
      for (Path file : Files.exists(place) ? Cli.files(place) : List.<Path>of()) {
        String name = file.getFileName().toString();
        if (name.startsWith("part-")) {
          String window = output.relativize(file.getParent()).toString();
          String other = contents.put(window, ContentHash.of(Files.readAllBytes(file)));
          assertThat(other).as("two files of " + window).isNull();
        }
      }
    }
    return contents;
  }

  private static Map<String, String> letters(Path table) throws Exception {
    Map<String, String> letters = new TreeMap<>();
    for (Path file : Files.exists(table) ? Cli.files(table) : List.<Path>of()) {
      for (String line : Files.readAllLines(file)) {
        JsonNode letter = JSON.readTree(line);
        String source = letter.get("source").asText();
        long place =
            letter.get("position").asLong() * 10 + source.charAt(source.length() - 1) - '0';
        String name = file.getFileName().toString().replaceFirst("-.*", "") + place;
        assertThat(letters.put(name, letter.get("reason").asText())).as("twice").isNull();
      }
    }
    return letters;
  }

  @Test
  void givesWhatFilesGiveThoughATaskManagerIsKilled() throws Exception {
    Log log = Log.of(folder.resolve("log"), SPEC, 20_000);
    // Another model over the same rows has no ids, so no copies are looked for.
    Path specs = Files.createDirectories(folder.resolve("specs"));
    Path baselines = Files.createDirectories(folder.resolve("baselines"));
    for (String model : List.of("loans", "plain")) {
      String text = SPEC.replace("model: loans", "model: " + model);
      Path spec = specs.resolve(model + ".yaml");
      Files.writeString(spec, model.equals("plain") ? text.replace("  id: id\n", "") : text);
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
    Map<String, String> expected = tables(batch);
    List<String> lines = outOfOrder(log);
    int half = lines.size() / 2;
    send(lines.subList(0, half), 0);
    Path output = folder.resolve("followed");
    Path said = folder.resolve("followed.log");
    Process monitor =
        new ProcessBuilder(
                "scripts/tidemark",
                "monitor",
                "--spec=" + specs + "/*.yaml",
                "--events=kafka://" + broker + "/events",
                "--baseline=" + baselines,
                "--output=" + output,
                "--runner=FlinkRunner",
                "--flinkMaster=" + flink,
                "--parallelism=2",
                "--checkpointingInterval=1000")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      until(said, () -> Files.exists(output.resolve("dead-letters")));
      long process = Long.parseLong(Files.readString(cluster.resolve("taskmanager.pid")).strip());
      ProcessHandle.of(process).orElseThrow().destroyForcibly();
      Thread.sleep(500); // for the system to have done so
      Servers.script(Map.of(), "flink-cluster", "taskmanager", cluster.toString());
      send(lines.subList(half, lines.size()), half);
      until(said, () -> tables(output).equals(expected));

      // Every window is closed now: a row of the first comes too late.
      String early = lines.stream().filter(line -> time(line) > 0).findFirst().orElseThrow();
      ObjectNode late = (ObjectNode) JSON.readTree(early);
      late.put("id", "too-late");
      send(List.of(JSON.writeValueAsString(late)), 0);
      until(said, () -> letters(output.resolve("late")).size() == 2); // each model's
      assertThat(letters(output.resolve("late")).values()).containsOnly("late");
      int dead = 0;
      for (Path file : Cli.files(batch.resolve("dead-letters"))) {
        dead += Files.readAllLines(file).size();
      }
      assertThat(letters(output.resolve("dead-letters"))).hasSize(dead);
      assertThat(tables(output)).isEqualTo(expected);
    } finally {
      monitor.destroy();
      monitor.waitFor();
    }
  }
}
