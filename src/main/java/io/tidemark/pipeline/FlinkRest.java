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
import java.util.List;

/** What a cluster's REST interface says of a job. */
final class FlinkRest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
    return new JobHealth(
        restarts,
        failure.path("entries").path(0).path("stacktrace").asText(""),
        checkpoints.path("counts").path("failed").asLong(),
        checkpoints.path("latest").path("failed").path("failure_message").asText(""),
        lag(path));
  }

  /** The largest of the readers' lags, in seconds; 0 where none is known. */
  private long lag(String path) throws IOException, InterruptedException {
    long lag = 0;
    for (JsonNode vertex : ask(path).path("vertices")) {
      if (!vertex.path("name").asText().startsWith("Source: ")) {
        continue;
      }
      String metrics = path + "/vertices/" + vertex.path("id").asText() + "/metrics";
      List<String> names = new ArrayList<>();
      for (JsonNode metric : ask(metrics)) {
        if (metric.path("id").asText().endsWith(StreamMetric.WATERMARK_LAG_SECONDS.id())) {
          names.add(metric.path("id").asText());
        }
      }
      if (!names.isEmpty()) {
        String asked = URLEncoder.encode(String.join(",", names), StandardCharsets.UTF_8);
        for (JsonNode metric : ask(metrics + "?get=" + asked)) {
          lag = Math.max(lag, metric.path("value").asLong());
        }
      }
    }
    return lag;
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
