package io.tidemark.alerts;

import java.io.Serializable;

/**
 * How long to wait before an alert is tried again: twice as long each time, without any chance in
 * it.
 *
 * @param firstMillis after the first failure
 * @param longestMillis at most, but for what a receiver asks
 * @param tries after which a run that ends gives an alert up
 */
record Backoff(long firstMillis, long longestMillis, int tries) implements Serializable {
  /** Tries after 0, 1, 3, 7, 15 and 31 s; what waits on, every five minutes. */
  static final Backoff USUAL = new Backoff(1000, 300_000, 6);

  /** What a receiver may ask to wait: a mistake of its must not stop a run for hours. */
  private static final long LONGEST_ASKED = 60_000;

  private static final int DOUBLINGS = 30;

  /**
   * @param failures so far, at least 1
   */
  long millis(int failures, DeliveryException last) {
    long own =
        Math.min(longestMillis, firstMillis << Math.min(DOUBLINGS, Math.max(0, failures - 1)));
    return Math.max(own, Math.min(LONGEST_ASKED, last.retryAfterMillis()));
  }
}
