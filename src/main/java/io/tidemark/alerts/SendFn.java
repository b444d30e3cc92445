package io.tidemark.alerts;

import io.tidemark.schema.Finding;
import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Sends the alerts of a run that ends. */
final class SendFn extends DoFn<KV<String, Iterable<Finding>>, KV<String, String>> {
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
  public void process(@Element KV<String, Iterable<Finding>> alarm, MultiOutputReceiver out)
      throws IOException, InterruptedException {
    Finding finding = null;
    for (Finding each : alarm.getValue()) {
      finding = SendAlerts.newer(finding, each);
    }
    if (sent.has(finding)) {
      return;
    }
    if (sender == null) {
      sender = new RetryingSender(destination.open(), backoff);
    }
    try {
      sender.send(finding.getId(), SendAlerts.body(finding));
    } catch (DeliveryException e) {
      alertsUndelivered.inc();
      out.get(SendAlerts.UNDELIVERED)
          .output(KV.of(finding.getModel(), SendAlerts.line(finding, e)));
      return;
    }
    sent.add(finding);
    alertsSent.inc();
    out.get(SendAlerts.SENT).output(KV.of(finding.getModel(), finding.getId()));
  }

  @Teardown
  public void close() {
    if (sender != null) {
      sender.close();
    }
  }
}
