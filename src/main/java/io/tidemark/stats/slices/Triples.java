package io.tidemark.stats.slices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The slices of three predicates. Three features are looked at where a slice of theirs may yet
 * reach the ranking: from the two of them that have the fewest rows in promising pairs, those rows
 * are gone through once for all third features. The most promising come first, so that the
 * ranking's floor rises and spares the rest.
 */
final class Triples {
  private final CodedRows rows;
  private final ErrorUnits errors;
  private final Pairs pairs;
  private final List<Feature> features;
  private final Score score;
  private final Ranking ranking;

  Triples(CodedRows rows, ErrorUnits errors, Pairs pairs, Score score, Ranking ranking) {
    this.rows = rows;
    this.errors = errors;
    this.pairs = pairs;
    this.features = pairs.features();
    this.score = score;
    this.ranking = ranking;
  }

  /** Two features, the third ones to look at with them, and the most that is to be reached. */
  private static final class Base {
    final int first;
    final int second;
    final long covered;
    final List<Integer> thirds = new ArrayList<>();
    double bound = Double.NEGATIVE_INFINITY;

    Base(int first, int second, long covered) {
      this.first = first;
      this.second = second;
      this.covered = covered;
    }
  }

  void rank() {
    for (Base base : bases()) {
      boolean[] wanted = new boolean[pairs.bounds(base.first, base.second).length];
      List<Integer> thirds =
          base.thirds.stream()
              .filter(third -> promise(base.first, base.second, third, wanted) >= ranking.floor())
              .toList();
      if (!thirds.isEmpty()) {
        count(base, thirds, wanted);
      }
    }
  }

  private List<Base> bases() {
    int count = features.size();
    Base[][] bases = new Base[count][count];
    for (int first = 0; first < count; first++) {
      for (int second = first + 1; second < count; second++) {
        bases[first][second] = new Base(first, second, covered(first, second));
      }
    }
    Comparator<Base> fewest = Comparator.comparingLong(base -> base.covered);
    List<Base> used = new ArrayList<>();
    for (int a = 0; a < count; a++) {
      for (int b = a + 1; b < count; b++) {
        for (int c = b + 1; c < count; c++) {
          double bound = promise(a, b, c, null);
          if (bound >= ranking.floor()) {
            List<Base> three = new ArrayList<>(List.of(bases[a][b], bases[a][c], bases[b][c]));
            three.sort(fewest);
            Base base = three.get(0);
            base.thirds.add(a + b + c - base.first - base.second);
            base.bound = Math.max(base.bound, bound);
          }
        }
      }
    }
    for (Base[] row : bases) {
      Arrays.stream(row).filter(one -> one != null && !one.thirds.isEmpty()).forEach(used::add);
    }
    used.sort(Comparator.comparingDouble(base -> -base.bound));
    return used;
  }

  /** How many rows are in promising pairs of two features. */
  private long covered(int first, int second) {
    double[] bounds = pairs.bounds(first, second);
    double floor = ranking.floor();
    long covered = 0;
    for (int cell = 0; cell < bounds.length; cell++) {
      covered += bounds[cell] >= floor ? pairs.tally(first, second).size(cell) : 0;
    }
    return covered;
  }

  /**
   * The most that a slice of three features can reach.
   *
   * @param wanted is set for the pairs of the first two that may hold a slice for the ranking
   */
  private double promise(int first, int second, int third, boolean[] wanted) {
    double floor = ranking.floor();
    double[] bases = pairs.bounds(first, second);
    double[] ones = pairs.bounds(first, third);
    double[] others = pairs.bounds(second, third);
    double most = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < features.get(first).supported(); a++) {
      for (int b = 0; b < features.get(second).supported(); b++) {
        int base = pairs.cell(first, a, second, b);
        if (bases[base] < floor) {
          continue;
        }
        for (int c = 0; c < features.get(third).supported(); c++) {
          int one = pairs.cell(first, a, third, c);
          int other = pairs.cell(second, b, third, c);
          if (ones[one] >= floor && others[other] >= floor) {
            double bound = bound(first, second, third, base, one, other);
            most = Math.max(most, bound);
            if (wanted != null && bound >= floor) {
              wanted[base] = true;
            }
          }
        }
      }
    }
    return most;
  }

  /** A slice is no larger than any pair in it, and its errors are among theirs. */
  private double bound(int first, int second, int third, int base, int one, int other) {
    Tally x = pairs.tally(first, second);
    Tally y = pairs.tally(first, third);
    Tally z = pairs.tally(second, third);
    return score.bound(
        Math.min(x.size(base), Math.min(y.size(one), z.size(other))),
        Math.min(x.sum(base), Math.min(y.sum(one), z.sum(other))),
        Math.min(x.max(base), Math.min(y.max(one), z.max(other))));
  }

  /** Goes through the rows of the wanted pairs, with all third features. */
  private void count(Base base, List<Integer> thirds, boolean[] wanted) {
    Feature first = features.get(base.first);
    Feature second = features.get(base.second);
    List<Integer> cells = new ArrayList<>();
    int[] places = new int[first.width() * second.width()];
    Arrays.fill(places, -1);
    for (int cell = 0; cell < wanted.length; cell++) {
      if (wanted[cell]) {
        places[cell] = cells.size();
        cells.add(cell);
      }
    }
    List<Tally> tallies =
        thirds.stream()
            .map(third -> new Tally(rows.kind(), cells.size() * features.get(third).width()))
            .toList();
    TripleCounter counter = new TripleCounter(rows, errors, first, second, places);
    counter.count(thirds.stream().map(features::get).toList(), tallies);
    for (int i = 0; i < tallies.size(); i++) {
      for (int place = 0; place < cells.size(); place++) {
        int cell = cells.get(place);
        Predicate one = first.predicate(cell / second.width());
        Predicate other = second.predicate(cell % second.width());
        offer(tallies.get(i), place, one, other, features.get(thirds.get(i)));
      }
    }
  }

  private void offer(Tally tally, int place, Predicate one, Predicate other, Feature third) {
    for (int number = 0; number < third.supported(); number++) {
      int cell = place * third.width() + number;
      if (tally.size(cell) >= score.minSupport()) {
        ranking.offer(
            tally.size(cell), tally.sum(cell), List.of(one, other, third.predicate(number)));
      }
    }
  }
}
