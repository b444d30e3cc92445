package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.alerts.Receiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run's webhook gets: every stage's alarms, each once whatever is run again. */
class AlertsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Log log;
  private Receiver receiver;

  @BeforeAll
  static void simulate() throws Exception {
    log = Log.simulate(folder, "jsonl", 6_000, "--windows=8", "--drift=default,concept");
    log.change("size: PT6H,", "size: PT6H, horizons: [P1D],");
    log.change("snapshot: .*", "performance: {detectors: [adwin]}\nsnapshot: off");
  }

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private Cli.Result monitor(Path output, String... more) {
    String[] all = java.util.Arrays.copyOf(more, more.length + 1);
    all[more.length] = "--alerts=" + receiver.uri();
    return log.monitor(log.events(), output, all);
  }

  /** The lines of findings that rang. */
  private static Set<String> alarms(Path output) throws IOException {
    Set<String> lines = new TreeSet<>();
    for (Path file : Cli.files(output.resolve("findings"))) {
      for (String line : Files.readAllLines(file)) {
        if (JSON.readTree(line).get("alarm").asBoolean()) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  /**
   * Whether an alarm is among the findings by now.
   *
   * @param seen alarms that were, which need not be read again for each of thousands
   */
  private static boolean written(Path output, String line, Set<String> seen) {
    try {
      if (!seen.contains(line)) {
        seen.addAll(alarms(output));
      }
      return seen.contains(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode record(Path output) throws IOException {
    return JSON.readTree(Files.readString(Cli.files(output.resolve("runs")).get(0))).get("alerts");
  }

  @Test
  void everyStagesAlarmsAreSentOnceTheyAreWritten() throws Exception {
    Path output = folder.resolve("once");
    Path key = Files.writeString(folder.resolve("key"), "of the receiver");
    Set<String> seen = ConcurrentHashMap.newKeySet();
    receiver.answers(
        request ->
            request.attempt() == 1 && request.id().endsWith("0")
                ? 429
                : written(output, request.body(), seen) ? 200 : 400);
    Cli.Result first = monitor(output, "--alerts-key=" + key);
    assertThat(first.code()).as(first.err()).isZero();
    Set<String> alarms = alarms(output);
    List<Receiver.Request> taken =
        receiver.requests().stream()
            .filter(request -> request.attempt() == 2 || !request.id().endsWith("0"))
            .toList();
    assertThat(taken)
        .extracting(Receiver.Request::body)
        .containsExactlyInAnyOrderElementsOf(alarms);
    Set<String> kinds = new TreeSet<>();
    for (String alarm : alarms) {
      JsonNode finding = JSON.readTree(alarm);
      kinds.add(finding.get("kind").asText());
      kinds.add(finding.get("window_end").asText().endsWith("T00:00:00Z") ? "horizon" : "window");
    }
    assertThat(kinds).contains("data_drift", "concept_drift", "performance", "window", "horizon");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Files.readAllBytes(key), "HmacSHA256"));
    for (Receiver.Request request : receiver.requests()) {
      byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
      assertThat(request.signature())
          .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(body)));
    }
    assertThat(first.out()).contains("Alerts:     " + alarms.size() + " sent to http://localhost");
    assertThat(first.out() + record(output)).doesNotContain("/hook").doesNotContain("receiver\"");
    assertThat(record(output).get("sent").asInt()).isEqualTo(alarms.size());

    var results = Log.results(output);
    int requests = receiver.requests().size();
    Cli.Result again = monitor(output, "--fail-on-alarm");
    assertThat(again.code()).as(again.err()).isEqualTo(3);
    assertThat(receiver.requests()).hasSize(requests);
    assertThat(Log.results(output)).isEqualTo(results);
    assertThat(again.out()).contains("Alerts:     0 sent to http://localhost:");
  }

  @Test
  void whatIsNotDeliveredIsSaidAndSentByTheNextRun() throws Exception {
    Path output = folder.resolve("refused");
    receiver.answers(request -> request.body().contains("\"data_drift\"") ? 413 : 200);
    Cli.Result first = monitor(output, "--runner=FlinkRunner");
    assertThat(first.code()).isEqualTo(1);
    Set<String> alarms = alarms(output);
    long refused = alarms.stream().filter(line -> line.contains("\"data_drift\"")).count();
    assertThat(refused).isPositive().isLessThan(alarms.size());
    assertThat(first.err())
        .contains("tidemark failed: " + refused + " alerts of loans were not delivered to http://")
        .contains("Their findings are written; run again to send what is missing:\n")
        .contains(": answered 413")
        .doesNotContain("\tat ", "Exception", "/hook");
    assertThat(record(output).get("undelivered").asInt()).isEqualTo(refused);
    receiver.answers(request -> 200);
    int requests = receiver.requests().size();
    Cli.Result second = monitor(output);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(receiver.requests()).hasSize(requests + (int) refused);
    assertThat(new TreeSet<>(receiver.ids())).hasSize(alarms.size());
  }

  @Test
  void aReceiverThatIsNotThereIsSaidBeforeTheRun() {
    receiver.close();
    Path output = folder.resolve("nobody");
    Cli.Result result = monitor(output);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("--alerts: nobody answers at http://localhost:")
        .doesNotContain("\tat ", "Exception", "/hook");
    assertThat(output).doesNotExist();
  }
}
