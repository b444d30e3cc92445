package io.tidemark.stats.slices;

import java.util.Iterator;
import java.util.List;

/**
 * The name of a slice: all of its predicates hold. Those with fewer predicates come first, then by
 * their predicates.
 *
 * @param predicates at least one, at most one a feature; held in the order of features
 */
public record Conjunction(List<Predicate> predicates) implements Comparable<Conjunction> {
  public Conjunction {
    predicates = predicates.stream().sorted().toList();
    long features = predicates.stream().mapToInt(Predicate::feature).distinct().count();
    if (predicates.isEmpty() || features < predicates.size()) {
      throw new IllegalArgumentException("Not one predicate a feature: " + predicates);
    }
  }

  public static Conjunction of(Predicate... predicates) {
    return new Conjunction(List.of(predicates));
  }

  @Override
  public int compareTo(Conjunction other) {
    int order = Integer.compare(predicates.size(), other.predicates.size());
    Iterator<Predicate> others = other.predicates.iterator();
    for (Predicate predicate : predicates) {
      if (order != 0) {
        break;
      }
      order = predicate.compareTo(others.next());
    }
    return order;
  }
}
