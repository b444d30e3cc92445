package io.tidemark.ingest;

import io.tidemark.spec.WindowSpec;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * What a step that keeps state for a window is at: waiting for its end, then for late rows until it
 * is closed for good and its state goes. One timer in event time; what comes late is put together
 * for a moment before it is passed on.
 */
enum WindowPhase {
  /** Nothing came yet. */
  NEW,
  OPEN,
  ENDED,
  /** Ended, and something has come since. */
  REVISED;

  private static final Duration MOMENT = Duration.millis(500);

  static WindowPhase of(ValueState<Integer> phase) {
    Integer ordinal = phase.read();
    return ordinal == null ? NEW : values()[ordinal];
  }

  private static Instant end(WindowSpec window, long start) {
    // No row before the end is still to come once the watermark has passed it.
    return new Instant(Math.floorDiv(window.endOf(start) + 999, 1000));
  }

  /** Takes notice of an element. */
  void element(
      ValueState<Integer> phase, WindowSpec window, long start, Timer windowTimer, Timer revise) {
    switch (this) {
      case NEW -> {
        phase.write(OPEN.ordinal());
        windowTimer.set(end(window, start));
      }
      case ENDED -> {
        phase.write(REVISED.ordinal());
        revise.offset(MOMENT).setRelative();
      }
      default -> {} // a timer is set
    }
  }

  /** Whether the timer in event time finds something to pass on. */
  boolean outputs() {
    return this == OPEN || this == REVISED;
  }

  /** Whether the window is closed for good; else goes on to wait for what is late. */
  boolean ends(ValueState<Integer> phase, WindowSpec window, long start, Timer windowTimer) {
    long lateness = window.allowedLateness().toMillis();
    if (this == OPEN && lateness > 0) {
      phase.write(ENDED.ordinal());
      windowTimer.set(end(window, start).plus(lateness));
      return false;
    }
    phase.clear();
    return true;
  }

  /** Whether the moment after something late finds it not passed on yet. */
  boolean revises(ValueState<Integer> phase) {
    if (this != REVISED) {
      return false;
    }
    phase.write(ENDED.ordinal());
    return true;
  }
}
