package io.tidemark.pipeline;

import io.tidemark.stats.PlainText;

/** Wrong use: exit code 2, and a message that says what to do. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(PlainText.of(message));
  }
}
