package io.tidemark.stats.slices;

import java.util.Comparator;

/** A condition on a row: this feature has this code. In the order of features, then codes. */
public record Predicate(int feature, int code) implements Comparable<Predicate> {
  private static final Comparator<Predicate> ORDER =
      Comparator.comparingInt(Predicate::feature).thenComparingInt(Predicate::code);

  @Override
  public int compareTo(Predicate other) {
    return ORDER.compare(this, other);
  }
}
