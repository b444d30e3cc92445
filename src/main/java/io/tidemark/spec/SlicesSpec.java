package io.tidemark.spec;

import java.io.Serializable;
import java.util.List;

/**
 * The search for slices where the model struggles (METHODS 7).
 *
 * @param features that slices are made of; none: all of the spec's
 * @param maxPredicates of a slice at most
 * @param minSupport the fewest rows of a slice, as a share of the labelled rows of a period
 * @param top how many slices are named at most
 */
public record SlicesSpec(List<String> features, int maxPredicates, double minSupport, int top)
    implements Serializable {
  static final int MOST_PREDICATES = 3;
  static final int MOST = 1000;

  /** Where a spec has no such section. */
  public static final SlicesSpec DEFAULT = new SlicesSpec(List.of(), MOST_PREDICATES, .01, 10);
}
