package io.tidemark.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.spec.DriftSpec.FieldRule;
import io.tidemark.stats.Binning;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A spec's meaning in one spelling: the keys of the YAML contract in the order of their names,
 * defaults filled in, sizes and numbers written in one way. Two files that mean the same have the
 * same text, whatever the program's own names are, so what is derived from it outlives releases.
 *
 * <p>A key that is new is left out while it has its default, so that the hashes of the specs of
 * before stay what they are.
 */
final class CanonicalSpec {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HASH_BYTES = 8;

  private CanonicalSpec() {}

  static String text(MonitoringSpec spec) {
    Section all = new Section();
    all.put("model", spec.model());
    all.put("task", word(spec.task()));
    all.put("events", events(spec.events()));
    all.put("features", spec.features().stream().map(CanonicalSpec::feature).toList());
    all.put("labels", spec.labels() == null ? null : labels(spec.labels()));
    all.put("window", window(spec.window(), spec.horizons()));
    all.put("segments", spec.segments());
    all.put("drift", drift(spec.drift()));
    all.put("performance", spec.performance() == null ? null : performance(spec.performance()));
    all.put("slices", slices(spec.slices()));
    all.put("label_issues", labelIssues(spec.labelIssues()));
    all.put("snapshot", spec.snapshot() == null ? "off" : snapshot(spec.snapshot()));
    if (spec.retrain() != null) { // a key that is younger than hashes
      all.put("retrain", retrain(spec.retrain()));
    }
    try {
      return JSON.writeValueAsString(all.fields);
    } catch (JsonProcessingException e) {
      throw new AssertionError("maps of texts and numbers have a JSON form", e);
    }
  }

  /** The first 64 bits of the text's SHA-256, in hexadecimal digits. */
  static String hash(MonitoringSpec spec) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text(spec).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static Map<String, Object> events(EventsSpec events) {
    Section section = new Section();
    section.put("format", word(events.format()));
    section.put("id", events.id());
    section.put("deduplicate", events.deduplicate());
    section.put("time", events.time());
    section.put("timezone", events.zone().getId());
    section.put("model_version", events.modelVersion());
    section.put("max_bad", events.maxBad());
    section.put("label", events.label());
    if (events.where() != null) { // a key that is younger than hashes
      section.put("where", events.where().columns());
    }
    PredictionSpec prediction = events.prediction();
    Section columns = new Section();
    columns.put("score", prediction.score());
    columns.put("scores", prediction.scores());
    columns.put("label", prediction.label());
    columns.put("positive", prediction.positive());
    columns.put("value", prediction.value());
    section.put("prediction", columns.fields);
    return section.fields;
  }

  private static Map<String, Object> feature(Field feature) {
    Section section = new Section();
    section.put("name", feature.name());
    section.put("path", feature.path());
    section.put("type", word(feature.type()));
    return section.fields;
  }

  private static Map<String, Object> labels(LabelsSpec labels) {
    Section section = new Section();
    section.put("format", word(labels.format()));
    section.put("id", labels.id());
    section.put("value", labels.value());
    section.put("time", labels.time());
    section.put("source", labels.source());
    section.put("horizon", time(labels.horizon()));
    if (!labels.trusted().isEmpty()) { // keys that are younger than hashes
      section.put("trusted", new TreeSet<>(labels.trusted()));
      section.put(
          "trusted_horizon",
          labels.trustedHorizon() == null ? null : time(labels.trustedHorizon()));
    }
    return section.fields;
  }

  private static Map<String, Object> window(WindowSpec window, List<WindowSpec> horizons) {
    Section section = new Section();
    section.put("size", window.size());
    section.put("origin", window.origin().toString());
    section.put("timezone", window.zone().getId());
    section.put("allowed_lateness", time(window.allowedLateness()));
    section.put("horizons", horizons.stream().map(WindowSpec::size).toList());
    return section.fields;
  }

  private static Map<String, Object> drift(DriftSpec drift) {
    Section section = new Section();
    section.put("preset", word(drift.preset()));
    section.put("min_rows", drift.minRows());
    section.put("fdr", drift.fdr());
    section.put("effect", drift.effect());
    Section persistence = new Section();
    persistence.put("windows", drift.persistence().windows());
    persistence.put("of", drift.persistence().of());
    section.put("persistence", persistence.fields);
    section.put("methods", drift.methods().stream().map(CanonicalSpec::word).toList());
    Section features = new Section();
    drift.features().forEach((name, rule) -> features.put(name, rule(rule)));
    section.put("features", features.fields);
    return section.fields;
  }

  private static Map<String, Object> rule(FieldRule rule) {
    Section section = new Section();
    section.put("method", word(rule.method()));
    section.put("threshold", rule.threshold());
    section.put("bins", rule.bins() == null ? null : bins(rule.bins()));
    return section.fields;
  }

  private static String bins(Binning bins) {
    return word(bins.kind()) + (bins.bins() > 0 ? "(" + bins.bins() + ")" : "");
  }

  private static Map<String, Object> performance(PerformanceSpec performance) {
    Section section = new Section();
    section.put("metrics", performance.metrics());
    section.put("estimate", performance.estimate());
    section.put("detectors", performance.detectors());
    section.put("update", time(performance.update()));
    return section.fields;
  }

  /** Null while it is the default: specs had no such section before. */
  private static Object slices(SlicesSpec slices) {
    if (slices == null) {
      return "off";
    }
    if (slices.equals(SlicesSpec.DEFAULT)) {
      return null;
    }
    Section section = new Section();
    section.put("features", slices.features());
    section.put("max_predicates", slices.maxPredicates());
    section.put("min_support", slices.minSupport());
    section.put("top", slices.top());
    return section.fields;
  }

  /** The same. */
  private static Object labelIssues(LabelIssuesSpec issues) {
    if (issues == null) {
      return "off";
    }
    if (issues.equals(LabelIssuesSpec.DEFAULT)) {
      return null;
    }
    Section section = new Section();
    section.put("filter", word(issues.filter()));
    section.put("queue", issues.queue());
    section.put("set_apart", issues.setApart());
    return section.fields;
  }

  private static Map<String, Object> snapshot(SnapshotSpec snapshot) {
    Section section = new Section();
    section.put("period", snapshot.period().size());
    section.put("rows", snapshot.rows());
    Section split = new Section();
    split.put("train", snapshot.split().train());
    split.put("validation", snapshot.split().validation());
    split.put("test", snapshot.split().test());
    section.put("split", split.fields);
    List<String> columns = new ArrayList<>(snapshot.columns());
    columns.addAll(snapshot.outcomes());
    section.put("columns", columns);
    section.put("mask", snapshot.mask());
    section.put("exclude", snapshot.exclude());
    section.put("seed", snapshot.seed());
    // keys that are younger than hashes
    if (snapshot.split().byTime()) {
      split.put("by", "time");
    }
    if (snapshot.group() != null) {
      section.put("group", snapshot.group());
    }
    if (!snapshot.allowPersonal().isEmpty()) {
      section.put("allow_personal", new TreeSet<>(snapshot.allowPersonal()));
    }
    Map<String, Double> quotas = new TreeMap<>(snapshot.quotas());
    if (snapshot.augmented() != SnapshotSpec.DEFAULT_AUGMENTED) {
      quotas.put(SnapshotSpec.AUGMENTED, snapshot.augmented());
    }
    if (!quotas.isEmpty()) {
      section.put("quotas", quotas);
    }
    if (snapshot.nearTolerance() != SnapshotSpec.DEFAULT_NEAR_TOLERANCE) {
      section.put(
          "near_duplicates",
          snapshot.removesNearDuplicates() ? Map.of("tolerance", snapshot.nearTolerance()) : "off");
    }
    if (snapshot.halfWidth() != SnapshotSpec.DEFAULT_HALF_WIDTH) {
      section.put(
          "acquisition",
          snapshot.requestsRows() ? Map.of("half_width", snapshot.halfWidth()) : "off");
    }
    return section.fields;
  }

  private static Map<String, Object> retrain(RetrainSpec retrain) {
    Section when = new Section();
    when.put("concept_drift", retrain.conceptDrift() ? true : null);
    when.put("performance_below", retrain.performanceBelow() ? retrain.bounds() : null);
    when.put("rows_at_least", retrain.rowsAtLeast() > 0 ? retrain.rowsAtLeast() : null);
    when.put("new_slice", retrain.newSlice() ? true : null);
    when.put("every", retrain.every() == null ? null : time(retrain.every()));
    Section section = new Section();
    section.put("when", when.fields);
    section.put("cooldown", retrain.cooldown().isZero() ? null : time(retrain.cooldown()));
    return section.fields;
  }

  private static String word(Enum<?> constant) {
    return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
  }

  private static String time(Duration duration) {
    return duration.toString();
  }

  /** Keys in the order of their names; without those that say nothing. */
  private static final class Section {
    private final Map<String, Object> fields = new TreeMap<>();

    void put(String key, Object value) {
      if (value != null) {
        fields.put(key, value);
      }
    }
  }
}
