package io.tidemark.drift;

import io.tidemark.profile.FieldBaseline;
import io.tidemark.stats.BetweenWindowVariation;
import io.tidemark.stats.MeanAndDeviation;
import io.tidemark.stats.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What follows from the baseline's own windows, worked out once a field and segment and kept for
 * all windows of the run. Not thread-safe: one a worker.
 */
final class FieldRules {
  private final Map<Key, BetweenWindowVariation> variations = new HashMap<>();
  private final Map<Key, Double> thresholds = new HashMap<>();

  // A reference equals only itself: versions have references of their own.
  private record Key(String segment, String field, Method method, FieldBaseline reference) {}

  BetweenWindowVariation variation(
      String segment,
      String field,
      FieldBaseline reference,
      Supplier<BetweenWindowVariation> compute) {
    return variations.computeIfAbsent(
        new Key(segment, field, null, reference), key -> compute.get());
  }

  /** NaN-mean + 3 NaN-sd (ddof 0) of a figure over the baseline's windows. */
  double threshold(
      String segment,
      String field,
      Method method,
      FieldBaseline reference,
      ToDoubleFunction<FieldBaseline.Window> figure) {
    return thresholds.computeIfAbsent(
        new Key(segment, field, method, reference),
        key -> {
          double[] figures = reference.windows().stream().mapToDouble(figure).toArray();
          return MeanAndDeviation.of(figures).above();
        });
  }
}
