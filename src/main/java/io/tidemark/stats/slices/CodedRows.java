package io.tidemark.stats.slices;

import io.tidemark.stats.ExactSum;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labelled rows as codes: of each feature a code (the bin of a number, the place of a category in
 * its dictionary, one of its own for a missing value), and the model's error. Held column by
 * column: a byte or two a feature a row, a bit a mistake, eight bytes a loss.
 */
public final class CodedRows {
  private final ErrorKind kind;
  private final int size;
  private final List<Column> columns;
  private final BitSet mistakes;
  private final double[] losses;

  private CodedRows(Builder builder) {
    kind = builder.kind;
    size = builder.size;
    columns = builder.columns;
    columns.forEach(column -> column.resize(size));
    mistakes = builder.mistakes;
    losses = kind == ErrorKind.LOSS ? Arrays.copyOf(builder.losses, size) : builder.losses;
  }

  /**
   * @param codes how many each feature has, 1 to 65536: its codes are 0 to that less one
   */
  public static Builder builder(ErrorKind kind, int... codes) {
    return new Builder(kind, codes);
  }

  public ErrorKind kind() {
    return kind;
  }

  public int size() {
    return size;
  }

  public int features() {
    return columns.size();
  }

  /** How many codes a feature has. */
  public int codes(int feature) {
    return columns.get(feature).codes();
  }

  public int code(int row, int feature) {
    return columns.get(feature).get(row);
  }

  public double error(int row) {
    return kind == ErrorKind.LOSS ? losses[row] : mistakes.get(row) ? 1 : 0;
  }

  /** Of all rows; NaN without any. */
  public double meanError() {
    ExactSum sum = new ExactSum();
    for (int row = 0; row < size; row++) {
      sum.add(error(row));
    }
    return size == 0 ? Double.NaN : sum.over(size);
  }

  Column column(int feature) {
    return columns.get(feature);
  }

  /** The rows that are wrong, of mistakes. */
  BitSet mistakes() {
    return mistakes;
  }

  /** The rows of a slice. */
  BitSet where(Conjunction slice) {
    BitSet within = new BitSet(size);
    List<Predicate> predicates = slice.predicates();
    Column first = columns.get(predicates.get(0).feature());
    for (int row = 0; row < size; row++) {
      if (first.get(row) == predicates.get(0).code()) {
        within.set(row);
      }
    }
    for (Predicate predicate : predicates.subList(1, predicates.size())) {
      Column column = columns.get(predicate.feature());
      for (int row = within.nextSetBit(0); row >= 0; row = within.nextSetBit(row + 1)) {
        if (column.get(row) != predicate.code()) {
          within.clear(row);
        }
      }
    }
    return within;
  }

  /** Takes rows one by one. */
  public static final class Builder {
    private final ErrorKind kind;
    private final List<Column> columns;
    private final BitSet mistakes = new BitSet();
    private double[] losses = {};
    private int size;
    private boolean built;

    private Builder(ErrorKind kind, int... codes) {
      this.kind = kind;
      columns = IntStream.of(codes).mapToObj(Column::new).toList();
    }

    /**
     * Adds a row.
     *
     * @param codes one a feature
     * @throws IllegalArgumentException if there are more or fewer, one that its feature does not
     *     have, or if the error is none of its kind
     */
    public Builder add(double error, int... codes) {
      if (built) {
        throw new IllegalStateException("The rows are built");
      }
      if (codes.length != columns.size()) {
        throw new IllegalArgumentException(
            codes.length + " codes for " + columns.size() + " features");
      }
      if (!(error >= 0 && error <= (kind == ErrorKind.LOSS ? Double.MAX_VALUE : 1))
          || kind == ErrorKind.MISTAKE && error != Math.rint(error)) {
        throw new IllegalArgumentException("Not a " + kind + ": " + error);
      }
      for (int feature = 0; feature < codes.length; feature++) {
        columns.get(feature).set(size, codes[feature]);
      }
      if (kind == ErrorKind.MISTAKE) {
        mistakes.set(size, error == 1);
      } else {
        if (size == losses.length) {
          losses = Arrays.copyOf(losses, (int) Math.min(16 + size * 3L / 2, Integer.MAX_VALUE - 8));
        }
        losses[size] = error + 0.0; // -0.0 is 0.0
      }
      size++;
      return this;
    }

    /** The rows. Nothing can be added after. */
    public CodedRows build() {
      built = true;
      return new CodedRows(this);
    }
  }
}
