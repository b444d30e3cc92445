package io.tidemark.profile;

import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The outcomes' layout for each model version's rows, beside the profile's. */
public final class OutcomeLayouts implements Serializable {
  private static final long serialVersionUID = 1;

  private final ProfileLayouts profiles;
  private final List<OutcomeLayout> layouts;

  private OutcomeLayouts(ProfileLayouts profiles, List<OutcomeLayout> layouts) {
    this.profiles = profiles;
    this.layouts = List.copyOf(layouts);
  }

  /** Those of a run, with what the baselines know of labels. */
  public static OutcomeLayouts of(
      MonitoringSpec spec, ProfileLayouts profiles, Baselines baselines) {
    List<OutcomeModel> models = new ArrayList<>();
    profiles.all().forEach(layout -> models.add(null));
    for (Baseline baseline : baselines.all()) {
      if (baseline.performance() != null) {
        models.set(profiles.of(baseline.version()).id(), baseline.performance().model());
      }
    }
    List<OutcomeLayout> layouts = new ArrayList<>();
    for (int id = 0; id < models.size(); id++) {
      layouts.add(OutcomeLayout.of(spec, profiles.all().get(id), models.get(id)));
    }
    return new OutcomeLayouts(profiles, layouts);
  }

  /** The same layout for every version. */
  public static OutcomeLayouts single(OutcomeLayout layout) {
    return new OutcomeLayouts(ProfileLayouts.single(layout.profile()), List.of(layout));
  }

  public OutcomeLayout of(String version) {
    return layouts.get(profiles.of(version).id());
  }

  OutcomeLayout at(int id) {
    return layouts.get(id);
  }
}
