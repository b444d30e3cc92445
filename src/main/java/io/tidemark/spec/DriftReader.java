package io.tidemark.spec;

import io.tidemark.spec.DriftSpec.FieldRule;
import io.tidemark.spec.DriftSpec.Persistence;
import io.tidemark.spec.DriftSpec.Preset;
import io.tidemark.stats.Binning;
import io.tidemark.stats.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The {@code drift} section. */
final class DriftReader {
  private DriftReader() {}

  static DriftSpec read(SpecNode spec, List<Field> features) {
    SpecNode node = spec.mapping("drift");
    if (node == null) {
      return new DriftSpec(
          Preset.TIDEMARK, 100, .01, .05, new Persistence(1, 1), List.of(), new TreeMap<>());
    }
    Preset preset = node.choice("preset", Preset.TIDEMARK, Preset.class);
    long minRows = node.integer("min_rows", 100, 1);
    double fdr = node.number("fdr", .01, 0, 1);
    if (fdr == 0 || fdr == 1) {
      node.problem("fdr", "must be between 0 and 1, both excluded");
    }
    double effect = node.number("effect", .05, 0, 1);
    Persistence persistence = persistence(node);
    List<Method> methods = new ArrayList<>();
    for (String name : node.texts("methods")) {
      Method.of(name)
          .ifPresentOrElse(
              methods::add,
              () -> node.problem("methods", name + " is no method; there are " + Method.ids()));
    }
    TreeMap<String, FieldRule> overrides = overrides(node, features);
    if (preset == Preset.TFDV) {
      for (Field feature : features) {
        FieldRule rule = overrides.get(feature.name());
        if (rule == null || rule.threshold() == null) {
          node.problem(
              "features",
              "preset tfdv has no thresholds of its own: give one for " + feature.name());
        }
      }
    }
    node.end();
    return new DriftSpec(
        preset, minRows, fdr, effect, persistence, List.copyOf(methods), overrides);
  }

  private static Persistence persistence(SpecNode drift) {
    SpecNode node = drift.mapping("persistence");
    if (node == null) {
      return new Persistence(1, 1);
    }
    long windows = node.integer("windows", 1, 1);
    long of = node.integer("of", windows, 1);
    if (windows > of) {
      node.problem("windows", "must not be more than persistence.of, " + of);
    }
    if (of > 1000) {
      node.problem("of", "must be at most 1000, not " + of);
    }
    node.end();
    return new Persistence((int) Math.min(1000, windows), (int) Math.min(1000, of));
  }

  private static TreeMap<String, FieldRule> overrides(SpecNode drift, List<Field> features) {
    TreeMap<String, FieldRule> overrides = new TreeMap<>();
    SpecNode node = drift.mapping("features");
    if (node == null) {
      return overrides;
    }
    for (String name : node.keys()) {
      SpecNode rule = node.mapping(name);
      Field field = field(name, features);
      if (field == null) {
        node.problem(name, "is no feature of this spec");
      }
      if (rule == null) {
        node.problem(name, "has no rule; give method, threshold or both");
        continue;
      }
      Method method =
          rule.parsed(
              "method", null, text -> Method.of(text).orElse(null), "one of " + Method.ids());
      Double threshold =
          rule.has("threshold") ? (Double) rule.number("threshold", 0, 0, Double.MAX_VALUE) : null;
      Binning bins =
          rule.parsed(
              "bins",
              null,
              text -> Binning.of(text).orElse(null),
              "doane, sturges, quantile(k) or equal_width(k) with k from 1 to 1000");
      if (bins != null && field != null && !field.numeric()) {
        rule.problem("bins", "are for numeric features");
      }
      if (bins != null && threshold == null) {
        rule.problem("bins", "need a threshold: the preset's rule is for its own bins");
      }
      rule.end();
      if (field != null && method != null && !method.suits(field.numeric())) {
        rule.problem(
            "method", method.id() + " is not defined for a " + typeName(field) + " feature");
      }
      overrides.put(name, new FieldRule(method, threshold, bins));
    }
    return overrides;
  }

  private static String typeName(Field field) {
    return field.numeric() ? "numeric" : "categorical";
  }

  private static Field field(String name, List<Field> features) {
    if (name.startsWith("prediction.") || name.equals("label")) {
      return new Field(
          name,
          name,
          name.startsWith("prediction.score") || name.equals("prediction.value")
              ? FieldType.NUMERIC
              : FieldType.CATEGORICAL,
          Field.Role.PREDICTION);
    }
    return features.stream().filter(f -> f.name().equals(name)).findFirst().orElse(null);
  }
}
