package io.tidemark.flow;

import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Puts together what comes to a key within a moment of processing time. The moment begins with the
 * first element, so that a stream that never pauses is passed on, too; and event time is held at
 * the earliest element meanwhile, so that no step behind this one takes for done what is not
 * through yet.
 */
final class DebounceTimer {
  private DebounceTimer() {}

  /**
   * Takes notice of an element.
   *
   * @param held event time at which the key is held, in state; cleared by the timer's step
   * @param at the element's timestamp
   */
  static void element(ValueState<Instant> held, Instant at, Timer timer, Duration length) {
    Instant before = held.read();
    if (before == null || at.isBefore(before)) {
      held.write(at);
      timer.withOutputTimestamp(at).offset(length).setRelative();
    }
  }
}
