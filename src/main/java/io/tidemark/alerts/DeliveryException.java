package io.tidemark.alerts;

/** An alert that a receiver did not take, in a few words. */
final class DeliveryException extends Exception {
  private static final long serialVersionUID = 1;

  /** Whether and when to try again. */
  enum Kind {
    /** It was understood and not wanted: the same again gets the same answer. */
    REFUSED,
    /** Something answered that it cannot take it now. */
    BUSY,
    /** Nothing answered: the next alert would wait as long. */
    SILENT
  }

  private final Kind kind;
  private final long retryAfterMillis;

  /**
   * @param retryAfterMillis what the receiver asks to wait; 0: it does not say
   */
  DeliveryException(Kind kind, String message, long retryAfterMillis) {
    super(message);
    this.kind = kind;
    this.retryAfterMillis = retryAfterMillis;
  }

  Kind kind() {
    return kind;
  }

  long retryAfterMillis() {
    return retryAfterMillis;
  }
}
