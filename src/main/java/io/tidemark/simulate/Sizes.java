package io.tidemark.simulate;

import java.util.EnumMap;
import java.util.Map;

/**
 * How large the planted changes are where their standard sizes are not wanted.
 *
 * @param of a kind of change; kinds that are not named keep their standard size
 */
public record Sizes(Map<Drift, Double> of) {
  public static final Sizes STANDARD = new Sizes(Map.of());

  private static final double LARGEST = 5;

  /**
   * @throws SimulationException for sizes that are no positive number or too large to be one
   */
  public Sizes {
    of = of.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new EnumMap<>(of));
    for (double size : of.values()) {
      if (!(size > 0 && size <= LARGEST)) {
        throw new SimulationException("--size=" + size + ": give more than 0 and at most 5");
      }
    }
  }

  /** One size for every kind, each in its own unit. */
  public static Sizes all(double size) {
    Map<Drift, Double> each = new EnumMap<>(Drift.class);
    for (Drift kind : Drift.values()) {
      each.put(kind, size);
    }
    return new Sizes(each);
  }

  double of(Drift kind, double standard) {
    return of.getOrDefault(kind, standard);
  }
}
