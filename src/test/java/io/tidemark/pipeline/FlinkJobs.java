package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The jobs of a cluster.
 *
 * @param address host and port of its REST interface
 */
record FlinkJobs(String address) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Those that have not ended. */
  List<String> running() throws IOException, InterruptedException {
    List<String> running = new ArrayList<>();
    for (JsonNode job : ask("GET", "/jobs", "").get("jobs")) {
      if (!List.of("FINISHED", "CANCELED", "FAILED").contains(job.get("status").asText())) {
        running.add(job.get("id").asText());
      }
    }
    return running;
  }

  /** Whether there is a job, all of whose tasks run. */
  boolean underWay() throws IOException, InterruptedException {
    List<String> jobs = running();
    if (jobs.isEmpty()) {
      return false;
    }
    List<String> states =
        ask("GET", "/jobs/" + jobs.get(0), "").at("/vertices").findValuesAsText("status");
    return !states.isEmpty() && states.stream().allMatch("RUNNING"::equals);
  }

  /** How often the only job was restarted since it was submitted. */
  int restarts() throws IOException, InterruptedException {
    return ask("GET", "/jobs/" + running().get(0) + "/metrics?get=numRestarts", "")
        .at("/0/value")
        .asInt(-1);
  }

  /** Waits for two more checkpoints of the only job: the second began after this was called. */
  void awaitCheckpoint(Path log) throws Exception {
    String path = "/jobs/" + running().get(0) + "/checkpoints";
    int before = ask("GET", path, "").at("/counts/completed").asInt();
    Servers.until(log, () -> ask("GET", path, "").at("/counts/completed").asInt() > before + 1);
  }

  private JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    String answer = HTTP.send(request, BodyHandlers.ofString()).body();
    return JSON.readTree(answer.isEmpty() ? "{}" : answer);
  }

  /**
   * Stops the only job with a savepoint. Returns where it is. Waits for all of its tasks first: of
   * a job that is just restarted Flink forgets that it was asked.
   *
   * @param log of the job, shown where that fails
   */
  String stopWithSavepoint(Path log) throws Exception {
    Servers.until(log, this::underWay);
    String job = running().get(0);
    String stop = "/jobs/" + job + "/stop";
    String trigger = ask("POST", stop, "{\"drain\": false}").get("request-id").asText();
    String path = "/jobs/" + job + "/savepoints/" + trigger;
    Servers.until(log, () -> !ask("GET", path, "").at("/status/id").asText().equals("IN_PROGRESS"));
    JsonNode done = ask("GET", path, "");
    Servers.until(log, () -> running().isEmpty());
    assertThat(done.at("/operation/location").asText()).as(done.toString()).isNotEmpty();
    return done.at("/operation/location").asText();
  }

  void cancelAll(Path log) throws Exception {
    for (String job : running()) {
      ask("PATCH", "/jobs/" + job + "?mode=cancel", "");
    }
    Servers.until(log, () -> running().isEmpty());
  }
}
