package io.tidemark.stats.performance;

import io.tidemark.stats.Moments;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/**
 * Labelled predictions of a number: exact moments of the errors (predicted less actual), of their
 * sizes, squares and shares of the truth, and of the truth. Order-free. Not safe for use by several
 * threads.
 */
public final class RegressionOutcomes {
  private final Moments errors;
  private final Moments sizes;
  private final Moments squares;
  private final Moments shares;
  private final Moments truths;
  private final TruthProducts products;

  public RegressionOutcomes() {
    this(
        new Moments(),
        new Moments(),
        new Moments(),
        new Moments(),
        new Moments(),
        new TruthProducts());
  }

  private RegressionOutcomes(
      Moments errors,
      Moments sizes,
      Moments squares,
      Moments shares,
      Moments truths,
      TruthProducts products) {
    this.errors = errors;
    this.sizes = sizes;
    this.squares = squares;
    this.shares = shares;
    this.truths = truths;
    this.products = products;
  }

  /**
   * Adds a labelled row.
   *
   * @throws IllegalArgumentException if either number is not finite
   */
  public void add(double predicted, double actual) {
    double error = predicted - actual;
    if (!Double.isFinite(predicted) || !Double.isFinite(actual)) {
      throw new IllegalArgumentException("Can't compare " + predicted + " and " + actual);
    }
    errors.addDifference(predicted, actual);
    sizes.addDifference(Math.max(predicted, actual), Math.min(predicted, actual));
    squares.add(error * error);
    if (actual != 0) {
      shares.add(share(predicted, actual));
    }
    truths.add(actual);
    products.add(error, actual);
  }

  private static double share(double predicted, double actual) {
    double error = predicted - actual;
    return Double.isFinite(error)
        ? Math.abs(error / actual)
        : Math.abs((predicted / 2 - actual / 2) / actual) * 2;
  }

  /** Rows whose share of the truth is beyond the range of doubles. */
  public long endlessShares() {
    return shares.positiveInfinities();
  }

  /** Adds what the other summed. */
  public void merge(RegressionOutcomes other) {
    errors.merge(other.errors);
    sizes.merge(other.sizes);
    squares.merge(other.squares);
    shares.merge(other.shares);
    truths.merge(other.truths);
    products.merge(other.products);
  }

  /** Number of rows. */
  public long rows() {
    return errors.count();
  }

  /** Number of rows whose truth is 0: they have no share of it. */
  public long zeroTruths() {
    return rows() - shares.count() - shares.positiveInfinities();
  }

  Moments errors() {
    return errors;
  }

  Moments sizes() {
    return sizes;
  }

  Moments squares() {
    return squares;
  }

  Moments shares() {
    return shares;
  }

  Moments truths() {
    return truths;
  }

  TruthProducts products() {
    return products;
  }

  public void write(DataOutput out) throws IOException {
    errors.write(out);
    sizes.write(out);
    squares.write(out);
    shares.write(out);
    truths.write(out);
    products.write(out);
  }

  public static RegressionOutcomes read(DataInput in) throws IOException {
    return new RegressionOutcomes(
        Moments.read(in),
        Moments.read(in),
        Moments.read(in),
        Moments.read(in),
        Moments.read(in),
        TruthProducts.read(in));
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof RegressionOutcomes other
        && errors.equals(other.errors)
        && sizes.equals(other.sizes)
        && squares.equals(other.squares)
        && shares.equals(other.shares)
        && truths.equals(other.truths)
        && products.equals(other.products);
  }

  @Override
  public int hashCode() {
    return Objects.hash(errors, sizes, squares, shares, truths);
  }

  @Override
  public String toString() {
    return "RegressionOutcomes[rows=" + rows() + ", errors=" + errors + "]";
  }
}
