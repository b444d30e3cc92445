package io.tidemark.snapshot;

import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Names all that a window's candidate rows depend on besides the rows: pools of one name may stand
 * side by side in a snapshot. Thresholds and presets are not among it.
 */
final class PoolFit {
  private PoolFit() {}

  /**
   * @param baseline hash of the one whose bins the strata are
   */
  static String of(MonitoringSpec spec, PoolSettings pools, String baseline) {
    EventsSpec events = spec.events();
    List<Object> parts = new ArrayList<>();
    parts.add(baseline);
    parts.add(spec.task());
    parts.add(events.id());
    parts.add(events.deduplicate());
    parts.add(events.time());
    parts.add(events.zone());
    parts.add(events.modelVersion());
    parts.add(events.prediction().positive());
    for (Field field : spec.fields()) {
      parts.add(field.name());
      parts.add(field.path());
      parts.add(field.type());
      parts.add(field.role());
    }
    if (spec.labels() != null) {
      parts.add(spec.labels().id());
      parts.add(spec.labels().value());
      parts.add(spec.labels().time());
      parts.add(spec.labels().source());
      parts.add(spec.labels().horizon());
    }
    parts.addAll(spec.snapshot().columns());
    parts.add(spec.window().months());
    parts.add(spec.window().days());
    parts.add(spec.window().micros());
    parts.add(spec.window().origin());
    parts.add(spec.window().zone());
    parts.add(pools.seed());
    parts.addAll(pools.bounds());
    // The first two have always been there, and are told by their places.
    SamplingReasons.ALL.stream().skip(2).forEach(reason -> parts.add(reason.name()));
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      String each = String.valueOf(part);
      text.append(each.length()).append(':').append(each).append('\n');
    }
    return ContentHash.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
