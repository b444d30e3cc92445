package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Content;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics whose values are Avro records give what the same records in files give. */
class AvroTopicIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEC =
      Log.SPEC.replace("  label: truth\n", "").replace("FORMAT", "avro")
          + "labels: {format: avro, id: id, value: is, time: known, source: by, horizon: P1D}\n";
  private static final String FOLLOWED =
      Log.SPEC
          .replace("FORMAT", "avro")
          .replace("window: {size: PT6H,", "window: {size: PT6H, allowed_lateness: PT3H,")
          .replaceAll("snapshot: .*", "snapshot: off\nslices: off\nlabel_issues: off");

  @TempDir static Path folder;
  private static String broker;

  @BeforeAll
  static void start() throws Exception {
    broker = Servers.broker();
  }

  private static List<GenericRecord> records(Path source) throws Exception {
    List<GenericRecord> records = new ArrayList<>();
    for (Path file : Cli.files(source)) {
      try (DataFileReader<GenericRecord> reader =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        reader.forEach(records::add);
      }
    }
    return records;
  }

  private static byte[] bytes(GenericRecord record, byte[] header) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static void topic(String name) throws Exception {
    Servers.topic(broker, name, 3);
  }

  private static void send(String topic, List<byte[]> values) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (byte[] value : values) {
      records.add(new ProducerRecord<>(topic, records.size() % 2, null, value));
    }
    Servers.send(broker, records);
  }

  private static List<byte[]> values(List<GenericRecord> records, byte... header) throws Exception {
    List<byte[]> values = new ArrayList<>();
    for (GenericRecord record : records) {
      values.add(bytes(record, header));
    }
    return values;
  }

  private static byte[] header(int id) {
    return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
  }

  private static Path schema(String name, List<GenericRecord> records) throws Exception {
    Schema schema = records.get(0).getSchema();
    return Files.writeString(folder.resolve(name + ".avsc"), schema.toString(true));
  }

  private static List<JsonNode> letters(Path run) throws Exception {
    List<JsonNode> letters = new ArrayList<>();
    for (Path file : Cli.files(run.resolve("dead-letters"))) {
      for (String line : Files.readAllLines(file)) {
        letters.add(JSON.readTree(line));
      }
    }
    return letters;
  }

  private static TreeMap<String, Integer> texts(List<JsonNode> letters) {
    TreeMap<String, Integer> texts = new TreeMap<>();
    letters.forEach(
        letter -> texts.merge(letter.get("reason") + " " + letter.get("text"), 1, Integer::sum));
    return texts;
  }

  @Test
  void recordsInATopicGiveWhatTheyGiveInFiles() throws Exception {
    Log log = Log.of(folder.resolve("log"), SPEC, 3000);
    Path files = folder.resolve("of-files");
    assertThat(log.monitor(log.events(), files, "--labels=" + log.labels()).code()).isZero();
    List<GenericRecord> events = records(log.events());
    List<GenericRecord> labels = records(log.labels());
    topic("avro-events");
    topic("avro-labels");
    send("avro-events", values(events));
    send("avro-labels", values(labels, header(7)));
    Path eventSchema = schema("events", events);
    Path labelSchema = schema("labels", labels);
    String kafka = "kafka://" + broker + "/";
    String[] leftOut = {"dead-letters", "unjoined-labels"};
    for (String runner : List.of("LocalRunner", "FlinkRunner")) {
      Path run = folder.resolve("of-topics-" + runner);
      Cli.Result result =
          Cli.run(
              "monitor",
              "--spec=" + log.spec,
              "--events=" + kafka + "avro-events?until=latest&schema=" + eventSchema,
              "--labels=" + kafka + "avro-labels?until=latest&schema-id=7&schema=" + labelSchema,
              "--baseline=" + log.baseline,
              "--output=" + run,
              "--runner=" + runner,
              "--parallelism=1");
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(Log.results(run, leftOut)).isEqualTo(Log.results(files, leftOut)).isNotEmpty();
      assertThat(texts(letters(run))).isEqualTo(texts(letters(files))).isNotEmpty();
      assertThat(letters(run))
          .allSatisfy(letter -> assertThat(letter.get("source").asText()).startsWith(kafka));
    }
    Path bad = folder.resolve("of-labels-read-as-events");
    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + log.spec,
            "--events=" + kafka + "avro-labels?until=latest&schema=" + eventSchema,
            "--baseline=" + log.baseline,
            "--output=" + bad);
    assertThat(result.code()).as(result.err()).isEqualTo(1); // all are dead letters
    assertThat(letters(bad)).hasSize(labels.size());
    for (String wrong : List.of("?until=latest", "?until=latest&schema=" + labelSchema)) {
      Cli.Result refused =
          Cli.run(
              "monitor",
              "--spec=" + log.spec,
              "--events=" + kafka + "avro-events" + wrong,
              "--baseline=" + log.baseline,
              "--output=" + bad);
      assertThat(refused.code()).as(refused.err()).isEqualTo(2);
    }
  }

  @Test
  void followedRecordsGiveWhatTheyGiveInFiles() throws Exception {
    Log log = Log.of(folder.resolve("followed-log"), FOLLOWED, 3000);
    Path batch = folder.resolve("batch");
    assertThat(log.monitor(log.events(), batch).code()).isZero();
    List<GenericRecord> events = records(log.events());
    topic("avro-followed");
    List<byte[]> values = values(inOrder(events), header(1));
    values.add(values.size() / 2, new byte[] {0, 0, 0});
    send("avro-followed", values);
    Path output = folder.resolve("followed");
    Path said = folder.resolve("followed.log");
    Process monitor =
        Servers.tidemark(
            said,
            Map.of(),
            List.of(
                "monitor",
                "--spec=" + log.spec,
                "--events=kafka://"
                    + broker
                    + "/avro-followed?idle=PT2S&schema-id=any&schema="
                    + schema("followed", events),
                "--baseline=" + log.baseline,
                "--output=" + output,
                "--runner=FlinkRunner",
                "--parallelism=1",
                "--checkpointingInterval=1000"));
    try {
      Map<String, List<String>> expected = tables(batch);
      Servers.until(
          said,
          () -> tables(output).equals(expected) && letters(output).size() > letters(batch).size());
      List<JsonNode> letters = letters(output);
      assertThat(letters.removeIf(letter -> letter.get("base64").asText().equals("AAAA"))).isTrue();
      assertThat(texts(letters)).isEqualTo(texts(letters(batch)));
    } finally {
      monitor.destroy();
      monitor.waitFor();
    }
  }

  /** By time, those without a usable one where they stood. */
  private static List<GenericRecord> inOrder(List<GenericRecord> records) {
    record Timed(long at, GenericRecord record) {}
    List<Timed> timed = new ArrayList<>();
    long last = 0;
    for (GenericRecord record : records) {
      if (record.get("at") instanceof Long micros) {
        last = micros;
      }
      timed.add(new Timed(last, record));
    }
    timed.sort(Comparator.comparingLong(Timed::at));
    List<GenericRecord> inOrder = new ArrayList<>();
    timed.forEach(each -> inOrder.add(each.record()));
    return inOrder;
  }

  /** Hashes of a table's files by window, whatever the files are called. */
  private static Map<String, List<String>> tables(Path output) throws Exception {
    Map<String, List<String>> tables = new TreeMap<>();
    for (String table : List.of("statistics", "findings")) {
      for (Path file : Cli.files(output.resolve(table))) {
        if (file.getFileName().toString().startsWith("part-")) {
          String window = output.relativize(file.getParent()).toString();
          tables.computeIfAbsent(window, name -> new ArrayList<>()).add(hash(file));
        }
      }
    }
    return tables;
  }

  private static String hash(Path file) throws Exception {
    try {
      return Content.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return "replaced meanwhile";
    }
  }
}
