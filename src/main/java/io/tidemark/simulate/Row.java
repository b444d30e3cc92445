package io.tidemark.simulate;

/**
 * One row's content, made anew in the same arrays for each number. Each file's writer has its own.
 */
final class Row {
  /** Number of the row that the content is of: the one before, for a copy. */
  long number;

  RowKind kind;
  int window;
  long time;

  /** Where its values are drawn from: its number, or another that no row has. */
  long source;

  final double[] latents;
  final int[] categories;
  final double[] factors;

  /** What the model says: the positive class's probability, each class's, or a value. */
  final double[] scores;

  /** Index of the true class, or the true value. */
  double truth;

  /** Index of the class that its label says, or the value: the truth, where it is not flipped. */
  double label;

  /** Whether its label arrives where labels have a source of their own. */
  boolean labelled;

  /** What is wrong with its label, if it has one, or stands beside it in the source. */
  LabelFault fault;

  Row(int numeric, int categorical, int factors, int scores) {
    this.latents = new double[numeric];
    this.categories = new int[categorical];
    this.factors = new double[factors];
    this.scores = new double[scores];
  }
}
