package io.tidemark.ingest.hold;

/**
 * How much of a worker's time goes into reading what it holds before it has to. A log that is
 * caught up with brings many windows a second, and each would have its stretch read: what can wait
 * then waits. Not thread-safe.
 */
final class ReadingBudget {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  /** One part in so many of a minute. */
  private static final int SHARE = 3;

  private long minute;
  private long spent;

  /**
   * Whether this minute's is spent.
   *
   * @param now any clock's nanoseconds
   */
  boolean spent(long now) {
    if (now - minute > MINUTE_NANOS) {
      minute = now;
      spent = 0;
    }
    return spent > MINUTE_NANOS / SHARE;
  }

  void spend(long nanos) {
    spent += nanos;
  }
}
