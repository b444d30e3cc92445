package io.tidemark.simulate;

import io.tidemark.stats.PlainText;

/** A log that cannot be simulated as asked. The message tells the user what to do. */
public final class SimulationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SimulationException(String message) {
    super(PlainText.line(message));
  }
}
