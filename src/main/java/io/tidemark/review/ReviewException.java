package io.tidemark.review;

import io.tidemark.stats.PlainText;

/** A sheet or folder that cannot be used, with what to do. */
public final class ReviewException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReviewException(String message) {
    super(PlainText.of(message));
  }
}
