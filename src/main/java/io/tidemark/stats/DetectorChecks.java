package io.tidemark.stats;

/** What detectors refuse, as outcomes and as parameters. */
final class DetectorChecks {
  /** Squares of sums of such values stay finite, and with them all that is derived. */
  private static final double LARGEST = 1e100;

  private DetectorChecks() {}

  static boolean isError(double x) {
    if (x != 0 && x != 1) { // NaN differs from both
      throw new IllegalArgumentException("An outcome is 1 for an error and 0 for none, not " + x);
    }
    return x == 1;
  }

  static double value(double x) {
    if (!(Math.abs(x) <= LARGEST)) {
      throw new IllegalArgumentException("Expected a number of at most 1e100 but found " + x);
    }
    return x;
  }

  static void atLeast(int least, String name, int value) {
    require(value >= least, name + " must be at least " + least + " but is " + value);
  }

  static void atMost(int most, String name, int value) {
    require(value <= most, name + " must be at most " + most + " but is " + value);
  }

  static void notNegative(String name, double value) {
    require(
        value >= 0 && value <= LARGEST, name + " must be 0 or above, to 1e100, but is " + value);
  }

  static void positive(String name, double value) {
    require(
        value > 0 && value <= Double.MAX_VALUE, name + " must be above 0 and finite, not " + value);
  }

  /** A probability that is neither impossible nor certain. */
  static void probability(String name, double value) {
    require(value > 0 && value < 1, name + " must be between 0 and 1 but is " + value);
  }

  static void weight(String name, double value) {
    require(value > 0 && value <= 1, name + " must be above 0 and at most 1 but is " + value);
  }

  static void ordered(String lowName, double low, String highName, double high) {
    require(low <= high, lowName + " " + low + " must not be above " + highName + " " + high);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
