package io.tidemark.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendAlertsTest {
  private static final Alert INCOME = Alarms.of("income", 7);
  private static final Alert DEBT = Alarms.of("debt", 7);
  private static final Backoff SHORT = new Backoff(1, 1000, 3);

  @TempDir Path output;
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private SendAlerts send() {
    return SendAlerts.to(Destination.of(receiver.uri(), null), output.toString(), Set.of("m"))
        .with(SHORT);
  }

  private void run(
      PipelineOptions options, List<String> sent, List<String> undelivered, Alert... findings) {
    Pipeline pipeline = Pipeline.create(options);
    PCollectionTuple told =
        pipeline
            .apply(Create.of(Arrays.asList(findings)).withCoder(new Alert.AlertCoder()))
            .apply(send());
    PAssert.that(told.get(SendAlerts.SENT).apply(Values.create())).containsInAnyOrder(sent);
    PAssert.that(told.get(SendAlerts.UNDELIVERED).apply("Lines", Values.create()))
        .containsInAnyOrder(undelivered);
    pipeline.run().waitUntilFinish();
  }

  private void run(List<String> sent, List<String> undelivered, Alert... findings) {
    run(PipelineOptionsFactory.create(), sent, undelivered, findings);
  }

  private List<String> markers() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> output.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static String marker(Alert finding) {
    return "alerts/model=a%20model/window=20240501T000000Z/" + finding.id() + ".json";
  }

  @Test
  void sendsWhatRangAndKeepsWhatWasSent() throws Exception {
    run(List.of(INCOME.id()), List.of(), INCOME);
    assertThat(receiver.requests()).hasSize(1);
    assertThat(receiver.requests().get(0).body()).isEqualTo(INCOME.text());
    assertThat(markers()).containsExactly(marker(INCOME));
    assertThat(output.resolve(marker(INCOME))).content().isEqualTo(INCOME.text() + "\n");
  }

  @Test
  void sendsEachOnceByItsId() throws Exception {
    Alert revised = Alarms.of("income", 9);
    run(List.of(INCOME.id(), DEBT.id()), List.of(), INCOME, revised, DEBT, DEBT);
    assertThat(receiver.ids()).containsExactlyInAnyOrder(INCOME.id(), DEBT.id());
    assertThat(output.resolve(marker(INCOME))).content().contains("\"revision\":9");
    run(List.of(), List.of(), Alarms.of("income", 10), DEBT);
    assertThat(receiver.requests()).hasSize(2);
    assertThat(output.resolve(marker(INCOME))).content().contains("\"revision\":9");
  }

  @Test
  void triesAgainWhatIsNotTakenNow() throws Exception {
    receiver.answers(request -> request.attempt() < 3 ? 503 : 200);
    run(List.of(INCOME.id()), List.of(), INCOME);
    assertThat(receiver.requests()).hasSize(3);
    assertThat(new HashSet<>(receiver.ids())).hasSize(1);
  }

  @Test
  void givesUpAtOnceWhatIsRefused() throws Exception {
    receiver.answers(request -> request.body().contains("income") ? 422 : 200);
    String line =
        INCOME.id() + " (data_drift of income, window from 2024-05-01T00:00:00Z): answered 422";
    run(List.of(DEBT.id()), List.of(line), INCOME, DEBT);
    assertThat(receiver.requests()).hasSize(2);
    assertThat(markers()).containsExactly(marker(DEBT));
    receiver.answers(request -> 200);
    run(List.of(INCOME.id()), List.of(), INCOME, DEBT); // what is missing
    assertThat(receiver.requests()).hasSize(3);
  }

  @Test
  void isPatientOnceARun() throws Exception {
    receiver.answers(request -> 500);
    try (RetryingSender sender =
        new RetryingSender(Destination.of(receiver.uri(), null).open(), SHORT)) {
      byte[] body = {1};
      assertThatThrownBy(() -> sender.send("a", body)).hasMessage("answered 500");
      assertThat(receiver.requests()).hasSize(3);
      assertThatThrownBy(() -> sender.send("b", body)).hasMessage("answered 500");
      assertThat(receiver.requests()).hasSize(4);
      receiver.answers(request -> request.attempt() == 1 ? 200 : 500);
      sender.send("c", body);
      assertThatThrownBy(() -> sender.send("c", body)).hasMessage("answered 500");
      assertThat(receiver.requests()).hasSize(8);
      receiver.close();
      assertThatThrownBy(() -> sender.send("d", body)).hasMessage("connection refused");
      assertThatThrownBy(() -> sender.send("e", body))
          .hasMessage("not tried after others: connection refused");
    }
  }

  @Test
  void runsOnFlinkInBatch() throws Exception {
    receiver.answers(request -> request.body().contains("debt") ? 400 : 200);
    Pipeline pipeline = Pipeline.create(flink(false));
    pipeline
        .apply(Create.of(INCOME, Alarms.of("income", 8), DEBT).withCoder(new Alert.AlertCoder()))
        .apply(send());
    pipeline.run().waitUntilFinish();
    assertThat(receiver.ids()).containsExactlyInAnyOrder(INCOME.id(), DEBT.id());
    assertThat(markers()).containsExactly(marker(INCOME));
  }

  private static PipelineOptions flink(boolean streaming) {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setParallelism(2);
    options.setStreaming(streaming);
    if (streaming) {
      options.setCheckpointingInterval(200L);
      options.setNumberOfExecutionRetries(0);
      options.setShutdownSourcesAfterIdleMs(0L);
    }
    return options;
  }

  @Test
  void holdsWhatIsNotTakenInAStream() throws Exception {
    receiver.answers(request -> request.attempt() == 1 && isOf(request, DEBT) ? 401 : 200);
    TestStream<Alert> stream =
        TestStream.create(new Alert.AlertCoder())
            .addElements(INCOME, DEBT)
            .addElements(Alarms.of("income", 8), Alarms.of("debt", 8))
            .advanceProcessingTime(Duration.standardMinutes(1))
            .addElements(Alarms.of("income", 9), Alarms.of("debt", 9))
            .advanceWatermarkToInfinity();
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple told = pipeline.apply(stream).apply(send());
    PAssert.that(told.get(SendAlerts.SENT).apply(Values.create()))
        .containsInAnyOrder(INCOME.id(), DEBT.id());
    pipeline.run().waitUntilFinish();
    assertThat(receiver.ids()).containsExactlyInAnyOrder(INCOME.id(), DEBT.id(), DEBT.id());
    assertThat(output.resolve(marker(INCOME))).content().contains("\"revision\":7");
    assertThat(output.resolve(marker(DEBT))).content().contains("\"revision\":8");
  }

  /**
   * An attempt that failed has sent an alert after the checkpoint that the job goes back to: it
   * comes again, is not sent again, and counts as sent once, as what it sends now does.
   */
  @Test
  void countsOnceWhatAnAttemptThatFailedHasSent() throws Exception {
    SentAlerts sent = new SentAlerts(output.toString());
    sent.add(INCOME);
    TestStream<Alert> stream =
        TestStream.create(new Alert.AlertCoder())
            .addElements(INCOME, DEBT)
            .addElements(Alarms.of("income", 8), DEBT)
            .advanceWatermarkToInfinity();
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple told = pipeline.apply(stream).apply(send());
    PAssert.that(told.get(SendAlerts.SENT).apply(Values.create()))
        .containsInAnyOrder(INCOME.id(), DEBT.id());
    pipeline.run().waitUntilFinish();
    assertThat(receiver.ids()).containsExactly(DEBT.id());
  }

  /** It was taken by an attempt that failed before a checkpoint held that it no longer waits. */
  @Test
  void doesNotSendAgainWhatWaitsAndWasTaken() throws Exception {
    receiver.answers(
        request -> {
          try { // what happens to be sent by the time of the next try
            new SentAlerts(output.toString()).add(INCOME);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          return 503;
        });
    TestStream<Alert> stream =
        TestStream.create(new Alert.AlertCoder())
            .addElements(INCOME)
            .advanceProcessingTime(Duration.standardMinutes(1))
            .advanceWatermarkToInfinity();
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple told = pipeline.apply(stream).apply(send());
    PAssert.that(told.get(SendAlerts.SENT).apply(Values.create())).containsInAnyOrder(INCOME.id());
    pipeline.run().waitUntilFinish();
    assertThat(receiver.ids()).containsExactly(INCOME.id());
  }

  @Test
  void leavesOutWhatWasSentBefore() throws Exception {
    new SentAlerts(output.toString()).add(INCOME);
    Pipeline pipeline = Pipeline.create();
    PCollection<Alert> left =
        pipeline
            .apply(Create.of(INCOME, DEBT).withCoder(new Alert.AlertCoder()))
            .apply(SendAlerts.notSentBefore(output.toString()));
    PAssert.that(left).containsInAnyOrder(DEBT);
    pipeline.run().waitUntilFinish();
  }

  private static boolean isOf(Receiver.Request request, Alert finding) {
    return request.id().equals(finding.id());
  }

  private void streamOnFlink(Alert... findings) {
    Pipeline pipeline = Pipeline.create(flink(true));
    PCollection<Alert> unbounded =
        pipeline
            .apply(Create.of(Arrays.asList(findings)).withCoder(new Alert.AlertCoder()))
            .setIsBoundedInternal(PCollection.IsBounded.UNBOUNDED);
    unbounded.apply(send());
    pipeline.run().waitUntilFinish();
  }

  @Test
  void streamsOnFlink() throws Exception {
    List<Alert> findings = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      findings.add(Alarms.of("f" + i % 10, i));
    }
    receiver.answers(request -> request.attempt() == 1 ? 500 : 200);
    streamOnFlink(findings.toArray(new Alert[0]));
    assertThat(markers()).hasSize(10);
    assertThat(receiver.requests().stream().map(Receiver.Request::attempt))
        .hasSize(20)
        .containsOnly(1, 2);
    streamOnFlink(findings.toArray(new Alert[0])); // a job that starts anew
    assertThat(receiver.requests()).hasSize(20);
  }

  @Test
  void aStreamThatEndsSaysWhatItCouldNotSend() {
    receiver.answers(request -> 403);
    assertThatThrownBy(() -> streamOnFlink(INCOME))
        .hasStackTraceContaining("not delivered to http://localhost:")
        .hasStackTraceContaining("answered 403");
  }
}
