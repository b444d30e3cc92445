package io.tidemark.simulate;

import io.tidemark.spec.Field;
import io.tidemark.spec.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One change planted in a feature or in the label.
 *
 * @param kind what happens
 * @param from first window of the events, counted from 0
 * @param to last window, exclusive
 * @param size in full; covariate_shift: standard deviations; category_shares: part of the rows that
 *     is reversed; new_category and missing: share of the rows; prior_shift: by how much the
 *     log-odds of {@code value} rise; concept_drift and weak_slice: share of the rows, or of those
 *     in the slice, whose label turns round; label_flips: share of the rows whose label is not the
 *     truth
 * @param value the new category, the favoured class or the slice in words, else null
 * @param predicates of a weak slice: how many of the categorical features have their first value
 * @param period of a recurring change
 */
record Planted(
    String field,
    Kind kind,
    int from,
    int to,
    double size,
    String value,
    int predicates,
    Pattern pattern,
    int period) {
  /** The value of {@link Kind#NEW_CATEGORY}. */
  static final String NEW_VALUE = "never_seen_before";

  /** The field of changes that concern the truth. */
  static final String LABEL = "label";

  enum Kind {
    COVARIATE_SHIFT,
    CATEGORY_SHARES,
    NEW_CATEGORY,
    MISSING,
    PRIOR_SHIFT,
    CONCEPT_DRIFT,
    WEAK_SLICE,
    LABEL_FLIPS
  }

  /** How large it is in a window; 0 outside of it. */
  double at(int window) {
    return size * pattern.strength(window, from, to, period);
  }

  /** How large the changes of a kind are in a field, window by window. */
  static double[] sizes(List<Planted> planted, String field, Kind kind, int windows) {
    double[] sizes = new double[windows];
    for (Planted change : planted) {
      if (change.kind == kind && change.field.equals(field)) {
        for (int window = 0; window < windows; window++) {
          sizes[window] += change.at(window);
        }
      }
    }
    return sizes;
  }

  /**
   * In the later half of the windows and in at most half of the features, whatever they are.
   *
   * @param favoured class that a prior shift makes more frequent
   */
  static List<Planted> in(List<Field> features, SimulationOptions options, String favoured) {
    List<Planted> planted = new ArrayList<>();
    Set<Drift> drift = options.drift();
    if (drift.contains(Drift.DEFAULT) || drift.contains(Drift.COVARIATE)) {
      planted.addAll(inFeatures(features, options));
    }
    Plan plan = new Plan(options, planted);
    int half = options.windows() / 2;
    Sizes sizes = options.sizes();
    if (drift.contains(Drift.PRIOR)) {
      double gained = sizes.of(Drift.PRIOR, 1);
      plan.add(LABEL, Kind.PRIOR_SHIFT, half, options.windows(), gained, favoured);
    }
    if (drift.contains(Drift.CONCEPT)) {
      double turned = Math.min(1, sizes.of(Drift.CONCEPT, .3));
      plan.add(LABEL, Kind.CONCEPT_DRIFT, half, options.windows(), turned, null);
    }
    if (drift.contains(Drift.FLIPS)) {
      double flipped = Math.min(1, sizes.of(Drift.FLIPS, .1));
      plan.add(LABEL, Kind.LABEL_FLIPS, half, options.windows(), flipped, null);
    }
    for (Drift kind : drift.stream().sorted().toList()) {
      if (kind.predicates > 0) {
        plan.add(slice(kind, features, options));
      }
    }
    return List.copyOf(planted);
  }

  /**
   * @throws SimulationException if there are too few categorical features
   */
  private static Planted slice(Drift kind, List<Field> features, SimulationOptions options) {
    List<String> categorical = names(features, FieldType.CATEGORICAL);
    if (categorical.size() < kind.predicates) {
      throw new SimulationException(
          "--drift="
              + kind.name().toLowerCase(Locale.ROOT)
              + ": needs "
              + kind.predicates
              + " categorical features, the spec has "
              + categorical.size());
    }
    String words =
        categorical.stream()
            .limit(kind.predicates)
            .map(name -> name + " = " + CategoricalFeature.value(name, 0))
            .collect(Collectors.joining(" and "));
    double turned = Math.min(1, options.sizes().of(kind, .9));
    return new Planted(
        LABEL,
        Kind.WEAK_SLICE,
        options.windows() / 2,
        options.windows(),
        turned,
        words,
        kind.predicates,
        options.pattern(),
        options.period());
  }

  private static List<Planted> inFeatures(List<Field> features, SimulationOptions options) {
    List<String> numeric = names(features, FieldType.NUMERIC);
    List<String> categorical = names(features, FieldType.CATEGORICAL);
    int windows = options.windows();
    int half = windows / 2;
    Drift kind = options.drift().contains(Drift.DEFAULT) ? Drift.DEFAULT : Drift.COVARIATE;
    double size = options.sizes().of(kind, .5);
    Plan plan = new Plan(options, new ArrayList<>());
    if (!numeric.isEmpty()) {
      plan.add(numeric.get(0), Kind.COVARIATE_SHIFT, half, windows, size, null);
    }
    if (!categorical.isEmpty()) {
      double part = Math.min(1, size);
      plan.add(categorical.get(0), Kind.CATEGORY_SHARES, half, windows, part, null);
    }
    if (options.drift().contains(Drift.DEFAULT)) {
      if (categorical.size() > 1) {
        plan.add(categorical.get(1), Kind.NEW_CATEGORY, half + 1, windows, .1, NEW_VALUE);
      }
      if (numeric.size() > 2) {
        plan.add(numeric.get(2), Kind.MISSING, half + 1, half + 3, .2, null);
      }
    }
    if (numeric.size() > 4) {
      double larger = options.sizes().of(kind, 1);
      plan.add(numeric.get(4), Kind.COVARIATE_SHIFT, half + 2, windows, larger, null);
    }
    List<Planted> all = plan.planted();
    return all.subList(0, Math.min(all.size(), (features.size() + 1) / 2));
  }

  private record Plan(SimulationOptions options, List<Planted> planted) {
    void add(Planted change) {
      planted.add(change);
    }

    void add(String field, Kind kind, int from, int to, double size, String value) {
      int last = options.windows() - 1;
      planted.add(
          new Planted(
              field,
              kind,
              Math.min(from, last),
              Math.min(to, last + 1),
              size,
              value,
              0,
              options.pattern(),
              options.period()));
    }
  }

  private static List<String> names(List<Field> features, FieldType type) {
    return features.stream().filter(field -> field.type() == type).map(Field::name).toList();
  }
}
