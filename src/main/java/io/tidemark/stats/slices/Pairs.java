package io.tidemark.stats.slices;

import java.util.List;

/** The slices of two predicates: a cross-table for each two features. */
final class Pairs {
  private final List<Feature> features;

  /** By the first feature, then the second, which comes after it. */
  private final Tally[][] tallies;

  private final double[][][] bounds;

  private Pairs(List<Feature> features, ErrorKind kind) {
    this.features = features;
    int count = features.size();
    tallies = new Tally[count][count];
    bounds = new double[count][count][];
    for (int first = 0; first < count; first++) {
      for (int second = first + 1; second < count; second++) {
        int cells = features.get(first).width() * features.get(second).width();
        tallies[first][second] = new Tally(kind, cells);
        bounds[first][second] = new double[cells];
      }
    }
  }

  /** Counts all pairs in one pass over the rows; those with support go into the ranking. */
  static Pairs of(
      CodedRows rows, ErrorUnits errors, List<Feature> features, Score score, Ranking ranking) {
    Pairs pairs = new Pairs(features, rows.kind());
    int count = features.size();
    int[][] numbers = new int[count][RowBlocks.SIZE];
    int[] cells = new int[RowBlocks.SIZE];
    RowBlocks.forEach(
        rows.size(),
        (from, length) -> {
          for (int one = 0; one < count; one++) {
            Feature feature = features.get(one);
            rows.column(feature.index())
                .lookUp(from, RowBlocks.all(), length, feature.numbers(), numbers[one]);
          }
          for (int first = 0; first < count; first++) {
            for (int second = first + 1; second < count; second++) {
              int width = features.get(second).width();
              for (int i = 0; i < length; i++) {
                cells[i] = numbers[first][i] * width + numbers[second][i];
              }
              pairs.tallies[first][second].add(cells, errors.units(), from, length);
            }
          }
        });
    pairs.rank(score, ranking);
    return pairs;
  }

  private void rank(Score score, Ranking ranking) {
    for (int first = 0; first < features.size(); first++) {
      for (int second = first + 1; second < features.size(); second++) {
        Tally tally = tallies[first][second];
        Feature one = features.get(first);
        Feature other = features.get(second);
        for (int a = 0; a < one.supported(); a++) {
          for (int b = 0; b < other.supported(); b++) {
            int cell = a * other.width() + b;
            int size = tally.size(cell);
            bounds[first][second][cell] = score.bound(size, tally.sum(cell), tally.max(cell));
            if (size >= score.minSupport()) {
              ranking.offer(size, tally.sum(cell), List.of(one.predicate(a), other.predicate(b)));
            }
          }
        }
      }
    }
  }

  List<Feature> features() {
    return features;
  }

  /** The place of a pair of numbers in {@link #tally} and {@link #bounds}, in any order. */
  int cell(int feature, int number, int other, int otherNumber) {
    return feature < other
        ? number * features.get(other).width() + otherNumber
        : otherNumber * features.get(feature).width() + number;
  }

  Tally tally(int feature, int other) {
    return tallies[Math.min(feature, other)][Math.max(feature, other)];
  }

  /** What slices within each pair can reach. */
  double[] bounds(int feature, int other) {
    return bounds[Math.min(feature, other)][Math.max(feature, other)];
  }
}
