package io.tidemark.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Set;

/** What a cluster's REST interface says of a job. */
final class FlinkRest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<StreamMetric> TOLD =
      EnumSet.of(
          StreamMetric.WATERMARK_LAG_SECONDS,
          StreamMetric.ROWS_AHEAD,
          StreamMetric.OFFSETS_LOST,
          StreamMetric.SNAPSHOTS_REFUSED);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String address;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * @param address host and port, with or without http:// in front
   */
  FlinkRest(String address) {
    this.address = address.contains("://") ? address : "http://" + address;
  }

  /**
   * The id of the latest job of a name, or null: there is none that began since then.
   *
   * @param since milliseconds since the epoch
   */
  String job(String name, long since) throws IOException, InterruptedException {
    JsonNode latest = null;
    for (JsonNode job : ask("/jobs/overview").path("jobs")) {
      long start = job.path("start-time").asLong();
      boolean ours = job.path("name").asText().equals(name) && start >= since;
      if (ours && (latest == null || start > latest.path("start-time").asLong())) {
        latest = job;
      }
    }
    return latest == null ? null : latest.path("jid").asText();
  }

  /** How a job does. */
  JobHealth health(String job) throws IOException, InterruptedException {
    String path = "/jobs/" + job;
    long restarts = JobHealth.UNKNOWN;
    for (JsonNode metric : ask(path + "/metrics?get=numRestarts")) {
      restarts = metric.path("value").asLong();
    }
    JsonNode failure = ask(path + "/exceptions?maxExceptions=1").path("exceptionHistory");
    JsonNode checkpoints = ask(path + "/checkpoints");
    // Those that were never begun, because tasks had not started yet, leave no trace but a count.
    JsonNode failed = checkpoints.path("latest").path("failed");
    boolean begun = failed.isObject();
    EnumMap<StreamMetric, LongSummaryStatistics> figures = figures(path);
    return new JobHealth(
        restarts,
        failure.path("entries").path(0).path("stacktrace").asText(""),
        begun ? checkpoints.path("counts").path("failed").asLong() : 0,
        failed.path("failure_message").asText(""),
        Math.max(0, figures.get(StreamMetric.WATERMARK_LAG_SECONDS).getMax()),
        figures.get(StreamMetric.ROWS_AHEAD).getSum(),
        figures.get(StreamMetric.OFFSETS_LOST).getSum(),
        figures.get(StreamMetric.SNAPSHOTS_REFUSED).getSum());
  }

  /** What the job's steps say of the metrics that are told of. */
  private EnumMap<StreamMetric, LongSummaryStatistics> figures(String path)
      throws IOException, InterruptedException {
    EnumMap<StreamMetric, LongSummaryStatistics> figures = new EnumMap<>(StreamMetric.class);
    TOLD.forEach(metric -> figures.put(metric, new LongSummaryStatistics()));
    for (JsonNode vertex : ask(path).path("vertices")) {
      String metrics = path + "/vertices/" + vertex.path("id").asText() + "/metrics";
      List<String> names = new ArrayList<>();
      for (JsonNode metric : ask(metrics)) {
        if (told(metric) != null) {
          names.add(metric.path("id").asText());
        }
      }
      if (!names.isEmpty()) {
        String asked = URLEncoder.encode(String.join(",", names), StandardCharsets.UTF_8);
        for (JsonNode metric : ask(metrics + "?get=" + asked)) {
          figures.get(told(metric)).accept(metric.path("value").asLong());
        }
      }
    }
    return figures;
  }

  /** Which of the metrics a figure is of; null: none of these. */
  private static StreamMetric told(JsonNode metric) {
    String id = metric.path("id").asText();
    for (StreamMetric each : TOLD) {
      if (id.endsWith("." + StreamMetric.NAMESPACE + "." + each.id())) {
        return each;
      }
    }
    return null;
  }

  private JsonNode ask(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE).build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the cluster answers " + answer.statusCode() + " to " + path);
    }
    return JSON.readTree(answer.body());
  }
}
