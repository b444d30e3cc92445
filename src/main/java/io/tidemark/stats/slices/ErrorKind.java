package io.tidemark.stats.slices;

/** What a row's error is. */
public enum ErrorKind {
  /** Of a classification: 1 where the prediction was wrong, 0 where it was right. */
  MISTAKE,
  /** Of a regression: a loss such as the absolute error, finite and not negative. */
  LOSS
}
