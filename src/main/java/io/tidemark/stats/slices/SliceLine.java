package io.tidemark.stats.slices;

import io.tidemark.stats.BenjaminiHochberg;
import io.tidemark.stats.ExactSum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the slices of rows with the best score (Sagadeeva and Boehm, SIGMOD 2021)
 *
 * <pre>alpha * (mean error of the slice / mean error - 1) - (1 - alpha) * (rows / size - 1)</pre>
 *
 * if above 0. Exact: slices are passed over only by their size, or where none within them can score
 * enough. The order of rows makes no difference, not in the last bit. Slices of the same rows count
 * once.
 *
 * <p>Multiple tests: the p of a named slice is adjusted over all slices with support, named or not
 * ({@link WeakSlices#tests}); those not named count as if their p were 1. Support depends on
 * features alone, so that choosing by errors is paid for in full. Where errors have nothing to do
 * with the features, hardly more than 5 in 100 searches name a slice with an adjusted p of .05 or
 * less.
 *
 * @param alpha the weight of errors against size, in (0, 1]
 * @param minSupport the fewest rows of a slice, at least 1
 * @param maxPredicates 1 to 3
 * @param k how many slices to name at most
 */
public record SliceLine(double alpha, int minSupport, int maxPredicates, int k) {
  private static final double ALPHA = 0.95;
  private static final int FEWEST_ROWS = 32;
  private static final double ONE_OF = 100;
  private static final double ROUNDING = 1e-12;

  public SliceLine {
    if (!(alpha > 0 && alpha <= 1)
        || minSupport < 1
        || maxPredicates < 1
        || maxPredicates > 3
        || k < 1) {
      throw new IllegalArgumentException(
          "No search: alpha %s, minSupport %d, maxPredicates %d, k %d"
              .formatted(Double.toString(alpha), minSupport, maxPredicates, k));
    }
  }

  /** Alpha .95, a hundredth of the rows but at least 32, up to three predicates, ten slices. */
  public static SliceLine forRows(int rows) {
    return forRows(rows, 1 / ONE_OF, 3, 10);
  }

  /**
   * Alpha .95.
   *
   * @param support the fewest rows of a slice as a share of all, but 32 at least
   */
  public static SliceLine forRows(int rows, double support, int maxPredicates, int k) {
    return new SliceLine(ALPHA, fewest(rows, support), maxPredicates, k);
  }

  /**
   * A share such as .07 is a hair above or below 7 hundredths: of 100 rows it is 7 all the same.
   */
  private static int fewest(int rows, double support) {
    return Math.max(FEWEST_ROWS, (int) Math.ceil(rows * support * (1 - ROUNDING)));
  }

  public WeakSlices search(CodedRows rows) {
    double mean = rows.meanError();
    if (!(mean > 0)) {
      return new WeakSlices(rows.size(), mean, minSupport, 0, List.of());
    }
    ErrorUnits errors = ErrorUnits.of(rows);
    Score units = new Score(alpha, rows.size(), errors.mean(), minSupport);
    Ranking ranking = new Ranking(rows, units, k, alpha * errors.slack() / errors.mean());
    List<Feature> features = Feature.of(rows, errors, minSupport, ranking);
    long tests = Family.ofOne(features);
    if (maxPredicates > 1) {
      Pairs pairs = Pairs.of(rows, errors, features, units, ranking);
      tests += Family.ofTwo(pairs, minSupport);
      if (maxPredicates > 2) {
        new Triples(rows, errors, pairs, units, ranking).rank();
        tests += Family.ofThree(pairs, minSupport);
      }
    }
    Score exact = new Score(alpha, rows.size(), mean, minSupport);
    return new WeakSlices(
        rows.size(), mean, minSupport, tests, judged(rows, best(rows, exact, ranking), tests));
  }

  /** Rows with their exact score. */
  private record Scored(double score, Ranking.RowSet set, Conjunction name) {
    static final Comparator<Scored> ORDER =
        Comparator.comparingDouble((Scored one) -> -one.score)
            .thenComparingInt(one -> -one.set.size())
            .thenComparing(Scored::name);
  }

  private List<Scored> best(CodedRows rows, Score exact, Ranking ranking) {
    List<Scored> scored = new ArrayList<>();
    for (Ranking.RowSet set : ranking.best()) {
      ExactSum sum = new ExactSum();
      set.rows().stream().forEach(row -> sum.add(rows.error(row)));
      double score = exact.of(set.size(), sum.value());
      if (score > 0) {
        set.names().sort(Comparator.naturalOrder());
        scored.add(new Scored(score, set, set.names().get(0)));
      }
    }
    scored.sort(Scored.ORDER);
    return scored.subList(0, Math.min(k, scored.size()));
  }

  private static List<WeakSlice> judged(CodedRows rows, List<Scored> best, long tests) {
    List<SliceFigures> figures =
        best.stream().map(one -> SliceFigures.of(rows, one.set.rows())).toList();
    double[] adjusted =
        BenjaminiHochberg.adjust(figures.stream().mapToDouble(SliceFigures::p).toArray(), tests);
    List<WeakSlice> slices = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      List<Conjunction> names = best.get(i).set.names();
      slices.add(
          new WeakSlice(
              best.get(i).name,
              List.copyOf(names.subList(1, names.size())),
              best.get(i).score,
              figures.get(i),
              adjusted[i]));
    }
    return List.copyOf(slices);
  }
}
