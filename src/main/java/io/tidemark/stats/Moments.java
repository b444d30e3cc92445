package io.tidemark.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Objects;

/**
 * Count, sum, mean, variance and range of the finite values; infinities are counted apart. Sum and
 * sum of squares are exact ({@link ExactSum}) and each figure is rounded once when it is asked for,
 * so neither the order of the values nor a large mean costs a digit.
 */
public final class Moments {
  private long count;
  private long negativeInfinities;
  private long positiveInfinities;
  private final ExactSum sum;
  private final ExactSum squares;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  public Moments() {
    this(new ExactSum(), new ExactSum());
  }

  private Moments(ExactSum sum, ExactSum squares) {
    this.sum = sum;
    this.squares = squares;
  }

  /**
   * Adds a value.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  public void add(double x) {
    if (!(Math.abs(x) <= Double.MAX_VALUE)) {
      addSpecial(x, 1);
      return;
    }
    count++;
    sum.add(x);
    squares.addSquare(x);
    if (x < min) {
      min = x + 0.0; // -0.0 is 0.0, or the minimum would depend on the order
    }
    if (x > max) {
      max = x + 0.0;
    }
  }

  /**
   * Adds a value {@code times} times.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  void add(double x, long times) {
    if (Math.abs(x) <= Double.MAX_VALUE) {
      count += times;
      sum.add(x, times);
      squares.addSquare(x, times);
      min = Math.min(min, x + 0.0);
      max = Math.max(max, x + 0.0);
    } else {
      addSpecial(x, times);
    }
  }

  /**
   * Adds {@code a - b}, also where that is beyond the range of doubles: then the range ends at the
   * largest of them, and all else is exact.
   *
   * @throws IllegalArgumentException if either is not finite
   */
  public void addDifference(double a, double b) {
    double difference = a - b;
    if (Double.isFinite(difference)) {
      add(difference);
      return;
    }
    double half = a / 2 - b / 2; // both are large, so that halves are exact
    if (!Double.isFinite(half)) {
      throw new IllegalArgumentException("There is no difference of " + a + " and " + b);
    }
    count++;
    sum.add(half, 2);
    squares.addSquare(half, 4);
    min = Math.min(min, Math.copySign(Double.MAX_VALUE, half));
    max = Math.max(max, Math.copySign(Double.MAX_VALUE, half));
  }

  /** Adds so many values of this range, the sums of which are ready to be moved. */
  void add(long values, double least, double greatest, ExponentSums sums) {
    count += values;
    min = Math.min(min, least);
    max = Math.max(max, greatest);
    sums.moveTo(sum, squares);
  }

  private void addSpecial(double x, long times) {
    if (Double.isNaN(x)) {
      throw new IllegalArgumentException("NaN has no place in moments");
    }
    if (x > 0) {
      positiveInfinities += times;
    } else {
      negativeInfinities += times;
    }
  }

  public void merge(Moments other) {
    count += other.count;
    negativeInfinities += other.negativeInfinities;
    positiveInfinities += other.positiveInfinities;
    sum.merge(other.sum);
    squares.merge(other.squares);
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
  }

  /** Number of finite values. */
  public long count() {
    return count;
  }

  public long negativeInfinities() {
    return negativeInfinities;
  }

  public long positiveInfinities() {
    return positiveInfinities;
  }

  /** Sum of the finite values, 0 if there are none. */
  public double sum() {
    return sum.value();
  }

  /** Mean of the finite values, NaN if there are none. */
  public double mean() {
    return count == 0
        ? Double.NaN
        : Ratio.toDouble(sum.significand(), BigInteger.valueOf(count), sum.exponent());
  }

  /** Sample variance (divisor n - 1), NaN below two finite values. */
  public double variance() {
    return count < 2 ? Double.NaN : spread(count - 1);
  }

  /** Population variance (divisor n), NaN without a finite value. */
  public double populationVariance() {
    return count < 1 ? Double.NaN : spread(count);
  }

  /** Sample deviation, the root of {@link #variance}, which may be beyond the range of doubles. */
  public double deviation() {
    return count < 2 ? Double.NaN : root(spread(count - 1), count - 1);
  }

  /** The root of {@link #populationVariance}, likewise. */
  public double populationDeviation() {
    return count < 1 ? Double.NaN : root(spread(count), count);
  }

  private double root(double spread, long divisor) {
    if (precise(spread)) {
      return Math.sqrt(spread);
    }
    BigInteger n = BigInteger.valueOf(count);
    return Ratio.sqrt(deviations(), n.multiply(BigInteger.valueOf(divisor)), exponent());
  }

  /** The root of the mean square, NaN without a finite value. */
  public double rootMeanSquare() {
    BigInteger n = BigInteger.valueOf(Math.max(1, count));
    return count < 1 ? Double.NaN : Ratio.sqrt(squares.significand(), n, squares.exponent());
  }

  /**
   * The mean square over another's population variance, both of which may be beyond the range of
   * doubles; NaN without values, or where the other does not vary.
   */
  public double meanSquareOver(Moments other) {
    BigInteger deviations = other.count == 0 ? BigInteger.ZERO : other.deviations();
    if (count == 0 || deviations.signum() == 0) {
      return Double.NaN;
    }
    BigInteger n = BigInteger.valueOf(other.count);
    return Ratio.toDouble(
        squares.significand().multiply(n.multiply(n)),
        deviations.multiply(BigInteger.valueOf(count)),
        squares.exponent() - other.exponent());
  }

  /** Whether a square has all its digits, or is 0 for good. */
  private boolean precise(double square) {
    return square == 0 && min == max || square >= Double.MIN_NORMAL && square <= Double.MAX_VALUE;
  }

  private double spread(long divisor) {
    BigInteger n = BigInteger.valueOf(count);
    return Ratio.toDouble(deviations(), n.multiply(BigInteger.valueOf(divisor)), exponent());
  }

  /** n·Σx² − (Σx)², n² times the population variance, in integers, where nothing cancels. */
  private BigInteger deviations() {
    BigInteger left = BigInteger.valueOf(count).multiply(squares.significand());
    BigInteger right = sum.significand().pow(2);
    return left.shiftLeft(squares.exponent() - exponent())
        .subtract(right.shiftLeft(2 * sum.exponent() - exponent()));
  }

  private int exponent() {
    return Math.min(squares.exponent(), 2 * sum.exponent());
  }

  /** Smallest finite value, NaN if there are none. */
  public double min() {
    return count == 0 ? Double.NaN : min;
  }

  /** Largest finite value, NaN if there are none. */
  public double max() {
    return count == 0 ? Double.NaN : max;
  }

  public void write(DataOutput out) throws IOException {
    Varint.write(count, out);
    Varint.write(negativeInfinities, out);
    Varint.write(positiveInfinities, out);
    if (count > 0) {
      sum.write(out);
      squares.write(out);
      out.writeDouble(min);
      out.writeDouble(max);
    }
  }

  public static Moments read(DataInput in) throws IOException {
    long count = Varint.read(in);
    long negativeInfinities = Varint.read(in);
    long positiveInfinities = Varint.read(in);
    Moments moments =
        count == 0 ? new Moments() : new Moments(ExactSum.read(in), ExactSum.read(in));
    moments.count = count;
    moments.negativeInfinities = negativeInfinities;
    moments.positiveInfinities = positiveInfinities;
    if (count != 0) {
      moments.min = in.readDouble();
      moments.max = in.readDouble();
    }
    return moments;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Moments other
        && count == other.count
        && negativeInfinities == other.negativeInfinities
        && positiveInfinities == other.positiveInfinities
        && min == other.min
        && max == other.max
        && sum.equals(other.sum)
        && squares.equals(other.squares);
  }

  @Override
  public int hashCode() {
    return Objects.hash(count, negativeInfinities, positiveInfinities, sum, min, max);
  }

  @Override
  public String toString() {
    return "Moments[count=" + count + ", mean=" + mean() + ", variance=" + variance() + "]";
  }
}
