package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.SpecFiles;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.WriteDeadLetters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics of a real broker as sources, read up to what they hold; and the job that follows them. */
class KafkaIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEC =
      Log.SPEC.replace("  label: truth\n", "").replace("FORMAT", "jsonl")
          + "labels: {format: jsonl, id: id, value: is, time: known, source: by, horizon: P1D}\n";

  @TempDir static Path folder;
  private static String broker;
  private static Log log;
  private static Path files;

  @BeforeAll
  static void start() throws Exception {
    broker = Servers.broker();
    log = Log.of(folder.resolve("log"), SPEC, 3000);
    files = folder.resolve("of-files");
    assertThat(log.monitor(log.events(), files, "--labels=" + log.labels()).code()).isZero();
    send("events", log.events(), 4, 3); // a partition stays empty
    send("labels", log.labels(), 2, 2);
  }

  private static void topic(String name, int partitions) throws Exception {
    Servers.topic(broker, name, partitions);
  }

  /** All lines of a folder's files in some order, over the first of the topic's partitions. */
  private static void send(String topic, Path source, int partitions, int used) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Path file : Cli.files(source)) {
      lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    }
    Collections.shuffle(lines, new Random(3));
    topic(topic, partitions);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String line : lines) {
      byte[] value = line.getBytes(StandardCharsets.ISO_8859_1);
      records.add(new ProducerRecord<>(topic, records.size() % used, null, value));
    }
    Servers.send(broker, records);
  }

  private static String uri(String topic) {
    return "kafka://" + broker + "/" + topic + "?until=latest";
  }

  /** How often each reason, detail and text is there: the places differ. */
  private static TreeMap<String, Integer> letters(Path run, String from) throws Exception {
    TreeMap<String, Integer> letters = new TreeMap<>();
    for (Path file : Cli.files(run.resolve("dead-letters"))) {
      for (String line : Files.readAllLines(file)) {
        JsonNode letter = JSON.readTree(line);
        assertThat(letter.get("source").asText()).startsWith(from);
        letters.merge(letter.get("reason") + " " + letter.get("text"), 1, Integer::sum);
      }
    }
    return letters;
  }

  @Test
  void aTopicGivesWhatItsLinesInFilesGive() throws Exception {
    String[] leftOut = {"dead-letters", "unjoined-labels"};
    for (String runner : List.of("LocalRunner", "DirectRunner", "FlinkRunner")) {
      Path run = folder.resolve("of-topics-" + runner);
      Cli.Result result =
          Cli.run(
              "monitor",
              "--spec=" + log.spec,
              "--events=" + uri("events"),
              "--labels=" + uri("labels"),
              "--baseline=" + log.baseline,
              "--output=" + run,
              "--runner=" + runner,
              "--parallelism=1");
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(Log.results(run, leftOut)).isEqualTo(Log.results(files, leftOut)).isNotEmpty();
      assertThat(letters(run, "kafka://" + broker + "/"))
          .isEqualTo(letters(files, folder.toString()))
          .isNotEmpty();
    }
  }

  @Test
  void deadLettersGoToATopicInPlaceOfFiles() throws Exception {
    topic("letters", 2);
    String letters = "kafka://" + broker + "/letters";
    List<String> lines = new ArrayList<>();
    for (Path file : Cli.files(files.resolve("dead-letters"))) {
      lines.addAll(Files.readAllLines(file));
    }
    List<String> expected = new ArrayList<>();
    for (String runner : List.of("LocalRunner", "FlinkRunner")) {
      Path run = folder.resolve("letters-to-topic-" + runner);
      Cli.Result result =
          log.monitor(
              log.events(),
              run,
              "--labels=" + log.labels(),
              "--dead-letters=" + letters,
              "--runner=" + runner,
              "--parallelism=1");
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).contains("Dead letters: " + letters);
      assertThat(run.resolve("dead-letters")).doesNotExist();
      assertThat(Log.results(run)).isEqualTo(Log.results(files, "dead-letters"));
      expected.addAll(lines);
      assertThat(sent("letters", expected.size()))
          .containsExactlyInAnyOrderElementsOf(expected)
          .isNotEmpty();
    }
    for (String wrong : List.of("kafka://" + broker + "/no-such-topic", "folder")) {
      Path run = folder.resolve("no-letters");
      Cli.Result result = log.monitor(log.events(), run, "--dead-letters=" + wrong);
      assertThat(result.code()).as(result.err()).isEqualTo(2);
      assertThat(result.err()).contains(wrong, "no").doesNotContain("\tat ");
      assertThat(run).doesNotExist();
    }
  }

  /** The values of a topic, whose keys say where they are from. */
  private static List<String> sent(String topic, int count) throws Exception {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker);
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      for (int i = 0; i < 100 && values.size() < count; i++) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
          JsonNode letter = JSON.readTree(each.value());
          assertThat(each.key())
              .isEqualTo(letter.get("source").asText() + "@" + letter.get("position"));
          assertThat(each.headers().lastHeader("model").value()).asString().isEqualTo("loans");
          values.add(each.value());
        }
      }
    }
    return values;
  }

  @Test
  void recordsThatAreNoRowsAreDeadLetters() throws Exception {
    topic("poison", 1);
    byte[] good = Files.readAllLines(Cli.files(log.events()).get(0)).get(0).getBytes("UTF-8");
    byte[][] values = {good, null, {}, {(byte) 0xff, 0}, "[1]".getBytes("UTF-8"), good};
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (byte[] value : values) {
      records.add(new ProducerRecord<>("poison", new byte[] {1}, value));
    }
    Servers.send(broker, records);
    Path run = folder.resolve("of-poison");
    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + log.spec,
            "--events=" + uri("poison"),
            "--baseline=" + log.baseline,
            "--output=" + run);
    assertThat(result.code()).isEqualTo(1); // most are bad
    List<JsonNode> letters = new ArrayList<>();
    for (Path file : Cli.files(run.resolve("dead-letters"))) {
      for (String line : Files.readAllLines(file)) {
        letters.add(JSON.readTree(line));
      }
    }
    assertThat(letters)
        .extracting(letter -> letter.get("position").asInt() + letter.get("reason").asText())
        .containsExactly("1no_value", "2not_an_object", "3malformed", "4not_an_object");
    assertThat(letters.get(0).get("source").asText()).isEqualTo("kafka://" + broker + "/poison-0");
    assertThat(result.out()).contains("1 profiled, 1 duplicate (");
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Path impatient = folder.resolve("impatient.properties");
    Files.writeString(impatient, "default.api.timeout.ms=1500\nrequest.timeout.ms=1000\n");
    String nobody = "kafka://localhost:1/events?until=latest&properties=" + impatient;
    refused(nobody, "kafka://localhost:1/events: no broker answers");
    refused(uri("no-such-topic"), "no-such-topic: there is no such topic");
    String endless = "kafka://" + broker + "/events";
    refused(endless, "needs checkpoints, or a failure would lose what it holds. Give --runner");
    Cli.Result baseline =
        Cli.run(
            "baseline",
            "--spec=" + log.spec,
            "--events=" + endless,
            "--output=" + folder.resolve("no.avro"));
    assertThat(baseline.code()).isEqualTo(2);
    assertThat(baseline.err()).contains("add ?until=latest to read what it");
    refused(uri("events") + "&user=me", "'user' is none of until=latest");
  }

  private static void refused(String events, String message) {
    Cli.Result result =
        Cli.run(
            "monitor",
            "--spec=" + log.spec,
            "--events=" + events,
            "--baseline=" + log.baseline,
            "--output=" + folder.resolve("refused"));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  /**
   * State is found again under its step's name: a savepoint of one version serves the next only
   * where both have it. Whoever changes a name here breaks the upgrade of running jobs, and says so
   * in the release notes.
   */
  @Test
  void stepsThatFollowATopicKeepTheirNames() throws Exception {
    Path every = folder.resolve("every-step.yaml");
    Files.writeString(
        every,
        SPEC.replace("size: PT6H,", "size: PT6H, allowed_lateness: PT3H, horizons: [P1D],")
            + "drift: {persistence: {windows: 2, of: 3}}\nperformance: {detectors: [adwin]}\n");
    MonitoringSpec spec = SpecFiles.one(every.toString());
    Baselines baselines = Baselines.read(log.baseline.toString(), spec.model());
    Pipeline pipeline = Pipeline.create();
    Model model = new Model(spec, Redaction.of(spec, null), baselines);
    Fleet<Model> models = Fleet.one(spec.model(), model);
    String output = folder.resolve("out").toString();
    FollowedRecord record =
        new FollowedRecord(spec, List.of(), "kafka://h/events", "kafka://h/labels", null);
    FollowedResults results =
        new FollowedResults(
            Fleet.one(spec.model(), record), LogTopic.times(models.map(Model::spec), true), output);
    LogTopic log =
        LogTopic.following(
            models,
            "kafka://" + broker + "/events",
            "kafka://" + broker + "/labels",
            TimeRange.ALL,
            WriteDeadLetters.to(output, WriteDeadLetters.LATE),
            results,
            output);
    Outputs outputs = Outputs.of(output, false, null, null);
    pipeline.apply("Monitor", new MonitorPipeline(models, log, outputs, results));
    assertThat(StepNames.stateful(pipeline))
        .containsExactly(
            "Monitor/AddEmptyWindows/FindEmpty/ParMultiDo(EmptyOfStream)",
            "Monitor/CountWindows/ParMultiDo(CountWindows)",
            "Monitor/CoverWindows/ParMultiDo(AssembleWindow)",
            "Monitor/CurateSnapshot/Publish/ParMultiDo(PublishStable)",
            "Monitor/CurateSnapshot/SelectAndPrepare/WhenClosed/ParMultiDo(ClosePeriod)",
            "Monitor/DetectChanges/ShowSettled/ParMultiDo(RunSettled)",
            "Monitor/DetectDrift/RequirePersistence/LookBack/Judge/ParMultiDo(RegroupOfStream)",
            "Monitor/FindLabelIssues/JudgeLabels/JudgePeriods/WhenClosed/ParMultiDo(ClosePeriod)",
            "Monitor/FindWeakSlices/Search/JudgePeriods/WhenClosed/ParMultiDo(ClosePeriod)",
            "Monitor/Follow/HoldRows",
            "Monitor/Follow/JoinLabels",
            "Monitor/KeepRunRecords/AddUp/ParMultiDo(AddUp)",
            "Monitor/KeepRunRecords/Write/ParMultiDo(WriteStable)",
            "Monitor/MarkOutcomes/Mark/ParMultiDo(MarkOfStream)",
            "Monitor/MarkWindows/Mark/ParMultiDo(MarkOfStream)",
            "Monitor/Outcomes/ParMultiDo(AssembleWindow)",
            "Monitor/ProfileWindows/ParMultiDo(AssembleWindow)",
            "Monitor/Read/Events",
            "Monitor/Read/Labels",
            "Monitor/ReportDrift/TellLatest/ParMultiDo(ReportDrift)",
            "Monitor/RollUpWindowsToP1D/MergeWindows/Judge/ParMultiDo(RegroupOfStream)",
            "Monitor/SettleLabels/ListUnjoined/ParMultiDo(ListUnjoined)",
            "Monitor/SettleLabels/Settle",
            "Monitor/WriteDeadLetters/AsTheyCome/WriteStretch/ParMultiDo(Write)",
            "Monitor/WriteLate/AsTheyCome/WriteStretch/ParMultiDo(Write)");
  }
}
