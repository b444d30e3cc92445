package io.tidemark.stats.slices;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The best slices so far: sets of rows, each with all names it was offered under. Holds at least
 * the best k of those that score above 0, and the more that cannot be told from the last of them
 * before their sums are exact.
 */
final class Ranking {
  /** What rounding can do to a score, relative to 1 + the score: far more than it does. */
  private static final double ROUNDING = 1e-9;

  private final CodedRows rows;
  private final Score score;
  private final int k;
  private final double slack;
  private final List<RowSet> best = new ArrayList<>();

  /**
   * @param slack by how much a score from units may be too large
   */
  Ranking(CodedRows rows, Score score, int k, double slack) {
    this.rows = rows;
    this.score = score;
    this.k = k;
    this.slack = slack;
  }

  /** Rows with their names; their score is the most that it may be. */
  final class RowSet {
    private final int size;
    private final long sum;
    private final double score;
    private final List<Conjunction> names = new ArrayList<>();
    private BitSet within;

    private RowSet(int size, long sum, double score, Conjunction name) {
      this.size = size;
      this.sum = sum;
      this.score = score;
      names.add(name);
    }

    int size() {
      return size;
    }

    /** In the order they came. */
    List<Conjunction> names() {
      return names;
    }

    BitSet rows() {
      within = within == null ? rows.where(names.get(0)) : within;
      return within;
    }

    /** Whether a slice with the score of this one is the same rows. */
    private boolean same(RowSet other) {
      return size == other.size
          && sum == other.sum
          && (within(other.names.get(0)) || rows().equals(other.rows()));
    }

    /** Part of a slice that is no larger: then there is no need to look at the rows. */
    private boolean within(Conjunction part) {
      return names.stream().anyMatch(one -> part.predicates().containsAll(one.predicates()));
    }
  }

  /** Whoever scores less, by units or by a bound, is none of the best. */
  double floor() {
    double kth = best.size() < k ? 0 : Math.max(0, best.get(k - 1).score - slack);
    return kth - ROUNDING * (1 + kth);
  }

  /** Takes a slice if it may be one of the best. All its parts must have been offered before. */
  void offer(int size, long sum, List<Predicate> predicates) {
    double reached = score.of(size, sum);
    if (!(reached >= floor())) {
      return;
    }
    RowSet set = new RowSet(size, sum, reached, new Conjunction(predicates));
    int at = 0;
    while (at < best.size() && best.get(at).score >= reached) {
      RowSet other = best.get(at++);
      if (other.score == reached && other.same(set)) {
        other.names.addAll(set.names);
        return;
      }
    }
    best.add(at, set);
    double floor = floor();
    while (best.get(best.size() - 1).score < floor) {
      best.remove(best.size() - 1);
    }
  }

  List<RowSet> best() {
    return best;
  }
}
