package io.tidemark.spec;

import java.util.List;

/** The {@code slices} section. */
final class SlicesReader {
  private SlicesReader() {}

  /** Null where it is turned off. */
  static SlicesSpec read(SpecNode spec, List<Field> features) {
    if (spec.isOff("slices")) {
      return null;
    }
    SpecNode node = spec.mapping("slices");
    if (node == null) {
      return SlicesSpec.DEFAULT;
    }
    List<String> names = node.texts("features");
    for (String name : names) {
      if (features.stream().noneMatch(feature -> feature.name().equals(name))) {
        node.problem("features", name + " is no feature of this spec");
      }
    }
    long predicates = node.integer("max_predicates", SlicesSpec.DEFAULT.maxPredicates(), 1);
    if (predicates > SlicesSpec.MOST_PREDICATES) {
      node.problem(
          "max_predicates",
          "must be at most " + SlicesSpec.MOST_PREDICATES + ", not " + predicates);
    }
    double support = node.number("min_support", SlicesSpec.DEFAULT.minSupport(), 0, 1);
    long top = node.integer("top", SlicesSpec.DEFAULT.top(), 1);
    if (top > SlicesSpec.MOST) {
      node.problem("top", "must be at most " + SlicesSpec.MOST + ", not " + top);
    }
    node.end();
    return new SlicesSpec(
        List.copyOf(names),
        (int) Math.min(predicates, SlicesSpec.MOST_PREDICATES),
        support,
        (int) Math.min(top, SlicesSpec.MOST));
  }
}
