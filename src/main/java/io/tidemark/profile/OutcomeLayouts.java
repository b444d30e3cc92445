package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The outcomes' layout for each model version's rows, beside the profile's. */
public final class OutcomeLayouts implements Serializable {
  private static final long serialVersionUID = 1;

  private final ProfileLayouts profiles;

  /** By the model and id of their profiles. */
  private final TreeMap<String, TreeMap<Integer, OutcomeLayout>> layouts;

  private OutcomeLayouts(
      ProfileLayouts profiles, TreeMap<String, TreeMap<Integer, OutcomeLayout>> layouts) {
    this.profiles = profiles;
    this.layouts = layouts;
  }

  private static OutcomeLayouts of(ProfileLayouts profiles, List<OutcomeLayout> layouts) {
    TreeMap<String, TreeMap<Integer, OutcomeLayout>> byModel = new TreeMap<>();
    for (OutcomeLayout each : layouts) {
      byModel
          .computeIfAbsent(each.profile().model(), model -> new TreeMap<>())
          .put(each.profile().id(), each);
    }
    return new OutcomeLayouts(profiles, byModel);
  }

  /** A model's, with what its baselines know of labels. */
  public static OutcomeLayouts of(
      MonitoringSpec spec, ProfileLayouts profiles, Baselines baselines) {
    TreeMap<Integer, OutcomeModel> known = new TreeMap<>();
    for (Baseline baseline : baselines.all()) {
      if (baseline.performance() != null) {
        known.put(
            profiles.of(spec.model(), baseline.version()).id(), baseline.performance().model());
      }
    }
    return of(
        profiles,
        profiles.all().stream()
            .map(profile -> OutcomeLayout.of(spec, profile, known.get(profile.id())))
            .toList());
  }

  /** Those of several models together. */
  public static OutcomeLayouts of(Collection<OutcomeLayouts> models) {
    TreeMap<String, TreeMap<Integer, OutcomeLayout>> all = new TreeMap<>();
    models.forEach(each -> all.putAll(each.layouts));
    return new OutcomeLayouts(
        ProfileLayouts.of(models.stream().map(each -> each.profiles).toList()), all);
  }

  /** The same layout for every version of every model. */
  public static OutcomeLayouts single(OutcomeLayout layout) {
    return of(ProfileLayouts.single(layout.profile()), List.of(layout));
  }

  /** Whether a model's outcomes are gathered. */
  public boolean has(String model) {
    return profiles.has(model);
  }

  public OutcomeLayout of(WindowKey key) {
    return of(profiles.of(key));
  }

  private OutcomeLayout of(ProfileLayout profile) {
    return layouts.get(profile.model()).get(profile.id());
  }

  OutcomeLayout at(String model, int id) {
    return of(profiles.at(model, id));
  }
}
