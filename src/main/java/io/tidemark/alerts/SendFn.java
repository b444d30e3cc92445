package io.tidemark.alerts;

import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Sends the alerts of a run that ends. */
final class SendFn extends DoFn<KV<String, Iterable<Alert>>, KV<String, String>> {
  private static final long serialVersionUID = 1;

  private final Destination destination;
  private final SentAlerts sent;
  private final Backoff backoff;
  private final Counter alertsSent = Metrics.counter("tidemark", "alerts_sent");
  private final Counter alertsUndelivered = Metrics.counter("tidemark", "alerts_undelivered");

  private transient RetryingSender sender;

  SendFn(Destination destination, SentAlerts sent, Backoff backoff) {
    this.destination = destination;
    this.sent = sent;
    this.backoff = backoff;
  }

  @ProcessElement
  public void process(@Element KV<String, Iterable<Alert>> alarm, MultiOutputReceiver out)
      throws IOException, InterruptedException {
    Alert alert = null;
    for (Alert each : alarm.getValue()) {
      alert = Alert.newer(alert, each);
    }
    if (sent.has(alert)) {
      return;
    }
    if (sender == null) {
      sender = new RetryingSender(destination.open(), backoff);
    }
    try {
      sender.send(alert.id(), alert.body());
    } catch (DeliveryException e) {
      alertsUndelivered.inc();
      out.get(SendAlerts.UNDELIVERED).output(KV.of(alert.model(), alert.line(e)));
      return;
    }
    sent.add(alert);
    alertsSent.inc();
    out.get(SendAlerts.SENT).output(KV.of(alert.model(), alert.id()));
  }

  @Teardown
  public void close() {
    if (sender != null) {
      sender.close();
    }
  }
}
