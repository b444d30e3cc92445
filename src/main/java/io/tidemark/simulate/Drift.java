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
  CONCEPT
}
