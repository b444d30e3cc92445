package io.tidemark.simulate;

import java.time.Duration;

/** The cycle of a simulated log, in reference and events alike: what is no drift. */
public enum Seasonality {
  NONE(Duration.ZERO),
  /** From midnight to midnight, UTC. */
  DAILY(Duration.ofDays(1)),
  /** From Monday to Monday, UTC. */
  WEEKLY(Duration.ofDays(7));

  final Duration period;

  Seasonality(Duration period) {
    this.period = period;
  }
}
