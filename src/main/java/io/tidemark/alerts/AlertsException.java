package io.tidemark.alerts;

import io.tidemark.stats.PlainText;

/** A receiver that cannot be used at all. The message tells the user what to do. */
public final class AlertsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  AlertsException(String message) {
    super(PlainText.line(message));
  }
}
