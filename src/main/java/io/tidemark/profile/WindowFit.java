package io.tidemark.profile;

import io.tidemark.spec.EventsSpec;
import io.tidemark.spec.Field;
import io.tidemark.spec.MonitoringSpec;
import io.tidemark.store.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Names all that rows which are kept of a window depend on besides the rows: what has one name may
 * stand side by side. Thresholds and presets are not among it.
 */
public final class WindowFit {
  private WindowFit() {}

  /**
   * @param baseline hash of the one whose bins rows are told apart by
   * @param columns that are kept besides the declared ones
   * @param more that the stage's rows depend on
   */
  public static String of(
      MonitoringSpec spec, String baseline, List<String> columns, List<?> more) {
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
      parts.add(new TreeSet<>(spec.labels().trusted()));
      parts.add(spec.labels().trustedHorizon());
    }
    parts.addAll(columns);
    parts.add(spec.window().months());
    parts.add(spec.window().days());
    parts.add(spec.window().micros());
    parts.add(spec.window().origin());
    parts.add(spec.window().zone());
    parts.addAll(more);
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      String each = String.valueOf(part);
      text.append(each.length()).append(':').append(each).append('\n');
    }
    return ContentHash.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
