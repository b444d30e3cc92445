package io.tidemark.spec;

import java.time.Duration;
import java.util.List;

/** The {@code labels} section. */
final class LabelsReader {
  private LabelsReader() {}

  /** Null where there is none. */
  static LabelsSpec read(SpecNode spec, EventsSpec events) {
    SpecNode node = spec.mapping("labels");
    if (node == null) {
      return null;
    }
    Format format = node.choice("format", null, Format.class);
    String id = node.required("id");
    String value = node.required("value");
    String time = node.required("time");
    String source = node.has("source") ? node.required("source") : null;
    Duration horizon =
        node.parsed(
            "horizon", null, text -> positive(Duration.parse(text)), "a duration such as P7D");
    if (!node.has("horizon")) {
      node.problem("horizon", "is missing: how long a prediction waits for its label");
    }
    if (events.id() == null) {
      spec.problem("labels", "are joined on ids, and events.id is missing");
    }
    List<String> trusted = node.texts("trusted");
    if (!trusted.isEmpty() && source == null) {
      node.problem(
          "trusted",
          "names sources, and labels.source does not say which column has them; add labels.source");
    }
    Duration trustedHorizon =
        node.parsed(
            "trusted_horizon",
            null,
            text -> positive(Duration.parse(text)),
            "a duration such as P30D");
    if (node.has("trusted_horizon") && trusted.isEmpty()) {
      node.problem("trusted_horizon", "has no effect without labels.trusted");
    }
    if (trustedHorizon != null && horizon != null && trustedHorizon.compareTo(horizon) < 0) {
      node.problem("trusted_horizon", "is at least labels.horizon: other labels wait that long");
    }
    node.end();
    return new LabelsSpec(format, id, value, time, source, horizon, trusted, trustedHorizon);
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() || duration.isZero() ? null : duration;
  }
}
