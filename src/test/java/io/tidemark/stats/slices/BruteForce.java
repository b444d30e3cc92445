package io.tidemark.stats.slices;

import io.tidemark.stats.ExactSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The best slices by looking at every one there is: what the search is held against. */
final class BruteForce {
  /** Rows, their names in order, and their score. */
  record Found(List<Conjunction> names, int size, double score) {}

  final List<Found> best;

  /** How many slices have support. */
  final long supported;

  BruteForce(CodedRows rows, SliceLine search) {
    double mean = mean(rows, all(rows));
    Map<BitSet, List<Conjunction>> names = new LinkedHashMap<>();
    long count = 0;
    for (List<Predicate> predicates : conjunctions(rows, search.maxPredicates(), 0)) {
      if (!predicates.isEmpty()) {
        Conjunction name = new Conjunction(predicates);
        BitSet within = within(rows, name);
        if (within.cardinality() >= search.minSupport()) {
          count++;
          names.computeIfAbsent(within, set -> new ArrayList<>()).add(name);
        }
      }
    }
    supported = count;
    List<Found> found = new ArrayList<>();
    names.forEach(
        (within, same) -> {
          same.sort(Comparator.naturalOrder());
          int size = within.cardinality();
          double score =
              search.alpha() * (sum(rows, within) / size / mean - 1)
                  - (1 - search.alpha()) * (rows.size() / (double) size - 1);
          if (score > 0 && mean > 0) {
            found.add(new Found(same, size, score));
          }
        });
    found.sort(
        Comparator.comparingDouble((Found one) -> -one.score)
            .thenComparingInt(one -> -one.size)
            .thenComparing(one -> one.names.get(0)));
    best = found.subList(0, Math.min(search.k(), found.size()));
  }

  private static List<List<Predicate>> conjunctions(CodedRows rows, int most, int from) {
    List<List<Predicate>> all = new ArrayList<>();
    all.add(List.of());
    for (int feature = from; most > 0 && feature < rows.features(); feature++) {
      for (int code = 0; code < rows.codes(feature); code++) {
        for (List<Predicate> more : conjunctions(rows, most - 1, feature + 1)) {
          List<Predicate> one = new ArrayList<>(List.of(new Predicate(feature, code)));
          one.addAll(more);
          all.add(one);
        }
      }
    }
    return all;
  }

  private static BitSet all(CodedRows rows) {
    BitSet all = new BitSet();
    all.set(0, rows.size());
    return all;
  }

  private static BitSet within(CodedRows rows, Conjunction name) {
    BitSet within = all(rows);
    for (int row = 0; row < rows.size(); row++) {
      for (Predicate predicate : name.predicates()) {
        if (rows.code(row, predicate.feature()) != predicate.code()) {
          within.clear(row);
        }
      }
    }
    return within;
  }

  private static double sum(CodedRows rows, BitSet within) {
    ExactSum sum = new ExactSum();
    within.stream().forEach(row -> sum.add(rows.error(row)));
    return sum.value();
  }

  private static double mean(CodedRows rows, BitSet within) {
    ExactSum sum = new ExactSum();
    within.stream().forEach(row -> sum.add(rows.error(row)));
    return rows.size() == 0 ? 0 : sum.over(within.cardinality());
  }
}
