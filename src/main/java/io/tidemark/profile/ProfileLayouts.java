package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The layout for each model version's rows: that of its own baseline, else the model's common one.
 */
public final class ProfileLayouts implements Serializable {
  private static final long serialVersionUID = 1;

  /** A model that rows of any model are taken for. */
  private static final String ANY = "";

  private final TreeMap<String, OfModel> models;

  /**
   * @param layouts the one at i has id i
   * @param byVersion which layout a version's rows have
   * @param common the layout of versions without one of their own
   */
  private record OfModel(
      List<ProfileLayout> layouts, TreeMap<String, Integer> byVersion, int common)
      implements Serializable {}

  private ProfileLayouts(TreeMap<String, OfModel> models) {
    this.models = models;
  }

  /**
   * A model's.
   *
   * @param layouts the one at i has id i
   * @param byVersion which layout a version's rows have
   * @param common the layout of versions without one of their own
   */
  static ProfileLayouts of(
      String model, List<ProfileLayout> layouts, TreeMap<String, Integer> byVersion, int common) {
    TreeMap<String, OfModel> one = new TreeMap<>();
    one.put(model, new OfModel(List.copyOf(layouts), new TreeMap<>(byVersion), common));
    return new ProfileLayouts(one);
  }

  /** Those of several models together. */
  public static ProfileLayouts of(Collection<ProfileLayouts> models) {
    TreeMap<String, OfModel> all = new TreeMap<>();
    models.forEach(each -> all.putAll(each.models));
    return new ProfileLayouts(all);
  }

  /** The same layout for every version of every model. */
  public static ProfileLayouts single(ProfileLayout layout) {
    return of(ANY, List.of(layout), new TreeMap<>(), 0);
  }

  /** The same layout for every version, and another for {@link ProfileAggregator#total}. */
  public static ProfileLayouts withTotal(ProfileLayout layout, ProfileLayout total) {
    TreeMap<String, Integer> byVersion = new TreeMap<>();
    byVersion.put(ProfileAggregator.TOTAL, 1);
    return of(ANY, List.of(layout, total), byVersion, 0);
  }

  private OfModel ofModel(String model) {
    OfModel own = models.get(model);
    if (own == null) {
      own = models.get(ANY);
    }
    if (own == null) {
      throw new IllegalArgumentException("no model " + model + " among " + models.keySet());
    }
    return own;
  }

  public ProfileLayout of(String model, String version) {
    OfModel own = ofModel(model);
    return own.layouts.get(own.byVersion.getOrDefault(version, own.common));
  }

  public ProfileLayout of(WindowKey key) {
    return of(key.model(), key.version());
  }

  /** Of all models, in their order; within a model the one at i has id i. */
  public List<ProfileLayout> all() {
    List<ProfileLayout> all = new ArrayList<>();
    models.values().forEach(each -> all.addAll(each.layouts));
    return all;
  }

  boolean has(String model) {
    return models.containsKey(model) || models.containsKey(ANY);
  }

  /** How many models there are. */
  int models() {
    return models.size();
  }

  ProfileLayout at(String model, int id) {
    return ofModel(model).layouts.get(id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ProfileLayouts that && models.equals(that.models);
  }

  @Override
  public int hashCode() {
    return models.hashCode();
  }
}
