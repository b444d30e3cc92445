package io.tidemark.stats;

import static io.tidemark.stats.DetectorRuns.alarms;
import static io.tidemark.stats.DetectorRuns.errors;
import static io.tidemark.stats.DetectorRuns.fifthThenHalf;
import static io.tidemark.stats.DetectorRuns.oracle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AdwinTest {
  private static final Adwin.Parameters DEFAULT = Adwin.Parameters.DEFAULT;

  @Test
  void alarmsWhereRiverDoes() throws Exception {
    assertThat(alarms(DEFAULT, oracle("river_np12345_randint2_randint8"))).containsExactly(1023);
    assertThat(alarms(DEFAULT, oracle("river_py12345_choices01_4to7"))).containsExactly(1023);
    assertThat(alarms(DEFAULT, oracle("river_py42_multi"))).containsExactly(1023, 2015, 3007);
  }

  @Test
  void alarmsOfAKnownStream() {
    assertThat(alarms(DEFAULT, fifthThenHalf())).containsExactly(1119);
  }

  /** Every window kept whole, means and variance taken from the values each time. */
  @Test
  void agreesWithAWindowThatKeepsEveryValue() {
    List<Adwin.Parameters> all =
        List.of(
            DEFAULT,
            new Adwin.Parameters(.2, 1, 5, 5, 10),
            new Adwin.Parameters(.05, 7, 1, 1, 0),
            new Adwin.Parameters(.3, 10, 2, 20, 100));
    for (Adwin.Parameters parameters : all) {
      List<List<Integer>> sizes = bucketSizes(3000, parameters.bucketsPerRow());
      int found = 0;
      for (long seed = 1; seed <= 2; seed++) {
        for (double[] values :
            List.of(errors(seed, .3, .6, .2), Streams.sumsOfFour(seed, 1000), ramp(seed))) {
          List<Integer> alarms = alarms(parameters, values);
          assertThat(alarms).isEqualTo(alarms(window -> hasCut(parameters, sizes, window), values));
          found += alarms.size();
        }
      }
      assertThat(found).as("alarms of %s", parameters).isPositive();
    }
  }

  private static double[] ramp(long seed) {
    double[] values = Streams.sumsOfFour(seed, 1500);
    Arrays.setAll(values, i -> values[i] + i / 500.0);
    return values;
  }

  private static boolean hasCut(
      Adwin.Parameters parameters, List<List<Integer>> sizes, double[] window) {
    int width = window.length;
    if (width % parameters.clock() != 0 || width <= parameters.grace()) {
      return false;
    }
    double mean = DoubleStream.of(window).average().orElseThrow();
    double variance = DoubleStream.of(window).map(x -> (x - mean) * (x - mean)).sum() / width;
    double d = Math.log(2 * Math.log(width) / parameters.delta());
    int older = 0;
    for (int size : sizes.get(width)) {
      older += size;
      int newer = width - older;
      if (Math.min(older, newer) >= parameters.minWindow()) {
        double m =
            1.0 / (older - parameters.minWindow() + 1) + 1.0 / (newer - parameters.minWindow() + 1);
        double difference =
            Arrays.stream(window, 0, older).average().orElseThrow()
                - Arrays.stream(window, older, width).average().orElseThrow();
        if (Math.abs(difference) > Math.sqrt(2 * m * variance * d) + 2.0 / 3 * d * m) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The sizes of the buckets of a window of each width, the oldest first: when there are too many
   * of a size, the two oldest of that size become one.
   */
  private static List<List<Integer>> bucketSizes(int widest, int most) {
    List<List<Integer>> all = new ArrayList<>(List.of(List.of()));
    List<Integer> sizes = new ArrayList<>();
    while (all.size() <= widest) {
      sizes.add(1);
      for (int size = 1; Collections.frequency(sizes, size) > most; size *= 2) {
        int oldest = sizes.indexOf(size);
        sizes.remove(oldest);
        sizes.set(oldest, 2 * size);
      }
      all.add(List.copyOf(sizes));
    }
    return all;
  }

  @Test
  void aConstantNeverAlarms() {
    double[] values = new double[5000];
    Arrays.fill(values, .1);
    assertThat(alarms(DEFAULT, values)).isEmpty();
  }

  @Test
  void looksAtEveryClockSinceTheLastAlarm() {
    List<Integer> alarms = alarms(DEFAULT, errors(3, .1, .9, .1, .9));
    assertThat(alarms).hasSize(3);
    int previous = -1;
    for (int alarm : alarms) {
      assertThat((alarm - previous) % 32).isZero();
      previous = alarm;
    }
  }

  @Test
  void neverAlarmsWithinTheGrace() {
    double[] step = new double[100];
    Arrays.fill(step, 50, 100, 1);
    assertThat(alarms(new Adwin.Parameters(.002, 1, 5, 5, 100), step)).isEmpty();
    assertThat(alarms(new Adwin.Parameters(.002, 1, 5, 5, 10), step)).isNotEmpty();
  }

  /** At most five buckets a row, and a row more for twice the values. */
  @Test
  void memoryGrowsWithTheLogarithmOfTheWindow() {
    Adwin adwin = DEFAULT.start();
    for (int i = 1; i <= 1 << 17; i++) {
      adwin.update(i % 2);
      if (Integer.bitCount(i) == 1) {
        int rows = Integer.numberOfTrailingZeros(i) + 1;
        assertThat(DetectorRuns.bytes(adwin).length).isLessThan(50 + rows * (1 + 5 * Double.BYTES));
      }
    }
  }

  @Test
  void rejectsParameters() {
    reject("delta must be between 0 and 1 but is 1.0", 1, 32, 5, 5, 10);
    reject("delta must be between 0 and 1 but is NaN", Double.NaN, 32, 5, 5, 10);
    reject("clock must be at least 1 but is 0", .1, 0, 5, 5, 10);
    reject("bucketsPerRow must be at least 1 but is 0", .1, 32, 0, 5, 10);
    reject("bucketsPerRow must be at most 1000 but is 1001", .1, 32, 1001, 5, 10);
    reject("minWindow must be at least 1 but is 0", .1, 32, 5, 0, 10);
    reject("grace must be at least 0 but is -1", .1, 32, 5, 5, -1);
  }

  private static void reject(
      String message, double delta, int clock, int buckets, int minWindow, int grace) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Adwin.Parameters(delta, clock, buckets, minWindow, grace))
        .withMessage(message);
  }
}
