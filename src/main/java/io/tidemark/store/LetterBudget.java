package io.tidemark.store;

import io.tidemark.schema.DeadLetter;

/**
 * How much of their rows the dead letters of a bounded run may repeat: a runner holds them until
 * all is read, and a run over nothing but unusable rows would take as much memory as its input.
 * Each piece of the input has its share, so that the letters do not depend on who reads which
 * pieces. What does not fit into it says why and where, without the row: that stands in the input.
 */
public final class LetterBudget {
  /** Characters of all rows that are repeated. */
  private static final long ALL = 64L << 20;

  /** Characters that a piece may have even where there are very many. */
  private static final long LEAST = 1L << 16;

  private long left;

  private LetterBudget(long left) {
    this.left = left;
  }

  /**
   * The share of one piece.
   *
   * @param pieces of the whole input, as they are read one by one
   */
  public static LetterBudget ofOneOf(int pieces) {
    return new LetterBudget(Math.max(LEAST, ALL / Math.max(1, pieces)));
  }

  /** The piece's next letter, as long as {@link LetterLength} allows, or without its row. */
  public DeadLetter take(DeadLetter letter) {
    DeadLetter bounded = LetterLength.bounded(letter);
    long row = LetterLength.ofRow(bounded);
    if (row <= left) {
      left -= row;
      return bounded;
    }
    return LetterLength.withoutRow(bounded, "there are too many");
  }
}
