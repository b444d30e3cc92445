package io.tidemark.stats.performance;

import java.util.ArrayList;
import java.util.List;

/**
 * Scores against what came true, in bins of equally many rows: bin i of k holds the rows from place
 * ⌊i·n/k⌋ to ⌊(i+1)·n/k⌋ in the order of scores. Rows of one score have no order: where they lie on
 * both sides of an edge, each side has its share of their positives. (NannyML takes them as its
 * sort leaves them.) Fewer than 20 rows make bins of two.
 *
 * @param bins ascending; empty without rows
 * @param ece expected calibration error: Σ rows/n·|mean score - share of positives|; NaN without
 *     rows
 * @param bound by how much at most the exact value may differ because scores were pooled
 */
public record Reliability(List<Bin> bins, double ece, double bound) {
  /** The number of bins of {@link Metric#ECE}. */
  public static final int BINS = 10;

  /** One bin. */
  public record Bin(double rows, double meanScore, double positiveRate) {}

  public Reliability {
    bins = List.copyOf(bins);
  }

  /** The calibration error alone. */
  static Measured error(ScoredRows rows) {
    Reliability reliability = of(rows);
    return new Measured(reliability.ece, reliability.bound);
  }

  /** The bins of rows. */
  public static Reliability of(ScoredRows rows) {
    long n = Math.round(rows.rows());
    if (n == 0) {
      return new Reliability(List.of(), Double.NaN, 0);
    }
    int count = (int) Math.max(1, Math.min(BINS, n / 2));
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    double doubt = rows.relativeError() / 2;
    int at = 0;
    double left = rows.rows(0);
    for (int i = 0; i < count; i++) {
      double open = (double) ((i + 1) * n / count - i * n / count);
      double size = open;
      double scores = 0;
      double positives = 0;
      while (open > 0) {
        double taken = Math.min(open, left);
        scores += taken * rows.score(at);
        positives += taken * (rows.positives(at) / rows.rows(at));
        open -= taken;
        left -= taken;
        if (left > 0) {
          doubt += rows.exact() ? 0 : 2 * Math.min(taken, left) / n; // an edge within a bin's rows
        } else if (++at < rows.size()) {
          left = rows.rows(at);
        }
      }
      bins.add(new Bin(size, scores / size, positives / size));
      error += Math.abs(scores - positives) / n;
    }
    return new Reliability(bins, error, doubt);
  }
}
