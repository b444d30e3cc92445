package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms as records of a real broker's topic. */
class AlertsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PARTITIONS = 3;

  @TempDir static Path folder;
  private static String broker;
  private static Log log;

  @BeforeAll
  static void start() throws Exception {
    broker = Servers.broker();
    log = Log.simulate(folder.resolve("log"), "jsonl", 3_000);
    log.change("snapshot: .*", "snapshot: off");
  }

  private static void topic(String name) throws Exception {
    Servers.topic(broker, name, PARTITIONS);
  }

  private static String uri(String topic) {
    return "--alerts=kafka://" + broker + "/" + topic;
  }

  /** All records by their keys, of which there must be one each. */
  private static Map<String, String> records(String topic) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    Map<String, String> records = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < end.get(each))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          String key = new String(record.key(), StandardCharsets.UTF_8);
          String value = new String(record.value(), StandardCharsets.UTF_8);
          assertThat(records.put(key, value)).as(key).isNull();
        }
      }
    }
    return records;
  }

  private static Map<String, String> alarms(Path output) throws Exception {
    Map<String, String> lines = new TreeMap<>();
    for (Path file : Cli.files(output.resolve("findings"))) {
      for (String line : Files.readAllLines(file)) {
        if (JSON.readTree(line).get("alarm").asBoolean()) {
          lines.put(JSON.readTree(line).get("id").asText(), line);
        }
      }
    }
    return lines;
  }

  @Test
  void eachAlarmIsOneRecordByItsId() throws Exception {
    topic("alerts");
    Path output = folder.resolve("sent");
    Path properties = folder.resolve("client.properties");
    Files.writeString(properties, "client.id=alerts-test\nbootstrap.servers=nowhere:1\nacks=0\n");
    String to = uri("alerts") + "?properties=" + properties;
    Cli.Result first = log.monitor(log.events(), output, to);
    assertThat(first.code()).as(first.err()).isZero();
    Map<String, String> alarms = alarms(output);
    assertThat(records("alerts")).isEqualTo(alarms).isNotEmpty();
    assertThat(first.out()).contains(alarms.size() + " sent to kafka://" + broker + "/alerts");
    Cli.Result again =
        log.monitor(log.events(), output, to, "--runner=FlinkRunner", "--parallelism=1");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(records("alerts")).isEqualTo(alarms);
    // One that was sent and not written down, as by a run that died between the two, comes again.
    Path marker = Cli.files(output.resolve("alerts")).get(0);
    Files.delete(marker);
    topic("repeated");
    Cli.Result third = log.monitor(log.events(), output, uri("repeated"));
    assertThat(third.code()).as(third.err()).isZero();
    String id = marker.getFileName().toString().replace(".json", "");
    assertThat(records("repeated")).isEqualTo(Map.of(id, alarms.get(id)));
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    refused(uri("no-such-topic"), "no-such-topic: there is no such topic; make it first");
    Path impatient = folder.resolve("impatient.properties");
    Files.writeString(impatient, "default.api.timeout.ms=1500\nrequest.timeout.ms=1000\n");
    refused(
        "--alerts=kafka://localhost:1/t?properties=" + impatient,
        "kafka://localhost:1/t: no broker answers; see that it runs");
    refused(uri("t") + "?properties=nowhere", "/nowhere: not readable as a file");
    Path odd = Files.writeString(folder.resolve("odd.properties"), "request.timeout.ms=60000\n");
    refused(uri("t") + "?properties=" + odd, "/t: no client can be made: delivery.timeout.ms");
  }

  private static void refused(String alerts, String message) {
    Path output = folder.resolve("refused");
    Cli.Result result = log.monitor(log.events(), output, alerts);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
    assertThat(output).doesNotExist();
  }
}
