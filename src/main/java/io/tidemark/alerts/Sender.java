package io.tidemark.alerts;

/** An open way to a receiver; of one thread. */
interface Sender extends AutoCloseable {
  /**
   * Tries once, and returns when the receiver has taken the alert.
   *
   * @param id by which the receiver knows an alert that comes again
   * @param body a finding as a JSON object
   * @throws DeliveryException if the receiver did not take it, or may have without saying so
   */
  void send(String id, byte[] body) throws DeliveryException, InterruptedException;

  @Override
  void close();
}
