package io.tidemark.alerts;

import io.tidemark.alerts.DeliveryException.Kind;

/**
 * Sends for a run that must end. An alert is tried again while that may help; once one was given
 * up, the others are tried once each, and not at all where nobody answers, until one gets through.
 * So a receiver that is down costs a run one patience, not one an alert.
 */
final class RetryingSender implements AutoCloseable {
  private final Sender sender;
  private final Backoff backoff;

  private boolean gaveUp;
  private DeliveryException silence;

  RetryingSender(Sender sender, Backoff backoff) {
    this.sender = sender;
    this.backoff = backoff;
  }

  /**
   * @throws DeliveryException if the alert is given up
   */
  void send(String id, byte[] body) throws DeliveryException, InterruptedException {
    if (silence != null) {
      throw new DeliveryException(
          silence.kind(), "not tried after others: " + silence.getMessage(), 0);
    }
    int tries = gaveUp ? 1 : backoff.tries();
    for (int failures = 1; ; failures++) {
      try {
        sender.send(id, body);
        gaveUp = false;
        return;
      } catch (DeliveryException e) {
        if (e.kind() == Kind.REFUSED) {
          throw e;
        }
        if (failures >= tries) {
          gaveUp = true;
          silence = e.kind() == Kind.SILENT ? e : null;
          throw e;
        }
        Thread.sleep(backoff.millis(failures, e));
      }
    }
  }

  @Override
  public void close() {
    sender.close();
  }
}
