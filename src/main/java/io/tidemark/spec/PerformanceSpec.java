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
  /**
   * That which seldom rings for nothing: page_hinkley does in some 60,000 outcomes without a
   * change.
   */
  static final List<String> DETECTORS = List.of("adwin");

  static final Duration UPDATE = Duration.ofHours(1);
}
