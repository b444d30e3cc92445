package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.flow.WindowKey;
import io.tidemark.profile.CompletePeriod;
import io.tidemark.profile.Held;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.spec.WindowSpec;
import io.tidemark.stats.CountText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the snapshot holds that readers see, and whether another may take its place.
 *
 * @param periodEnd its period's end, microseconds since the epoch
 * @param held by the start of the window
 * @param augmented rows that were made or collected on request
 */
record PublishedWindows(long periodEnd, TreeMap<Long, Held> held, long augmented) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 3;

  /**
   * @param manifest of a period; empty: nothing is published
   */
  static PublishedWindows of(Optional<byte[]> manifest) throws IOException {
    TreeMap<Long, Held> held = new TreeMap<>();
    if (manifest.isEmpty()) {
      return new PublishedWindows(Long.MIN_VALUE, held, 0);
    }
    JsonNode fields = JSON.readTree(manifest.get());
    for (JsonNode window : fields.path("windows")) {
      held.put(micros(window), new Held(1, 0)); // how many rows is not said: some
    }
    for (JsonNode window : fields.path(Manifest.HELD)) {
      held.put(
          micros(window.get("window")),
          new Held(window.get("rows").asLong(), window.get("labelled").asLong()));
    }
    return new PublishedWindows(
        micros(fields.get("period_end")),
        held,
        fields.path(Manifest.AUGMENTED).path("taken").asLong());
  }

  private static long micros(JsonNode time) {
    return WindowSpec.micros(Instant.parse(time.asText()));
  }

  /**
   * Why a snapshot of these windows must not take the place of this one; empty: it may.
   *
   * @param given whether there may be rows in it that are not of the log
   */
  Optional<String> refusal(
      MonitoringSpec spec,
      long period,
      boolean given,
      CompletePeriod complete,
      SortedMap<WindowKey, WindowCandidates> windows) {
    String snapshot =
        "the snapshot of " + spec.model() + " from " + WindowSpec.instant(period) + " to ";
    long end = spec.snapshot().period().endOf(period);
    if (!held.isEmpty() && periodEnd != end) {
      return Optional.of(
          snapshot
              + WindowSpec.instant(periodEnd)
              + " stays as it is: the spec's snapshot.period ends at "
              + WindowSpec.instant(end)
              + "; choose another --output for snapshots of another length");
    }
    if (augmented > 0 && !given) {
      return Optional.of(
          snapshot
              + WindowSpec.instant(end)
              + " stays as it is: "
              + CountText.of(augmented, "row")
              + " of it came from --augmented, which this run has not been given; give it, or"
              + " choose another --output for snapshots without such rows");
    }
    List<Long> lacking = complete.lacking(held, windows);
    if (lacking.isEmpty()) {
      return Optional.empty();
    }
    TreeSet<Long> all = new TreeSet<>(held.keySet());
    windows.keySet().forEach(key -> all.add(key.start()));
    List<String> shown =
        lacking.stream().limit(SHOWN).map(start -> WindowSpec.instant(start).toString()).toList();
    return Optional.of(
        snapshot
            + WindowSpec.instant(end)
            + " stays as it is: this run has read nothing, or less than is in it, of "
            + (lacking.size() == 1 ? "the window " : lacking.size() + " windows (")
            + String.join(", ", shown)
            + (lacking.size() > SHOWN ? ", ..." : "")
            + (lacking.size() == 1 ? "" : ")")
            + ", and candidates/ has none of them that fit this spec, baseline and mask key. Give"
            + " the events"
            + (spec.labels() == null ? "" : " and labels")
            + " of all its windows in one run: --from="
            + WindowSpec.instant(all.first())
            + " --to="
            + WindowSpec.instant(complete.window().endOf(all.last())));
  }
}
