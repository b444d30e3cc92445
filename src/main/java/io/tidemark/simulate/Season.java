package io.tidemark.simulate;

import java.time.Duration;

/**
 * The wave that traffic and a feature's mean follow: −cos(2πt/period), lowest where a period begins
 * and highest in its middle. The rate of traffic is 1 + amplitude · wave, constant over each of the
 * period's steps, so that its integral can be inverted exactly.
 */
final class Season {
  private static final long STEP = Duration.ofMinutes(15).toMillis() * 1000;

  /** The epoch was a Thursday. */
  private static final long FROM_MONDAY = Duration.ofDays(3).toMillis() * 1000;

  private final long period;
  private final long offset;

  /** Traffic from a period's begin to each step's, in microseconds of average traffic. */
  private final double[] traffic;

  Season(Seasonality cycle, double amplitude) {
    this.period = cycle.period.toMillis() * 1000;
    this.offset = cycle == Seasonality.WEEKLY ? FROM_MONDAY : 0;
    this.traffic = new double[(int) (period / STEP) + 1];
    for (int i = 1; i < traffic.length; i++) {
      traffic[i] =
          traffic[i - 1] + STEP * (1 + amplitude * wave((2 * i - 1) * (STEP / 2) - offset));
    }
  }

  /** −1 to 1; 0 without a cycle. */
  double wave(long time) {
    if (period == 0) {
      return 0;
    }
    double turn = Math.floorMod(time + offset, period) / (double) period;
    return -StrictMath.cos(2 * Math.PI * turn);
  }

  /** Traffic between two times, in microseconds of average traffic. */
  double between(long from, long to) {
    return period == 0 ? to - from : before(to) - before(from);
  }

  private double before(long time) {
    long periods = Math.floorDiv(time + offset, period);
    long within = Math.floorMod(time + offset, period);
    int step = (int) (within / STEP);
    double part = (within % STEP) / (double) STEP;
    double inStep = traffic[step] + part * (step + 1 < traffic.length ? rate(step) : 0);
    return periods * traffic[traffic.length - 1] + inStep;
  }

  private double rate(int step) {
    return traffic[step + 1] - traffic[step];
  }

  /** The time by which a share of the traffic between two times has come. */
  long at(long from, long to, double share) {
    if (period == 0) {
      return from + (long) (share * (to - from));
    }
    double wanted = before(from) + share * between(from, to);
    double all = traffic[traffic.length - 1];
    double periods = Math.floor(wanted / all);
    double within = wanted - periods * all;
    int step = java.util.Arrays.binarySearch(traffic, within);
    step = Math.min(step < 0 ? -step - 2 : step, traffic.length - 2);
    double time = step * (double) STEP + (within - traffic[step]) / rate(step) * STEP;
    return (long) periods * period + (long) time - offset;
  }
}
