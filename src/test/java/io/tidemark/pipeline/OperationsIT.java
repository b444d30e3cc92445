package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.simulate.LiveTopic;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A model followed in real time on a real cluster, as an operator sees it: what the metrics
 * endpoints show, what dashboard and rules ask for, and a job that is stopped with a savepoint and
 * goes on from it.
 */
@ResourceLock(Servers.CLUSTER)
@Order(Integer.MAX_VALUE)
class OperationsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** That of the demo, with shorter windows and snapshots that come sooner. */
  private static String spec;

  @TempDir static Path folder;
  private static Servers.Cluster cluster;
  private static Following following;
  private static String events;
  private static String labels;
  private static String alerts;

  @BeforeAll
  static void start() throws Exception {
    String text = Files.readString(Path.of("pipelines/loan-live.yaml"));
    Path sooner = folder.resolve("loan-live.yaml");
    Files.writeString(sooner, text.replace("PT1M", "PT5S").replace("size: PT15S", "size: PT5S"));
    spec = sooner.toString();
    String broker = Servers.broker();
    Servers.topic(broker, "live-events", 2);
    Servers.topic(broker, "live-labels", 2);
    Servers.topic(broker, "live-alerts", 1);
    events = "kafka://" + broker + "/live-events";
    alerts = "kafka://" + broker + "/live-alerts";
    labels = "kafka://" + broker + "/live-labels";
    cluster = Servers.cluster();
    following = Following.on(broker, cluster);
  }

  private static String get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      // The connection was an idle one, which the server was closing meanwhile.
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /** The lines of both processes, without comments. */
  private static List<String> scraped() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (int port : List.of(cluster.metricsPort(), cluster.metricsPort() + 1)) {
      get("http://localhost:" + port + "/metrics")
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(lines::add);
    }
    return lines;
  }

  private static String name(String line) {
    return line.replaceFirst("[{ ].*", "").replaceFirst("__loan_live$", "");
  }

  /** Sum over all tasks; NaN: no task has it. */
  private static double sum(StreamMetric metric) throws IOException, InterruptedException {
    double sum = Double.NaN;
    for (String line : scraped()) {
      if (name(line).equals(Queries.OURS + metric.id())) {
        assertThat(line.contains("__loan_live{")).isEqualTo(metric.kind().ofModels());
        double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        sum = Double.isNaN(sum) ? value : sum + value;
      }
    }
    return sum;
  }

  /** Waits; the cluster has thousands of metrics, which it is not to be kept busy with. */
  private static void until(Path log, Callable<Boolean> done) throws Exception {
    Servers.until(log, Duration.ofSeconds(1), done);
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    try {
      scraped().forEach(line -> names.add(name(line)));
    } catch (IOException | InterruptedException e) {
      names.add(e.toString());
    }
    return names;
  }

  /** The command; the first within this process, where what it loads is compiled already. */
  private static Following.Monitor monitor(Path log, boolean within, String... more)
      throws Exception {
    List<String> own = new ArrayList<>(List.of(more));
    own.add("--events=" + events + "?delay=PT2S");
    own.add("--labels=" + labels + "?delay=PT2S");
    own.add("--alerts=" + alerts);
    if (within) {
      own.add("--filesToStage=" + Path.of("target/tidemark.jar").toAbsolutePath());
    }
    Path baseline = folder.resolve("baseline.avro");
    Path output = folder.resolve("out");
    String[] options = own.toArray(new String[0]);
    return within
        ? following.follow(spec, baseline, output, log, options)
        : Following.monitor(following.followApart(spec, baseline, output, log, options));
  }

  private static void run(String... arguments) {
    Cli.Result result = Cli.run(arguments);
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void isSeenByItsMetricsAndGoesOnFromASavepoint() throws Exception {
    String rows = "--rows=4000";
    run("simulate", "--spec=" + spec, rows, "--windows=4", "--output=" + folder.resolve("log"));
    run(
        "baseline",
        "--spec=" + spec,
        "--events=" + folder.resolve("log/reference"),
        "--labels=" + folder.resolve("log/reference-labels"),
        "--output=" + folder.resolve("baseline.avro"));
    Path log = folder.resolve("monitor.log");
    Following.Monitor monitor = monitor(log, true, "--parallelism=2");
    try {
      String live = folder.resolve("live").toString();
      run(
          "simulate",
          "--spec=" + spec,
          rows,
          "--windows=4",
          "--output=" + live,
          "--live=" + events,
          "--live-labels=" + labels);
      JsonNode truth = JSON.readTree(folder.resolve("live/truth.json").toFile());
      JsonNode expected = truth.get("expected_rows");
      until(log, () -> sum(StreamMetric.ROWS_PROFILED) == expected.get("profiled").asDouble());
      assertThat(sum(StreamMetric.ROWS_IN)).isEqualTo(expected.get("read").asDouble());
      assertThat(sum(StreamMetric.ROWS_DUPLICATE)).isEqualTo(expected.get("duplicate").asDouble());
      assertThat(sum(StreamMetric.ROWS_DEAD_LETTERED))
          .isEqualTo(expected.get("dead_lettered").asDouble());
      assertThat(sum(StreamMetric.ROWS_LATE)).isZero();
      until(log, () -> sum(StreamMetric.WINDOW_REVISIONS) >= 4);
      until(log, () -> sum(StreamMetric.SNAPSHOTS_PUBLISHED) >= 1);
      assertEachMetricIsThere();

      String savepoint = cluster.jobs().stopWithSavepoint(log);
      assertThat(monitor.waitFor()).isZero();
      monitor = monitor(log, false, "--parallelism=1", "--savepointPath=" + savepoint);
      // That the row is too late, and no other is read again, the savepoint knows.
      try (LiveTopic topic = LiveTopic.of("--live", events)) {
        String first = Files.readAllLines(folder.resolve("log/events/part-00000.jsonl")).get(0);
        topic.send(first.getBytes(StandardCharsets.UTF_8));
        topic.flush();
      }
      until(log, () -> sum(StreamMetric.ROWS_LATE) == 1);
      assertThat(sum(StreamMetric.ROWS_IN)).isEqualTo(1);
    } finally {
      following.end(monitor);
    }
  }

  private static void assertEachMetricIsThere() throws Exception {
    Set<String> there = names();
    Set<String> missing = new TreeSet<>();
    for (String metric : Queries.metrics()) { // every one of StreamMetric is among them
      if (there.stream().noneMatch(name -> name.matches(metric))) {
        missing.add(metric);
      }
    }
    assertThat(missing).as(() -> String.join("\n", there)).isEmpty();
  }
}
