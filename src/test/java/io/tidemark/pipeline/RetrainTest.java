package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.alerts.Destination;
import io.tidemark.alerts.Receiver;
import io.tidemark.cli.Main;
import io.tidemark.cli.SpecFiles;
import io.tidemark.event.Redaction;
import io.tidemark.flow.Fleet;
import io.tidemark.ingest.hold.PlayedTopic;
import io.tidemark.ingest.row.TimeRange;
import io.tidemark.profile.Baselines;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.WriteDeadLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When to train again, and why, through the whole program. */
class RetrainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WINDOWS = 20;

  private static final String SPEC =
      """
      model: loans
      task: binary
      events: {format: jsonl, id: id, time: at, label: truth,
               prediction: {score: p, label: guess, positive: "1"}}
      features: {region: categorical, product: categorical, channel: categorical, income: numeric}
      window: {size: PT6H, origin: 2024-01-01T00:00:00Z, allowed_lateness: PT1H}
      performance: {detectors: [adwin]}
      snapshot: {period: P1D, rows: 400}
      retrain:
        when: [concept_drift, new_slice, performance_below: {accuracy: 0.6}, rows_at_least: 5400]
        cooldown: P2D
      """;

  @TempDir static Path folder;
  private static Log log;
  private static List<String> bounds;

  @BeforeAll
  static void simulate() throws Exception {
    log =
        Log.of(
            folder.resolve("log"),
            SPEC,
            600 * WINDOWS,
            "--windows=" + WINDOWS,
            "--drift=slice2",
            "--clean");
    bounds = log.windowBounds();
    assertThat(bounds).hasSize(WINDOWS + 1);
  }

  /** What was written, by the start of the period. */
  private static TreeMap<String, String> written(Path output) throws IOException {
    TreeMap<String, String> written = new TreeMap<>();
    for (Path file : Cli.files(output.resolve("retrain/loans"))) {
      written.put(
          file.getFileName().toString().replace("T000000Z.json", ""), Files.readString(file));
    }
    return written;
  }

  private static JsonNode reason(JsonNode trigger, String condition) {
    for (JsonNode reason : trigger.get("reasons")) {
      if (reason.get("condition").asText().equals(condition)) {
        return reason;
      }
    }
    throw new AssertionError("no " + condition + " in " + trigger);
  }

  private static boolean isOfRetraining(Receiver.Request request) {
    return request.body().contains("\"kind\":\"retrain\"");
  }

  private static List<String> sent(Receiver receiver) {
    return receiver.requests().stream()
        .filter(RetrainTest::isOfRetraining)
        .map(Receiver.Request::body)
        .toList();
  }

  /** What is due, as it is sent. */
  private static List<String> due(Path output) throws IOException {
    List<String> due = new ArrayList<>();
    for (String text : written(output).values()) {
      JsonNode trigger = JSON.readTree(text);
      if (trigger.get("state").asText().equals("due")) {
        due.add(trigger.toString());
      }
    }
    return due;
  }

  /** Of the messages that were taken those that are kept in alerts/. */
  private static List<String> kept(Path output) throws IOException {
    List<String> kept = new ArrayList<>();
    for (Path file : Cli.files(output.resolve("alerts"))) {
      String text = Files.readString(file);
      if (text.contains("\"kind\":\"retrain\"")) {
        kept.add(text.strip());
      }
    }
    return kept;
  }

  private static void monitor(Path output, int from, int to, Receiver receiver, String... more)
      throws Exception {
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--from=" + bounds.get(from));
    options.add("--to=" + bounds.get(to));
    options.add("--alerts=" + receiver.uri());
    Cli.Result result = log.monitor(log.events(), output, options.toArray(new String[0]));
    assertThat(result.code()).as(result.out() + result.err()).isZero();
  }

  /** Runs until the topic's last line, and dies. */
  private static void stream(Path output, Destination alerts) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Path file : Cli.files(log.events())) {
      lines.addAll(Files.readAllLines(file));
    }
    lines.sort(Comparator.comparing(line -> line.replaceFirst(".*\"at\":", "")));
    MonitoringSpec spec = SpecFiles.one(log.spec.toString());
    Baselines baselines = Baselines.read(log.baseline.toString(), spec.model());
    Fleet<Model> models =
        Fleet.one(spec.model(), new Model(spec, Redaction.of(spec, null), baselines));
    FollowedRecord record = new FollowedRecord(spec, List.of(), "kafka://h:1/t", null, null);
    String folder = output.toString();
    FollowedResults results =
        new FollowedResults(
            Fleet.one(spec.model(), record),
            LogTopic.times(models.map(Model::spec), false),
            folder);
    LogTopic topic =
        new LogTopic(
            models,
            new PlayedTopic(spec, TimeRange.ALL, lines),
            false,
            TimeRange.ALL,
            WriteDeadLetters.to(folder, WriteDeadLetters.LATE),
            results,
            folder);
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        "Monitor",
        new MonitorPipeline(models, topic, Outputs.of(folder, false, null, alerts), results));
    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasMessageContaining(PlayedTopic.KILLED);
  }

  /** Why, on which snapshot and what for is what other files say; twice is as once. */
  @Test
  void whatIsSaidIsTheSameInOneRunInScheduledRunsAndInAStream() throws Exception {
    Path output = folder.resolve("whole");
    try (Receiver receiver = Receiver.start()) {
      monitor(output, 0, WINDOWS, receiver);
      TreeMap<String, String> written = written(output);
      check(output, written);
      JsonNode first = JSON.readTree(written.get("20240108"));
      JsonNode last = JSON.readTree(written.get("20240110"));
      assertThat(sent(receiver)).containsExactlyInAnyOrder(first.toString(), last.toString());
      assertThat(receiver.ids())
          .contains(first.get("id").asText(), last.get("id").asText())
          .doesNotHaveDuplicates();
      int requests = receiver.requests().size();
      monitor(output, 0, WINDOWS, receiver);
      assertThat(written(output)).isEqualTo(written);
      assertThat(receiver.requests()).hasSize(requests);
      monitor(folder.resolve("flink"), 0, WINDOWS, receiver, "--runner=FlinkRunner");
      assertThat(written(folder.resolve("flink"))).isEqualTo(written);
    }
    TreeMap<String, String> whole = written(output);

    // Runs whose bounds lie within days.
    Path scheduled = folder.resolve("scheduled");
    try (Receiver receiver = Receiver.start()) {
      int behind = 0;
      for (int from = 0; from < WINDOWS; from += 5) {
        monitor(scheduled, from, from + 5, receiver);
        behind += states(scheduled).stream().anyMatch(each -> each.endsWith("open")) ? 1 : 0;
      }
      assertThat(behind).isPositive();
      assertThat(written(scheduled)).isEqualTo(whole);
      assertThat(sent(receiver)).hasSize(2);
    }

    // The last day of a stream is still open.
    Path streamed = folder.resolve("streamed");
    try (Receiver receiver = Receiver.start()) {
      receiver.answers(request -> isOfRetraining(request) ? 503 : 200);
      stream(streamed, Destination.of(receiver.uri(), null));
      assertThat(written(streamed)).isEqualTo(whole.headMap("20240110"));
      assertThat(sent(receiver)).isNotEmpty().containsOnly(due(streamed).get(0));
      assertThat(kept(streamed)).isEmpty();

      // It died before its message was taken: a run that goes on from there sends it, once.
      receiver.answers(request -> 200);
      int before = sent(receiver).size();
      monitor(streamed, 0, WINDOWS, receiver);
      assertThat(written(streamed)).isEqualTo(whole);
      assertThat(kept(streamed)).containsExactlyInAnyOrderElementsOf(due(streamed));
      List<String> after = sent(receiver).subList(before, sent(receiver).size());
      assertThat(after).containsExactlyInAnyOrderElementsOf(due(streamed));
    }

    // Another run decides of the day before too: what follows from it is decided anew.
    log.change("cooldown: P2D", "cooldown: P3D");
    Path longer = folder.resolve("longer");
    try (Receiver receiver = Receiver.start()) {
      monitor(longer, 8, WINDOWS, receiver);
      assertThat(states(longer))
          .containsExactly("20240108 due", "20240109 cooldown", "20240110 cooldown");
      log.change("rows_at_least: 5400", "rows_at_least: 1800");
      monitor(longer, 4, 8, receiver);
      assertThat(states(longer))
          .containsExactly(
              "20240107 due", "20240108 cooldown", "20240109 cooldown", "20240110 due");
      assertThat(sent(receiver)).hasSize(3);
    } finally {
      log.change("cooldown: P3D", "cooldown: P2D");
      log.change("rows_at_least: 1800", "rows_at_least: 5400");
    }
  }

  /** Killed when it has written that the model is to be trained again, and nobody was told. */
  @Test
  void aRunThatDiesBeforeItSendsIsMadeGoodByTheNext() throws Exception {
    Path output = folder.resolve("died");
    try (Receiver receiver = Receiver.start()) {
      AtomicReference<Process> run = new AtomicReference<>();
      receiver.answers(
          request -> {
            if (isOfRetraining(request)) {
              run.get().destroyForcibly();
            }
            return isOfRetraining(request) ? 503 : 200;
          });
      run.set(apart(output, receiver));
      assertThat(run.get().waitFor())
          .as(Files.readString(folder.resolve("died.log")))
          .isEqualTo(137); // SIGKILL
      TreeMap<String, String> written = written(output);
      assertThat(due(output)).hasSize(2);
      assertThat(sent(receiver)).isNotEmpty().isSubsetOf(due(output)); // and not taken
      assertThat(kept(output)).isEmpty();

      receiver.answers(request -> 200);
      int before = receiver.requests().size();
      monitor(output, 0, WINDOWS, receiver);
      assertThat(written(output)).isEqualTo(written);
      List<Receiver.Request> after = receiver.requests();
      assertThat(after.subList(before, after.size()).stream())
          .filteredOn(RetrainTest::isOfRetraining)
          .extracting(Receiver.Request::body)
          .containsExactlyInAnyOrderElementsOf(due(output));
      assertThat(kept(output)).containsExactlyInAnyOrderElementsOf(due(output));
      assertThat(receiver.ids())
          .containsAll(
              Cli.findings(output).stream()
                  .filter(finding -> finding.get("alarm").asBoolean())
                  .map(finding -> finding.get("id").asText())
                  .toList());

      monitor(output, 0, WINDOWS, receiver);
      assertThat(receiver.requests()).hasSize(after.size());
    }
  }

  /** The same as {@link #monitor}, in a process of its own. */
  private static Process apart(Path output, Receiver receiver) throws IOException {
    String classes = System.getProperty("surefire.test.class.path");
    return new ProcessBuilder(
            "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes == null ? System.getProperty("java.class.path") : classes,
            Main.class.getName(),
            "monitor",
            "--spec=" + log.spec,
            "--events=" + log.events(),
            "--baseline=" + log.baseline,
            "--output=" + output,
            "--from=" + bounds.get(0),
            "--to=" + bounds.get(WINDOWS),
            "--alerts=" + receiver.uri())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("died.log").toFile())
        .start();
  }

  private static List<String> states(Path output) throws IOException {
    List<String> states = new ArrayList<>();
    for (var each : written(output).entrySet()) {
      states.add(each.getKey() + " " + JSON.readTree(each.getValue()).get("state").asText());
    }
    return states;
  }

  private static void check(Path output, TreeMap<String, String> written) throws IOException {
    assertThat(states(output)).containsExactly("20240108 due", "20240109 cooldown", "20240110 due");
    TreeMap<String, JsonNode> alarms = new TreeMap<>();
    for (JsonNode finding : Cli.findings(output)) {
      if (finding.get("alarm").asBoolean()) {
        alarms.put(finding.get("id").asText(), finding);
      }
    }
    long rows = 0;
    for (String text : written.values()) {
      JsonNode trigger = JSON.readTree(text);
      String start = trigger.get("period_start").asText();
      String end = trigger.get("period_end").asText();
      JsonNode drift = reason(trigger, "concept_drift");
      long ofPeriod =
          alarms.values().stream()
              .filter(each -> each.get("kind").asText().equals("concept_drift"))
              .map(each -> each.get("window_start").asText())
              .filter(at -> at.compareTo(start) >= 0 && at.compareTo(end) < 0)
              .count();
      assertThat(drift.get("count").asLong()).isEqualTo(ofPeriod);
      for (JsonNode cause : drift.get("findings")) {
        JsonNode finding = alarms.get(cause.get("id").asText());
        cause
            .fields()
            .forEachRemaining(
                field -> assertThat(finding.get(field.getKey())).isEqualTo(field.getValue()));
      }
      for (JsonNode figure : reason(trigger, "performance_below").get("figures")) {
        assertThat(figure.get("value").asDouble()).isLessThan(.6);
      }
      JsonNode snapshot = trigger.get("snapshot");
      JsonNode manifest = JSON.readTree(output.resolve(snapshot.get("manifest").asText()).toFile());
      assertThat(snapshot.get("rows")).isEqualTo(manifest.get("rows"));
      assertThat(manifest.get("period_start")).isEqualTo(trigger.get("period_start"));
      JsonNode benefit = trigger.get("expected_benefit");
      assertThat(benefit.get("lower").asDouble())
          .isLessThanOrEqualTo(benefit.get("error_share_in_slices").asDouble());
      assertThat(benefit.get("upper").asDouble())
          .isGreaterThan(benefit.get("error_share_in_slices").asDouble());
      rows += snapshot.get("labelled_rows_of_period").asLong();
    }
    assertThat(rows).isBetween(6_600L, 7_800L);
    JsonNode first = JSON.readTree(written.get("20240108"));
    assertThat(reason(first, "rows_at_least").get("rows").asLong()).isGreaterThan(5400);
    JsonNode second = JSON.readTree(written.get("20240109"));
    JsonNode slice = alarms.get(reason(second, "new_slice").at("/findings/0/id").asText());
    assertThat(slice.get("kind").asText()).isEqualTo("weak_slice");
    assertThat(second.at("/expected_benefit/lower").asDouble()).isGreaterThan(.2);
    assertThat(second.get("last")).isEqualTo(first.get("period_start"));
    assertThat(second.get("cooldown_until").asText()).isEqualTo("2024-01-11T00:00:00Z");
  }
}
