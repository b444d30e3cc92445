package io.tidemark.slices;

import io.tidemark.profile.FieldBins;
import io.tidemark.profile.OutcomeLayout;
import io.tidemark.profile.ProfileLayout;
import io.tidemark.profile.ProfileLayouts;
import io.tidemark.spec.MonitoringSpec;
import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How a model's labelled rows are coded.
 *
 * @param codes by the id of a version's layout
 * @param outcomes by the same: what a row's error is
 * @param capacity labelled rows of a period that are looked at, at most
 */
public record SliceSettings(
    String model,
    ProfileLayouts layouts,
    TreeMap<Integer, FeatureCodes> codes,
    TreeMap<Integer, OutcomeLayout> outcomes,
    int capacity)
    implements Serializable {

  /**
   * A slice of a hundredth of so many has a thousand rows. Each window of a period may hold as
   * many, for only then are those of the period among them.
   */
  private static final int MOST_ROWS = 100_000;

  /** The same in codes: rows of very many features are fewer. */
  private static final int MOST_CODES = 16_000_000;

  /**
   * @param references the bins of a layout's fields, in its order; null where the baseline has not
   *     the field
   */
  public static SliceSettings of(
      MonitoringSpec spec,
      ProfileLayouts layouts,
      Function<ProfileLayout, List<FieldBins>> references) {
    TreeMap<Integer, FeatureCodes> codes = new TreeMap<>();
    TreeMap<Integer, OutcomeLayout> outcomes = new TreeMap<>();
    for (ProfileLayout layout : layouts.all()) {
      codes.put(layout.id(), FeatureCodes.of(spec, layout, references.apply(layout)));
      // Errors need none of what a baseline knows of scores.
      outcomes.put(layout.id(), OutcomeLayout.of(spec, layout, null));
    }
    int features = Math.max(1, spec.features().size());
    return new SliceSettings(
        spec.model(), layouts, codes, outcomes, Math.min(MOST_ROWS, MOST_CODES / features));
  }

  private int layout(String version) {
    return layouts.of(model, version).id();
  }

  FeatureCodes codesOf(String version) {
    return codes.get(layout(version));
  }

  OutcomeLayout outcomesOf(String version) {
    return outcomes.get(layout(version));
  }

  CodedRowSample newSample(String version) {
    return new CodedRowSample(codesOf(version), capacity);
  }
}
