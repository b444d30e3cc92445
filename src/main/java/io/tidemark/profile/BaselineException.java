package io.tidemark.profile;

import io.tidemark.stats.PlainText;

/** A baseline that cannot serve a run. The message tells the user what to do. */
public final class BaselineException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BaselineException(String message) {
    super(PlainText.line(message));
  }
}
