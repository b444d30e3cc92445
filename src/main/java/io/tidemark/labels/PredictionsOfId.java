package io.tidemark.labels;

import io.tidemark.event.PredictionKeys;
import io.tidemark.event.RowHash;
import io.tidemark.stats.Hash128;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The predictions of one id that a run looks at: of copies within a window only the first. */
final class PredictionsOfId {
  /** One of them; {@code own} is the hash of the label that the log carries. */
  record Prediction(long time, Hash128 own) {
    boolean hasOwn() {
      return !own.equals(PredictionKeys.NO_LABEL);
    }
  }

  /** What copies share. */
  private record Place(Hash128 version, long windowStart) {}

  private final List<Prediction> kept = new ArrayList<>();
  private long latest = Long.MIN_VALUE;

  /**
   * @param repeated told the key of rows that have copies
   */
  static PredictionsOfId of(
      Predictions all, int from, int to, JoinRule rule, Consumer<Hash128> repeated) {
    PredictionsOfId found = new PredictionsOfId();
    if (to - from == 1 || !rule.deduplicate()) {
      for (int i = from; i < to; i++) {
        found.keep(all.time(i), all.own(i), rule);
      }
      return found;
    }
    Map<Place, Prediction> first = new HashMap<>();
    Set<Place> again = new HashSet<>();
    for (int i = from; i < to; i++) {
      if (!rule.inRange(all.time(i))) {
        continue;
      }
      Place place = new Place(all.version(i), rule.window().startOf(all.time(i)));
      Prediction prediction = new Prediction(all.time(i), all.own(i));
      Prediction before = first.putIfAbsent(place, prediction);
      if (before == null) {
        continue;
      }
      if (again.add(place)) {
        Hash128 id = new Hash128(all.high(i), all.low(i));
        repeated.accept(RowHash.copyKey(id, place.version(), place.windowStart()));
      }
      if (prediction.time() < before.time()) {
        first.put(place, prediction);
      }
    }
    // Only sums and extremes are made of them, so their order is free.
    first.values().forEach(one -> found.keep(one.time(), one.own(), rule));
    return found;
  }

  private void keep(long time, Hash128 own, JoinRule rule) {
    if (rule.inRange(time)) {
      kept.add(new Prediction(time, own));
      latest = Math.max(latest, time);
    }
  }

  boolean isEmpty() {
    return kept.isEmpty();
  }

  /** Whether a label counts for any of them. */
  boolean awaits(long labelTime, long horizon) {
    return !kept.isEmpty() && labelTime <= latest + horizon;
  }

  /** How many without a label in the log a label counts for. */
  int servedBy(long labelTime, JoinRule rule) {
    return servedBy(labelTime, Long.MAX_VALUE, rule);
  }

  /**
   * The same where trusted sources label the id: their labels count for all.
   *
   * @param trusted time of the first of these
   */
  int servedBy(long labelTime, long trusted, JoinRule rule) {
    int served = 0;
    for (Prediction prediction : kept) {
      boolean counts = labelTime <= prediction.time() + rule.waits().horizon();
      boolean overrides = trusted <= prediction.time() + rule.waits().trustedHorizon();
      served += overrides || (counts && !prediction.hasOwn()) ? 1 : 0;
    }
    return served;
  }

  /** What the log says of the first that a label counts for. */
  Hash128 ownOfFirst(long labelTime, JoinRule rule) {
    Prediction first = null;
    for (Prediction prediction : kept) {
      boolean counts = labelTime <= prediction.time() + rule.waits().horizon();
      if (counts && (first == null || before(prediction, first))) {
        first = prediction;
      }
    }
    return first == null ? PredictionKeys.NO_LABEL : first.own();
  }

  private static boolean before(Prediction one, Prediction other) {
    return one.time() != other.time()
        ? one.time() < other.time()
        : one.own().compareTo(other.own()) < 0;
  }
}
