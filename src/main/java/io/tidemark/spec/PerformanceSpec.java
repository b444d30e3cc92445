package io.tidemark.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * How the model's correctness is measured.
 *
 * @param metrics names of METHODS 4
 * @param estimate {@code cbpe} or null
 * @param detectors names of METHODS 5
 * @param update in streaming a window's performance is written again at most this often
 */
public record PerformanceSpec(
    List<String> metrics, String estimate, List<String> detectors, Duration update)
    implements Serializable {
  /** None: errors that follow the time of day make each of them ring for nothing, day by day. */
  static final List<String> DETECTORS = List.of();

  static final Duration UPDATE = Duration.ofHours(1);
}
