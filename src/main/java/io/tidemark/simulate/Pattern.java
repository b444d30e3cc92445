package io.tidemark.simulate;

/** How a change comes over the windows that it is planted in. */
public enum Pattern {
  /** At once and for good. */
  SUDDEN,
  /** In equal steps, full in the last window. */
  GRADUAL,
  /** On and off by turns. */
  RECURRING;

  /**
   * @param from first window of the change
   * @param to last window, exclusive
   * @param period windows that it stays on, and then off
   * @return share of the full size, 0 to 1
   */
  double strength(int window, int from, int to, int period) {
    if (window < from || window >= to) {
      return 0;
    }
    return switch (this) {
      case SUDDEN -> 1;
      case GRADUAL -> (window - from + 1) / (double) (to - from);
      case RECURRING -> (window - from) / period % 2 == 0 ? 1 : 0;
    };
  }
}
