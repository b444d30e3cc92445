package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.Golden;
import io.tidemark.alerts.Destination;
import io.tidemark.alerts.Receiver;
import io.tidemark.event.WindowTiming;
import io.tidemark.flow.Fleet;
import io.tidemark.flow.WindowKey;
import io.tidemark.ingest.row.RowCounts;
import io.tidemark.labels.LabelCounts;
import io.tidemark.labels.PredictionCounts;
import io.tidemark.lineage.RunEvent;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record that a job without end keeps of a model. */
class KeepRunRecordsTest {
  private static final long HOUR = 3_600_000_000L;
  private static final RowCounts ROWS =
      new RowCounts(9, 3, 2, 1, 1, 0, 1, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
  private static final LabelCounts LABELS = new LabelCounts(9, 1, 2, 1, 0, 1, 0, 0, 0, 1, 2);

  @TempDir Path output;

  private MonitoringSpec spec;
  private TestStream.Builder<KV<String, RunAccount>> parts =
      TestStream.create(KeepRunRecords.CODER);
  private TestStream.Builder<KV<WindowKey, KV<KV<String, String>, WindowTold>>> windows =
      TestStream.create(WindowTold.BY_WINDOW);

  @BeforeEach
  void spec() throws IOException {
    spec =
        SpecReader.read(
            "test",
            """
            model: m
            task: binary
            events: {id: id, time: at, prediction: {score: p, positive: 1}}
            features: {n: numeric}
            labels: {id: id, value: y, time: at, horizon: PT4H}
            window: {size: PT1H, allowed_lateness: PT1H}
            """);
  }

  private void part(RunAccount account) {
    parts = parts.addElements(KV.of("m", account));
  }

  private void told(String stage, String version, long hour, WindowTold told) {
    WindowKey window = new WindowKey("m", version, hour * HOUR);
    windows = windows.addElements(WindowTold.of(stage, window, told));
  }

  private static WindowTold findings(long revision, long comparisons, long alarms) {
    return new WindowTold(revision, comparisons, alarms, PredictionCounts.NONE);
  }

  private JsonNode added() throws IOException {
    Pipeline pipeline = Pipeline.create();
    return written(pipeline, pipeline.apply(ended(parts)));
  }

  private JsonNode counted() throws IOException {
    Pipeline pipeline = Pipeline.create();
    CountWindowsFn count = new CountWindowsFn(Fleet.one("m", WindowTiming.withLabels(spec)));
    return written(
        pipeline,
        pipeline.apply(ended(windows)).apply(ParDo.of(count)).setCoder(KeepRunRecords.CODER));
  }

  private static <T> TestStream<T> ended(TestStream.Builder<T> stream) {
    return stream.advanceProcessingTime(Duration.standardSeconds(6)).advanceWatermarkToInfinity();
  }

  private JsonNode written(Pipeline pipeline, PCollection<KV<String, RunAccount>> accounts)
      throws IOException {
    FollowedRecord record =
        new FollowedRecord(spec, List.of("0123"), "kafka://h:1/events", "kafka://h:1/labels", null);
    accounts.apply(KeepRunRecords.of(Fleet.one("m", record), output.toString()));
    pipeline.run().waitUntilFinish();
    try (var files = Files.list(output.resolve("runs"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly("following-m.json");
    }
    return new ObjectMapper().readTree(Files.readString(output.resolve("runs/following-m.json")));
  }

  @Test
  void partsAddUp() throws IOException {
    part(RunAccount.ofRows(ROWS));
    part(RunAccount.ofRows(ROWS));
    part(RunAccount.ofNobody(new RowCounts(5, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0)));
    part(RunAccount.ofLabels(LABELS));
    part(RunAccount.ofSnapshot("b"));
    part(RunAccount.ofSnapshot("a"));
    part(RunAccount.ofSnapshot("b"));
    JsonNode record = added();
    assertThat(record.get("rows"))
        .hasToString(
            "{\"read\":18,\"profiled\":6,\"duplicate\":4,\"conflicting_duplicate\":2,\"late\":2,"
                + "\"out_of_range\":0,\"dead_lettered\":2,\"looked_back\":0,\"balanced\":true,"
                + "\"unclaimed\":3,\"unreadable\":2,\"waiting\":4}");
    assertThat(record.get("labels"))
        .hasToString(
            "{\"read\":9,\"joined\":1,\"duplicate\":2,\"conflicting\":1,\"overridden\":0,"
                + "\"orphan\":1,\"too_late\":0,\"out_of_range\":0,\"after_as_of\":0,\"dead_lettered\":1,"
                + "\"balanced\":true,\"waiting\":3}");
    assertThat(record.get("snapshots")).hasToString("[\"a\",\"b\"]");
    assertThat(record.get("baselines")).hasToString("[\"0123\"]");
    assertThat(record.get("spec_hash").asText()).isEqualTo(spec.hash());
    assertThat(record.get("input")).hasToString("{\"topic\":\"kafka://h:1/events\"}");
    assertThat(record.get("label_input")).hasToString("{\"topic\":\"kafka://h:1/labels\"}");
    assertThat(record.has("alerts")).isFalse();
  }

  /** A revision stands for the one before, and a window is one whatever stages and versions. */
  @Test
  void ofAWindowTheLatestRevisionCounts() throws IOException {
    told("drift", "a", 0, findings(10, 4, 2));
    told("drift", "b", 0, findings(10, 4, 0));
    told("performance", "a", 0, findings(0, 3, 1));
    told("drift", "a", 0, findings(12, 5, 1));
    told("drift", "a", 0, findings(11, 5, 3)); // written again after a failure
    told("drift", "a", 1, findings(10, 4, 1));
    told("coverage", "a", 0, new WindowTold(0, 0, 0, new PredictionCounts(10, 1, 2, 7, 0)));
    told("coverage", "a", 0, new WindowTold(0, 0, 0, new PredictionCounts(12, 1, 8, 3, 1)));
    JsonNode record = counted();
    assertThat(record.get("windows").asLong()).isEqualTo(2);
    assertThat(record.get("comparisons").asLong()).isEqualTo(16);
    assertThat(record.get("alarms").asLong()).isEqualTo(3);
    assertThat(record.get("predictions"))
        .hasToString(
            "{\"predictions\":12,\"labelled\":9,\"labelled_in_log\":1,\"unlabelled\":3,"
                + "\"disputed\":1}");
  }

  /** Stages come to a window far apart, and in any order where a job catches up. */
  @Test
  void windowsThatWereClosedLongAgo() throws IOException {
    told("drift", "", 0, findings(1, 4, 1));
    told("drift", "", 900, findings(1, 4, 1));
    // A topic that gets quiet: event time goes on to the wall clock, years later.
    windows = windows.advanceWatermarkTo(new Instant(100_000 * HOUR / 1000));
    windows = windows.advanceProcessingTime(Duration.standardMinutes(50));
    told("performance", "", 0, findings(1, 2, 0));
    windows = windows.advanceProcessingTime(Duration.standardMinutes(50));
    told("drift", "", 0, findings(2, 4, 0));
    told("detectors", "", 950, findings(1, 1, 0)); // where labels come and no rows any more
    JsonNode record = counted();
    assertThat(record.get("windows").asLong()).isEqualTo(2);
    assertThat(record.get("comparisons").asLong()).isEqualTo(11);
    assertThat(record.get("alarms").asLong()).isEqualTo(1);
  }

  /** With each record lineage says how the job goes; whoever is told is told now and then. */
  @Test
  void lineageIsToldHowTheJobGoes() throws Exception {
    part(RunAccount.ofRows(ROWS));
    LineageRun run =
        new LineageRun(
            "m",
            RunEvent.id(List.of("m")),
            new LineageRun.Places(
                "kafka://h:1/events", null, null, "/b.avro", output.toAbsolutePath().toString()),
            "0123",
            "DirectRunner",
            true,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            List.of("/out/findings/model=m"));
    try (Receiver receiver = Receiver.start()) {
      LineageKeeper keeper =
          new LineageKeeper(Fleet.one("m", run), Destination.ofLineage(receiver.uri()), () -> 0);
      FollowedRecord record =
          new FollowedRecord(spec, List.of("0123"), "kafka://h:1/events", null, null);
      Pipeline pipeline = Pipeline.create();
      pipeline
          .apply(ended(parts))
          .apply(KeepRunRecords.of(Fleet.one("m", record), output.toString()).telling(keeper));
      pipeline.run().waitUntilFinish();
      keeper.running("m", output.toString(), KeepRunRecords.path(output.toString(), "m"));
      keeper.running("m", output.toString(), KeepRunRecords.path(output.toString(), "m"));
      // Once by the worker's copy and once by this one: the second time came too soon.
      assertThat(receiver.requests()).hasSize(2);
      JsonNode sent = new ObjectMapper().readTree(receiver.requests().get(0).body());
      assertThat(sent.at("/eventType").asText()).isEqualTo("RUNNING");
      assertThat(sent.at("/eventTime").asText()).isEqualTo("1970-01-01T00:00:00Z");
      assertThat(sent.at("/job/facets/jobType/processingType").asText()).isEqualTo("STREAMING");
      assertThat(sent.at("/inputs/0/namespace").asText()).isEqualTo("kafka://h:1");
      assertThat(sent.at("/inputs/0/inputFacets/dataQualityMetrics/rowCount").asLong())
          .isEqualTo(3);
      assertThat(sent.at("/run/facets/tidemark_rows/read").asLong()).isEqualTo(9);
      assertThat(sent.at("/outputs/0/name").asText()).isEqualTo("/out/findings/model=m");
      Path file = output.resolve("lineage/" + run.run() + "-running.json");
      assertThat(new ObjectMapper().readTree(Files.readString(file))).isEqualTo(sent);
      receiver.close();
      new LineageKeeper(Fleet.one("m", run), Destination.ofLineage(receiver.uri()), () -> 0)
          .running("m", output.toString(), KeepRunRecords.path(output.toString(), "m"));
    }
  }

  /** {@code runs/following-M.json}. */
  @Test
  void theRecordAsItIsWritten() throws IOException {
    FollowedRecord record =
        new FollowedRecord(
            spec, List.of("0123"), "kafka://h:1/é", "kafka://h:1/labels", "https://h:2");
    RunAccount account =
        RunAccount.ofRows(ROWS)
            .plus(RunAccount.ofNobody(new RowCounts(5, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0)))
            .plus(RunAccount.ofLabels(LABELS))
            .plus(RunAccount.ofPredictions(new PredictionCounts(10, 1, 2, 7, 1)))
            .plus(RunAccount.ofFindings(5, 6, 7))
            .plus(RunAccount.ofAlerts(8))
            .plus(RunAccount.ofSnapshot("b"))
            .plus(RunAccount.ofSnapshot("a"));
    byte[] content = FollowedRecord.content(record.head(PipelineOptionsFactory.create()), account);
    GoldenRecord.holds(content, "following.json");
  }

  /** What checkpoints hold. */
  @Test
  void formsInStateStay() throws IOException {
    RunAccount account =
        RunAccount.ofRows(ROWS)
            .plus(RunAccount.ofLabels(LABELS))
            .plus(RunAccount.ofFindings(5, 6, 7))
            .plus(RunAccount.ofAlerts(8))
            .plus(RunAccount.ofSnapshot("é"));
    assertThat(
            Golden.holds(
                new RunAccount.AccountCoder(),
                account,
                """
                00000000000000090000000000000003000000000000000200000000000000010000000000000001
                00000000000000000000000000000001000000000000000000000000000000000000000000000000
                7fffffffffffffff8000000000000000000000000000000000000000000000000000000000000000
                00000000000000000000000000000000000000000000000000000000000000000000000000000000
                000000000000000000000000000000007fffffffffffffff80000000000000000000000000000009
                00000000000000010000000000000002000000000000000100000000000000000000000000000001
                00000000000000000000000000000000000000000000000000000000000000010000000000000002
                00000000000000000000000000000000000000000000000000000000000000000000000000000000
                00000000000000050000000000000006000000000000000700000000000000080000000102c3a9\
                """))
        .isEqualTo(account);
    WindowTold told = new WindowTold(1, 2, 3, new PredictionCounts(4, 5, 6, 7, 8));
    assertThat(
            Golden.holds(
                new WindowTold.ToldCoder(),
                told,
                """
                00000000000000010000000000000002000000000000000300000000000000040000000000000005
                000000000000000600000000000000070000000000000008\
                """))
        .isEqualTo(told);
  }
}
