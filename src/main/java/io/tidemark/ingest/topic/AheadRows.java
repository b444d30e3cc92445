package io.tidemark.ingest.topic;

import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CountText;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Tells whoever runs a job of rows that are dated ahead of when they were sent: once a minute at
 * most, by topic and partition. Not thread-safe.
 */
final class AheadRows {
  private static final long EVERY_MICROS = 60_000_000L;

  private final Consumer<String> told;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> latest = new TreeMap<>();
  private long last = Long.MIN_VALUE;

  AheadRows(Consumer<String> told) {
    this.told = told;
  }

  /**
   * @param partition as dead letters name it
   */
  void add(String partition, long time) {
    counts.merge(partition, 1L, Long::sum);
    latest.put(partition, time);
  }

  void tell(long now) {
    if (counts.isEmpty() || (last != Long.MIN_VALUE && now - last < EVERY_MICROS)) {
      return;
    }
    last = now;
    counts.forEach(
        (partition, count) ->
            told.accept(
                partition
                    + ": "
                    + CountText.of(count, "row is", "rows are")
                    + " dated more than an hour ahead of when they were sent, the last "
                    + WindowSpec.instant(latest.get(partition))
                    + ": they wait in their windows and move no clock. A wrong time zone does"
                    + " that"));
    counts.clear();
    latest.clear();
  }
}
