package io.tidemark.simulate;

/** What changes in the later half of a simulated log. */
public enum Drift {
  /** A bit of everything that happens to inputs: shifts, new categories, missing values. */
  DEFAULT,
  /** P(x) changes, P(y|x) stays. */
  COVARIATE,
  /** P(y) changes, P(x|y) stays: label shift. */
  PRIOR,
  /** P(y|x) changes, P(x) stays. */
  CONCEPT,
  /** Labels are wrong at random; what is true stays as it is. */
  FLIPS,
  /** P(y|x) changes where one categorical feature has its most frequent value: a weak slice. */
  SLICE1(1),
  /** The same where two have. */
  SLICE2(2),
  /** The same where three have. */
  SLICE3(3);

  /** Of the slice in which P(y|x) changes; 0: it changes in all rows, or not at all. */
  final int predicates;

  Drift() {
    this(0);
  }

  Drift(int predicates) {
    this.predicates = predicates;
  }
}
