package io.tidemark.profile;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/** The layout for each model version's rows: that of its own baseline, else the common one. */
public final class ProfileLayouts implements Serializable {
  private static final long serialVersionUID = 1;

  private final List<ProfileLayout> layouts;
  private final TreeMap<String, Integer> byVersion;
  private final int common;

  /**
   * @param layouts the one at i has id i
   * @param byVersion which layout a version's rows have
   * @param common the layout of versions without one of their own
   */
  public ProfileLayouts(
      List<ProfileLayout> layouts, TreeMap<String, Integer> byVersion, int common) {
    this.layouts = List.copyOf(layouts);
    this.byVersion = new TreeMap<>(byVersion);
    this.common = common;
  }

  public static ProfileLayouts single(ProfileLayout layout) {
    return new ProfileLayouts(List.of(layout), new TreeMap<>(), 0);
  }

  /** The same layout for every version, and another for {@link ProfileAggregator#total}. */
  public static ProfileLayouts withTotal(ProfileLayout layout, ProfileLayout total) {
    TreeMap<String, Integer> byVersion = new TreeMap<>();
    byVersion.put(ProfileAggregator.TOTAL.version(), 1);
    return new ProfileLayouts(List.of(layout, total), byVersion, 0);
  }

  public ProfileLayout of(String version) {
    return layouts.get(byVersion.getOrDefault(version, common));
  }

  /** All of them, the one at i with id i. */
  public List<ProfileLayout> all() {
    return layouts;
  }

  ProfileLayout at(int id) {
    return layouts.get(id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProfileLayouts that
        && layouts.equals(that.layouts)
        && byVersion.equals(that.byVersion)
        && common == that.common;
  }

  @Override
  public int hashCode() {
    return layouts.hashCode();
  }
}
