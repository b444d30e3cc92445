package io.tidemark.stats.performance;

import io.tidemark.stats.ExactSum;
import io.tidemark.stats.Varint;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Sums of products of errors e and truths y that the sampling error of R² needs: e²y, e²y², y³, y⁴.
 * Each product is rounded, each sum exact. Rows whose products are beyond the range of doubles are
 * only counted.
 */
final class TruthProducts {
  private final ExactSum[] sums;
  private long beyond;

  TruthProducts() {
    this(new ExactSum[] {new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum()});
  }

  private TruthProducts(ExactSum[] sums) {
    this.sums = sums;
  }

  void add(double error, double truth) {
    double errors = error * error;
    double truths = truth * truth;
    if (errors * truths > Double.MAX_VALUE
        || truths * truths > Double.MAX_VALUE
        || errors > Double.MAX_VALUE) {
      beyond++;
      return;
    }
    sums[0].add(errors * truth);
    sums[1].add(errors * truths);
    sums[2].add(truths * truth);
    sums[3].add(truths * truths);
  }

  void merge(TruthProducts other) {
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(other.sums[i]);
    }
    beyond += other.beyond;
  }

  /** Whether every row is in the sums. */
  boolean complete() {
    return beyond == 0;
  }

  /** Σ e²(y-m)² without its term m²Σe². */
  double errorsTimesTruths(double m) {
    return sums[1].value() - 2 * m * sums[0].value();
  }

  /** Σ (y-m)⁴ where n rows have the sum of squares q about zero and the mean m. */
  double fourth(double m, double q, double n) {
    return sums[3].value() - 4 * m * sums[2].value() + 6 * m * m * q - 3 * n * m * m * m * m;
  }

  void write(DataOutput out) throws IOException {
    for (ExactSum sum : sums) {
      sum.write(out);
    }
    Varint.write(beyond, out);
  }

  static TruthProducts read(DataInput in) throws IOException {
    TruthProducts products =
        new TruthProducts(
            new ExactSum[] {
              ExactSum.read(in), ExactSum.read(in), ExactSum.read(in), ExactSum.read(in)
            });
    products.beyond = Varint.read(in);
    return products;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof TruthProducts other
        && beyond == other.beyond
        && Arrays.equals(sums, other.sums);
  }

  @Override
  public int hashCode() {
    return Objects.hash(beyond, sums[0], sums[1]);
  }
}
