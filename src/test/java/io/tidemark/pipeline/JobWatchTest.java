package io.tidemark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against answers of a cluster's REST interface as Flink 1.19 gives them, shortened. */
class JobWatchTest {
  private static final String STAY =
      "the job: 3 snapshots stay as they are, because the job has seen less (the TaskManager's log"
          + " says why)\n";

  private static final Duration SOON = Duration.ofMillis(20);

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final StringWriter said = new StringWriter();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String answer = answers.get(exchange.getRequestURI().toString());
          byte[] body = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    answers.put(
        "/jobs/overview",
        """
        {"jobs":[{"jid":"old","name":"tidemark-monitor-m","start-time":900,"state":"RUNNING"},
        {"jid":"b1","name":"another","start-time":2000,"state":"RUNNING"},
        {"jid":"a1","name":"tidemark-monitor-m","start-time":1500,"state":"RUNNING"}]}\
        """);
    answers.put(
        "/jobs/a1",
        """
        {"vertices":[{"id":"v1","name":"Source: m/Read/Events -> m/Read/TellApart"},
        {"id":"v2","name":"m/HoldRows"}]}\
        """);
    answers.put(
        "/jobs/a1/vertices/v1/metrics",
        """
        [{"id":"0.numRecordsOut"},{"id":"0.Source__m.tidemark.watermark_lag_seconds"},
        {"id":"1.Source__m.tidemark.watermark_lag_seconds"}]\
        """);
    answers.put(
        "/jobs/a1/vertices/v2/metrics",
        """
        [{"id":"0.m_Select.tidemark.snapshots_refused"},
        {"id":"1.m_Select.tidemark.snapshots_refused"},
        {"id":"0.m_Select.tidemark.snapshots_published"}]\
        """);
    answers.put(
        "/jobs/a1/vertices/v2/metrics?get=0.m_Select.tidemark.snapshots_refused"
            + "%2C1.m_Select.tidemark.snapshots_refused",
        """
        [{"id":"0.m_Select.tidemark.snapshots_refused","value":"2"},
        {"id":"1.m_Select.tidemark.snapshots_refused","value":"1"}]\
        """);
    state(0, "", 0, "", 3);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void state(long restarts, String trace, long failed, String why, long lag) {
    String lags =
        "/jobs/a1/vertices/v1/metrics?get=0.Source__m.tidemark.watermark_lag_seconds"
            + "%2C1.Source__m.tidemark.watermark_lag_seconds";
    answers.put(
        lags,
        """
        [{"id":"0.Source__m.tidemark.watermark_lag_seconds","value":"1"},
        {"id":"1.Source__m.tidemark.watermark_lag_seconds","value":"LAG"}]\
        """
            .replace("LAG", Long.toString(lag)));
    answers.put(
        "/jobs/a1/exceptions?maxExceptions=1",
        "{\"exceptionHistory\":{\"entries\":[{\"stacktrace\":\"" + trace + "\"}]}}");
    answers.put(
        "/jobs/a1/checkpoints",
        "{\"counts\":{\"failed\":"
            + failed
            + "},\"latest\":{\"failed\":{\"failure_message\":\""
            + why
            + "\"}}}");
    answers.put( // last: it is asked first
        "/jobs/a1/metrics?get=numRestarts",
        "[{\"id\":\"numRestarts\",\"value\":\"" + restarts + "\"}]");
  }

  private FlinkRest cluster() {
    return new FlinkRest("localhost:" + server.getAddress().getPort());
  }

  @Test
  void findsTheLatestJobOfTheNameAndHowItDoes() throws Exception {
    assertThat(cluster().job("tidemark-monitor-m", 1000)).isEqualTo("a1");
    assertThat(cluster().job("tidemark-monitor-m", 1600)).isNull();
    state(2, "java.io.IOException: gone", 1, "Checkpoint expired", 700);
    assertThat(cluster().health("a1"))
        .isEqualTo(
            new JobHealth(2, "java.io.IOException: gone", 1, "Checkpoint expired", 700, 0, 0, 3));
    // As while tasks are about to start.
    answers.put("/jobs/a1/checkpoints", "{\"counts\":{\"failed\":4},\"latest\":{\"failed\":null}}");
    assertThat(cluster().health("a1").failedCheckpoints()).isZero();
  }

  @Test
  void tellsWhatHappensOnce() throws Exception {
    String trace =
        "java.lang.Exception: in a step\\n\\tat a.B.c(B.java:1)\\n"
            + "Caused by: java.io.IOException: the disk is full\\n\\tat a.B.d(B.java:2)";
    try (JobWatch watch =
        JobWatch.of(cluster(), "tidemark-monitor-m", 1000, new PrintWriter(said), SOON)) {
      until(STAY);
      state(3, trace, 0, "", 3);
      until(STAY + "the job: restarted 3 times: the disk is full\n");
      server.stop(0);
      until(
          STAY
              + "the job: restarted 3 times: the disk is full\n"
              + "the cluster does not answer; the job may run on without it\n");
      Thread.sleep(100);
    }
    assertThat(said.toString().lines()).hasSize(3);
  }

  private void until(String text) throws Exception {
    for (int i = 0; i < 500 && !said.toString().equals(text); i++) {
      Thread.sleep(20);
    }
    assertThat(said.toString()).isEqualTo(text);
  }

  @Test
  void saysWhatIsNew() {
    JobHealth fine = JobHealth.NEW;
    assertThat(fine.since(fine)).isNull();
    JobHealth one =
        new JobHealth(
            1, "x.YException: why\n\tat a.B.c(B.java:1)", 1, "Checkpoint expired", 20, 0, 0, 0);
    assertThat(one.since(fine))
        .isEqualTo("the job: restarted once: why; a checkpoint failed: Checkpoint expired");
    assertThat(one.since(one.remembered(fine))).isNull();
    JobHealth more =
        new JobHealth(1, "x.YException: why\n\tat a.B.c(B.java:1)", 4, "", 30, 0, 0, 0);
    assertThat(more.since(one)).isEqualTo("the job: 3 checkpoints failed");
    JobHealth unknown = new JobHealth(JobHealth.UNKNOWN, "", 4, "", 30, 0, 0, 0);
    assertThat(more.since(unknown.remembered(more))).isNull();
  }

  @Test
  void saysThatItFallsBehindAndCatchesUp() {
    JobHealth told = JobHealth.NEW;
    StringBuilder lines = new StringBuilder();
    for (long lag : new long[] {500, 700, 900, 1300, 1500, 1400, 2700, 590, 600}) {
      JobHealth now = new JobHealth(0, "", 0, "", lag, 0, 0, 0);
      lines.append(now.since(told)).append('|');
      told = now.remembered(told);
    }
    assertThat(lines.toString().replace("the job: event time ", ""))
        .isEqualTo(
            "null|is 11 minutes behind the clock|null|null|is 25 minutes behind the clock|null|null"
                + "|has caught up|is 10 minutes behind the clock|");
  }

  @Test
  void saysWhatTheJobMeets() {
    JobHealth told = JobHealth.NEW;
    JobHealth some = new JobHealth(0, "", 0, "", 0, 1200, 1, 1);
    assertThat(some.since(told))
        .isEqualTo(
            "the job: 1,200 rows are dated more than an hour ahead (the TaskManager's log says"
                + " where); 1 offset was gone before they were read (dead-letters/ says which);"
                + " 1 snapshot stays as it is, because the job has seen less (the TaskManager's"
                + " log says why)");
    assertThat(some.since(some.remembered(told))).isNull();
    JobHealth anew = new JobHealth(0, "", 0, "", 0, 5, 0, 0); // counters begin anew
    assertThat(anew.since(some)).startsWith("the job: 5 rows are dated");
  }
}
