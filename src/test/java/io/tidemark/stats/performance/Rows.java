package io.tidemark.stats.performance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Rows of a binary model for tests. */
final class Rows {
  static final int CAPACITY = 1 << 14;

  private Rows() {}

  /** One labelled row. */
  record Row(double score, boolean predicted, boolean actual) {}

  /** Few and many different scores, ties among them. */
  static Arbitrary<List<Row>> any() {
    Arbitrary<Double> scores =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 10).map(tenths -> tenths / 10.0),
            Arbitraries.doubles().between(0, 1));
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(scores, flags, flags).as(Row::new).list().ofMaxSize(40);
  }

  /** Rows whose labels follow the given probability: their score to a power. */
  static List<Row> drawn(int rows, long seed, double power, int decimals) {
    Random random = new Random(seed);
    double steps = Math.pow(10, decimals);
    List<Row> drawn = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double score = 1 / (1 + Math.exp(-2 * random.nextGaussian()));
      double rounded = decimals < 0 ? score : Math.rint(score * steps) / steps;
      boolean actual = random.nextDouble() < Math.pow(rounded, power);
      drawn.add(new Row(rounded, rounded >= .5, actual));
    }
    return drawn;
  }

  static BinaryOutcomes outcomes(List<Row> rows) {
    return outcomes(rows, CAPACITY);
  }

  static BinaryOutcomes outcomes(List<Row> rows, int capacity) {
    BinaryOutcomes outcomes = new BinaryOutcomes(capacity);
    rows.forEach(row -> outcomes.add(row.score(), row.predicted(), row.actual()));
    return outcomes;
  }

  static double value(Metric metric, BinaryOutcomes outcomes) {
    return BinaryMetrics.of(metric, outcomes).value();
  }
}
