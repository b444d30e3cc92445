package io.tidemark.event;

import io.tidemark.spec.WindowSpec;
import java.io.Serializable;
import java.time.Instant;

/** The time now, where a stream has to know it; tests set another. */
@FunctionalInterface
public interface WallClock extends Serializable {
  WallClock SYSTEM = () -> WindowSpec.micros(Instant.now());

  /** Microseconds since the epoch. */
  long micros();
}
