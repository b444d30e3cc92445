package io.tidemark.simulate;

/** What is planted in a label source. */
enum LabelFault {
  NONE,
  /** The only label comes after the horizon. */
  TOO_LATE,
  /** A later label says the same. */
  DUPLICATE,
  /** A later label says something else. */
  CONFLICTING,
  /** A label of an id that no event has. */
  ORPHAN,
  /** A row without a value. */
  NO_VALUE;

  private static final double[] SHARES = {.01, .01, .005, .005, .002};

  /** The fault at a place from 0 to 1; most places have none. */
  static LabelFault at(double place) {
    double end = 0;
    for (int i = 0; i < SHARES.length; i++) {
      end += SHARES[i];
      if (place < end) {
        return values()[i + 1];
      }
    }
    return NONE;
  }

  /** Whether it is a row of its own beside the prediction's label. */
  boolean isRow() {
    return this != NONE && this != TOO_LATE;
  }
}
