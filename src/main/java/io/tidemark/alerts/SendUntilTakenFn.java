package io.tidemark.alerts;

import io.tidemark.telemetry.ModelCounter;
import io.tidemark.telemetry.StreamMetric;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the alerts of a job without end. An alert that is not taken waits in its key's state, which
 * checkpoints hold, and is tried again ever more slowly: a receiver that is down, or that refuses
 * what it gets, delays alerts and stops nothing else. State is there only while an alert waits;
 * that it was sent is a file.
 */
final class SendUntilTakenFn extends DoFn<KV<String, Alert>, KV<String, String>> {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(SendUntilTakenFn.class);

  /** While nobody takes any, one alert tries and the others wait, so long at most. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  /** After the end of its window, by event time. */
  private static final org.joda.time.Duration REMEMBERED = org.joda.time.Duration.standardDays(365);

  /** A try that fails slowly is paid for: the job's other work gets that many times as long. */
  private static final int WORK = 3;

  @StateId("waiting")
  private final StateSpec<ValueState<Alert>> waitingSpec = StateSpecs.value(new Alert.AlertCoder());

  @StateId("failures")
  private final StateSpec<ValueState<Integer>> failuresSpec = StateSpecs.value(VarIntCoder.of());

  /** That it is counted as sent; an attempt that failed may have sent it and counted nothing. */
  @StateId("counted")
  private final StateSpec<ValueState<Boolean>> countedSpec = StateSpecs.value(BooleanCoder.of());

  @TimerId("again")
  private final TimerSpec againSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  @TimerId("forget")
  private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Destination destination;
  private final SentAlerts sent;
  private final Backoff backoff;
  private final ModelCounter alertsSent;
  private final ModelCounter failedTries;

  private transient Sender sender;
  private transient long quietUntil; // of the clock of System.nanoTime
  private transient boolean quiet;

  SendUntilTakenFn(Destination destination, SentAlerts sent, Backoff backoff, Set<String> models) {
    this.alertsSent = StreamMetric.ALERTS_SENT.counter(models);
    this.failedTries = StreamMetric.ALERT_TRIES_FAILED.counter(models);
    this.destination = destination;
    this.sent = sent;
    this.backoff = backoff;
  }

  @StartBundle
  public void start() {
    failedTries.begin();
  }

  @ProcessElement
  public void process(
      @Element KV<String, Alert> alarm,
      @StateId("waiting") ValueState<Alert> waiting,
      @StateId("failures") ValueState<Integer> failures,
      @StateId("counted") ValueState<Boolean> counted,
      @TimerId("again") Timer again,
      @TimerId("forget") Timer forget,
      MultiOutputReceiver out)
      throws IOException, InterruptedException {
    Alert alert = alarm.getValue();
    Alert held = waiting.read();
    if (held != null) {
      waiting.write(Alert.newer(held, alert)); // a revision of what was not sent yet
    } else if (sent.has(alert)) {
      count(alert, counted, forget, out);
    } else {
      waiting.write(alert);
      failures.write(0);
      attempt(waiting, failures, counted, again, forget, out);
    }
  }

  @OnTimer("again")
  public void again(
      @StateId("waiting") ValueState<Alert> waiting,
      @StateId("failures") ValueState<Integer> failures,
      @StateId("counted") ValueState<Boolean> counted,
      @TimerId("again") Timer again,
      @TimerId("forget") Timer forget,
      MultiOutputReceiver out)
      throws IOException, InterruptedException {
    Alert alert = waiting.read();
    if (alert == null) {
      return;
    }
    if (sent.has(alert)) { // by an attempt that failed before a checkpoint held it
      count(alert, counted, forget, out);
      waiting.clear();
      failures.clear();
      return;
    }
    attempt(waiting, failures, counted, again, forget, out);
  }

  /** Nothing of the window comes any more that was on its way when the alert was sent. */
  @OnTimer("forget")
  public void forget(@StateId("counted") ValueState<Boolean> counted) {
    counted.clear();
  }

  /** A job that ends, because it is drained or its input ends, would forget what waits. */
  @OnWindowExpiration
  public void end(@StateId("waiting") ValueState<Alert> waiting, MultiOutputReceiver out)
      throws IOException, InterruptedException {
    Alert alert = waiting.read();
    if (alert == null) {
      return;
    }
    if (sent.has(alert)) { // by an attempt that failed before a checkpoint held it
      out.get(SendAlerts.SENT).output(KV.of(alert.model(), alert.id()));
      return;
    }
    try {
      new RetryingSender(sender(), backoff).send(alert.id(), alert.body());
    } catch (DeliveryException e) {
      throw new IOException("not delivered to " + destination.shown() + ": " + alert.line(e));
    }
    taken(alert);
    out.get(SendAlerts.SENT).output(KV.of(alert.model(), alert.id()));
  }

  private void attempt(
      ValueState<Alert> waiting,
      ValueState<Integer> failures,
      ValueState<Boolean> counted,
      Timer again,
      Timer forget,
      MultiOutputReceiver out)
      throws IOException, InterruptedException {
    long left = quiet ? quietUntil - System.nanoTime() : 0;
    if (left > 0) {
      wait(left / 1_000_000 + 1, again);
      return;
    }
    Alert alert = waiting.read();
    long begun = System.nanoTime();
    try {
      sender().send(alert.id(), alert.body());
    } catch (DeliveryException e) {
      int failed = failures.read() + 1;
      long millis = backoff.millis(failed, e);
      failures.write(failed);
      failedTries.inc(alert.model(), 1);
      LOG.warn(
          "{} not delivered to {}; tried again in {} s",
          alert.line(e),
          destination.shown(),
          millis / 1000);
      if (e.kind() != DeliveryException.Kind.REFUSED) {
        quiet = true;
        long now = System.nanoTime();
        long rest = Math.max(millis * 1_000_000, WORK * (now - begun));
        quietUntil = now + Math.min(QUIET.toNanos(), rest);
      }
      wait(millis, again);
      return;
    }
    quiet = false;
    taken(alert);
    count(alert, counted, forget, out);
    waiting.clear();
    failures.clear();
  }

  private void taken(Alert alert) throws IOException {
    sent.add(alert);
    alertsSent.inc(alert.model(), 1);
  }

  /** Once: state goes back with a failure, as the sum does that it is counted in. */
  private static void count(
      Alert alert, ValueState<Boolean> counted, Timer forget, MultiOutputReceiver out) {
    if (counted.read() == null) {
      counted.write(true);
      forget.set(new org.joda.time.Instant(Math.floorDiv(alert.end(), 1000)).plus(REMEMBERED));
      out.get(SendAlerts.SENT).output(KV.of(alert.model(), alert.id()));
    }
  }

  /** What cannot be used here now, such as a host whose name is not known, may be later. */
  private Sender sender() throws DeliveryException {
    if (sender == null) {
      try {
        sender = destination.open();
      } catch (AlertsException e) {
        throw new DeliveryException(DeliveryException.Kind.SILENT, e.getMessage(), 0);
      }
    }
    return sender;
  }

  private static void wait(long millis, Timer again) {
    again.offset(org.joda.time.Duration.millis(millis)).setRelative();
  }

  @Teardown
  public void close() {
    if (sender != null) {
      sender.close();
      sender = null;
    }
  }
}
