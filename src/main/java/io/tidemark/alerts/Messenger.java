package io.tidemark.alerts;

import java.util.Optional;

/**
 * Sends what nobody's work may depend on: a message that is not taken is told in a few words, and
 * nothing else comes of it. Of one thread.
 */
public final class Messenger implements AutoCloseable {
  /** Tries after 0, 1 and 3 s. */
  static final Backoff SHORT = new Backoff(1000, 3000, 3);

  private final Sender sender;
  private final RetryingSender retrying;

  private Messenger(Sender sender, Backoff backoff) {
    this.sender = sender;
    this.retrying = new RetryingSender(sender, backoff);
  }

  /**
   * @throws AlertsException if the receiver's files cannot be used here
   */
  public static Messenger to(Destination receiver) {
    return to(receiver, SHORT);
  }

  static Messenger to(Destination receiver, Backoff backoff) {
    return new Messenger(receiver.open(), backoff);
  }

  /**
   * Sends a message, a few times where that may help.
   *
   * @return why it was not taken; empty: it was
   */
  public Optional<String> send(String id, byte[] body) {
    return outcome(() -> retrying.send(id, body));
  }

  /** As {@link #send}, once. */
  public Optional<String> sendOnce(String id, byte[] body) {
    return outcome(() -> sender.send(id, body));
  }

  private interface Sending {
    void send() throws DeliveryException, InterruptedException;
  }

  private static Optional<String> outcome(Sending sending) {
    try {
      sending.send();
      return Optional.empty();
    } catch (DeliveryException e) {
      return Optional.of(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  @Override
  public void close() {
    retrying.close();
  }
}
