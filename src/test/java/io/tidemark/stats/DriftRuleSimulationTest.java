package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stats.DriftRule.Judgement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/**
 * The rule on simulated features: normal columns in 20 equal-count bins, a baseline of 50,000 rows
 * in windows of the judged window's size, families of 20 features at a false discovery rate of .01
 * and an effect of .05: the setting of METHODS' figures.
 */
class DriftRuleSimulationTest {
  private static final int BINS = 20;
  private static final int FEATURES = 20;
  private static final int BASELINE = 50_000;
  private static final double[] EDGES = new double[BINS - 1];
  private static final long SEED = 20;

  static {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    for (int i = 1; i < BINS; i++) {
      EDGES[i - 1] = normal.inverseCumulativeProbability(i / (double) BINS);
    }
  }

  private record Feature(long[] total, BetweenWindowVariation variation) {
    static Feature of(Random random, int windowRows) {
      long[] total = new long[BINS + 2];
      List<long[]> windows = new ArrayList<>();
      for (int w = 0; w < BASELINE / windowRows; w++) {
        long[] window = window(random, windowRows, 0);
        windows.add(window);
        Arrays.setAll(total, i -> total[i] + window[i]);
      }
      return new Feature(total, BetweenWindowVariation.of(total, windows, true, 100));
    }

    Judgement judge(Random random, int rows, double shift) {
      return DriftRule.judge(total, window(random, rows, shift), true, variation);
    }
  }

  private static long[] window(Random random, int rows, double shift) {
    long[] counts = new long[BINS + 2];
    for (int i = 0; i < rows; i++) {
      int at = Arrays.binarySearch(EDGES, random.nextGaussian() + shift);
      counts[1 + (at < 0 ? -at - 1 : at)]++;
    }
    return counts;
  }

  private static List<Feature> features(Random random, int windowRows) {
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      features.add(Feature.of(random, windowRows));
    }
    return features;
  }

  /** Shares of windows in which a drifted feature 0, and any stationary one, rang. */
  private record Rates(double power, double anyFalse) {}

  private static Rates rates(int rows, double shift, int windows) {
    Random random = new Random(SEED);
    List<Feature> features = features(random, rows);
    int found = 0;
    int anyFalse = 0;
    for (int w = 0; w < windows; w++) {
      double[] p = new double[FEATURES];
      double[] effect = new double[FEATURES];
      for (int i = 0; i < FEATURES; i++) {
        Judgement judgement = features.get(i).judge(random, rows, i == 0 ? shift : 0);
        p[i] = judgement.pValue();
        effect[i] = judgement.effect();
      }
      double[] adjusted = BenjaminiHochberg.adjust(p);
      boolean falseOne = false;
      for (int i = 0; i < FEATURES; i++) {
        boolean alarm = adjusted[i] <= .01 && effect[i] > .05;
        if (alarm && i == 0 && shift != 0) {
          found++;
        } else if (alarm) {
          falseOne = true;
        }
      }
      anyFalse += falseOne ? 1 : 0;
    }
    return new Rates(found / (double) windows, anyFalse / (double) windows);
  }

  @Test
  void stationaryWindowsSeldomRing() {
    assertThat(rates(100, 0, 500).anyFalse()).isLessThan(.05);
    assertThat(rates(1000, 0, 400).anyFalse()).isLessThan(.035);
    assertThat(rates(10_000, 0, 40).anyFalse()).isZero();
  }

  @Test
  void aShiftOfAFifthOfADeviationIsFound() {
    assertThat(rates(1000, .2, 300).power()).isGreaterThan(.65);
    assertThat(rates(10_000, .2, 30).power()).isEqualTo(1);
  }

  @Test
  void stationaryPValuesAreAboutUniform() {
    Random random = new Random(SEED);
    List<Feature> features = features(random, 1000);
    double[] p = new double[2000];
    for (int i = 0; i < p.length; i++) {
      p[i] = features.get(i % FEATURES).judge(random, 1000, 0).pValue();
    }
    double[] uniform = new double[1000];
    Arrays.setAll(uniform, i -> (i + .5) / 1000);
    double[] distinct = Samples.distinct(p);
    long[] ones = new long[1000];
    Arrays.fill(ones, 1);
    assertThat(KolmogorovSmirnov.exact(distinct, Samples.multiplicity(p, distinct), uniform, ones))
        .isLessThan(.06);
  }

  @Test
  void windowsThatAlwaysVariedRingLess() {
    Random random = new Random(SEED);
    int rows = 5000;
    int plain = 0;
    int judged = 0;
    for (int run = 0; run < 60; run++) {
      long[] total = new long[BINS + 2];
      List<long[]> windows = new ArrayList<>();
      for (int w = 0; w < 20; w++) {
        long[] window = window(random, rows, .1 * random.nextGaussian());
        windows.add(window);
        Arrays.setAll(total, i -> total[i] + window[i]);
      }
      long[] now = window(random, rows, .1 * random.nextGaussian());
      BetweenWindowVariation variation = BetweenWindowVariation.of(total, windows, true, 100);
      plain +=
          DriftRule.judge(total, now, true, BetweenWindowVariation.NONE).pValue() < .01 ? 1 : 0;
      judged += DriftRule.judge(total, now, true, variation).pValue() < .01 ? 1 : 0;
    }
    assertThat(plain).isGreaterThan(30);
    assertThat(judged).isLessThan(6);
  }
}
