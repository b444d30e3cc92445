package io.tidemark.event;

import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;

/**
 * What a step that keeps state for a window is at: waiting for its end, then for what changes it
 * until it is closed for good and its state goes. One timer in event time; what comes after the end
 * is put together for a moment before it is passed on.
 */
public enum WindowPhase {
  /** Nothing came yet. */
  NEW,
  OPEN,
  ENDED,
  /** Ended, and something has come since. */
  REVISED;

  public static WindowPhase of(ValueState<Integer> phase) {
    Integer ordinal = phase.read();
    return ordinal == null ? NEW : values()[ordinal];
  }

  /** Takes notice of an element. */
  public void element(
      ValueState<Integer> phase, WindowTiming times, long start, Timer windowTimer, Timer revise) {
    switch (this) {
      case NEW -> {
        phase.write(OPEN.ordinal());
        windowTimer.set(times.end(start));
      }
      case ENDED -> {
        phase.write(REVISED.ordinal());
        revise.offset(times.moment()).setRelative();
      }
      default -> {} // a timer is set
    }
  }

  /** Whether the timer in event time finds something to pass on. */
  public boolean outputs() {
    return this == OPEN || this == REVISED;
  }

  /** Whether the window is closed for good; else goes on to wait for what changes it. */
  public boolean ends(
      ValueState<Integer> phase, WindowTiming times, long start, Timer windowTimer) {
    if (this == OPEN && times.closes(start).isAfter(times.end(start))) {
      phase.write(ENDED.ordinal());
      windowTimer.set(times.closes(start));
      return false;
    }
    phase.clear();
    return true;
  }

  /** Whether the moment after something late finds it not passed on yet. */
  public boolean revises(ValueState<Integer> phase) {
    if (this != REVISED) {
      return false;
    }
    phase.write(ENDED.ordinal());
    return true;
  }
}
