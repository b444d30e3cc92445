package io.tidemark.simulate;

import java.util.Set;

/**
 * What a simulated log is to hold.
 *
 * @param rows of {@code events/} in all, copies and unusable ones included, and of the reference
 * @param seed another seed, another log
 * @param windows of the events, and of the reference
 * @param drift empty: none
 * @param period {@link Pattern#RECURRING}: windows that a change stays on, and then off
 * @param sizes of the changes: standard deviations of a shifted feature, log-odds of the favoured
 *     class, and, up to 1, share of the rows whose categories or labels are turned round
 * @param amplitude of the cycle: of the traffic relative to its average, and of a feature's mean in
 *     standard deviations
 * @param correlation between the latent values of features that share a factor, 0 to below 1
 * @param sharpness what features amount to, in log-odds or standard deviations of a value, is
 *     multiplied by it: above 1 the truth follows from the features more surely
 * @param clean no copies and no unusable rows
 */
public record SimulationOptions(
    long rows,
    long seed,
    int windows,
    Set<Drift> drift,
    Pattern pattern,
    int period,
    Sizes sizes,
    Seasonality seasonality,
    double amplitude,
    double correlation,
    double sharpness,
    boolean clean) {
  /** Enough reference windows to see how windows vary, enough event windows to plant things in. */
  public static final int WINDOWS = 12;

  public static final double AMPLITUDE = .5;

  private static final int LEAST_WINDOWS = 4;
  private static final double MOST_SHARP = 1000;
  private static final int MOST_WINDOWS = 10_000;

  /**
   * @throws SimulationException names the option on the command line, its bounds and what to do
   */
  public SimulationOptions {
    drift = Set.copyOf(drift);
    check(rows >= 1 && rows < RowSource.MOST_ROWS, "--rows=" + rows, "give 1 to a trillion");
    check(
        windows >= LEAST_WINDOWS && windows <= MOST_WINDOWS,
        "--windows=" + windows,
        "give " + LEAST_WINDOWS + " to " + MOST_WINDOWS);
    check(
        !drift.contains(Drift.DEFAULT) || !drift.contains(Drift.COVARIATE),
        "--drift=default,covariate",
        "default holds covariate shifts already; name one of them");
    check(
        period >= 1 && period <= windows,
        "--period=" + period,
        "give the windows that a change stays on, 1 to " + windows);
    check(
        amplitude >= 0 && amplitude < 1,
        "--amplitude=" + amplitude,
        "give 0 to below 1, the share by which traffic swings");
    check(
        sharpness > 0 && sharpness <= MOST_SHARP,
        "--sharpness=" + sharpness,
        "give more than 0 and at most " + (int) MOST_SHARP);
    check(correlation >= 0 && correlation < 1, "--correlation=" + correlation, "give 0 to below 1");
  }

  /** What {@code tidemark simulate} does when nothing else is said. */
  public static SimulationOptions of(long rows, long seed) {
    return new SimulationOptions(
        rows,
        seed,
        WINDOWS,
        Set.of(Drift.DEFAULT),
        Pattern.SUDDEN,
        defaultPeriod(WINDOWS),
        Sizes.STANDARD,
        Seasonality.NONE,
        AMPLITUDE,
        0,
        1,
        false);
  }

  /** Lets a change come and go three times in the half of the windows that it is planted in. */
  public static int defaultPeriod(int windows) {
    return Math.max(1, windows / 12);
  }

  private static void check(boolean right, String option, String advice) {
    if (!right) {
      throw new SimulationException(option + ": " + advice);
    }
  }
}
