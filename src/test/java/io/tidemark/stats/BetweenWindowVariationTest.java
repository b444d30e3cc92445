package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BetweenWindowVariationTest {
  /** Windows of two cells whose first share is normal about a half. */
  private static List<long[]> windows(int count, long rows, double deviation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<long[]> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double share = .5 + deviation * random.nextGaussian();
      double noise = Math.sqrt(share * (1 - share) * rows) * random.nextGaussian();
      long first = Math.round(share * rows + noise);
      windows.add(new long[] {first, rows - first});
    }
    return windows;
  }

  private static long[] total(List<long[]> windows) {
    long[] total = new long[2];
    windows.forEach(window -> Arrays.setAll(total, i -> total[i] + window[i]));
    return total;
  }

  private static BetweenWindowVariation of(List<long[]> windows) {
    return BetweenWindowVariation.of(total(windows), windows, false, 100);
  }

  @Test
  void findsHowMuchWindowsVary() {
    // a share off by .02 is a d² of about .02²/(2 ln 2)
    double expected = .0004 / (2 * Math.log(2));
    assertThat(of(windows(200, 50_000, .02, 1)).meanSquare())
        .isBetween(expected * .7, expected * 1.4);
    assertThat(of(windows(200, 50_000, 0, 1)).meanSquare()).isLessThan(expected / 50);
  }

  @Test
  void fewWindowsLeaveMoreOpen() {
    double before = 1;
    for (int count : new int[] {2, 5, 20, 200}) {
      double mean = of(windows(count, 2000, 0, 3)).meanSquare();
      assertThat(mean).isPositive().isLessThan(before);
      before = mean;
    }
  }

  @Test
  void aloneAWindowTellsNothing() {
    List<long[]> one = List.of(new long[] {400, 600});
    BetweenWindowVariation variation =
        BetweenWindowVariation.of(new long[] {1000, 1000}, one, false, 100);
    assertThat(variation.windows()).isEqualTo(1);
    assertThat(variation.meanSquare()).isZero();
    assertThat(of(windows(9, 99, .1, 1)).windows()).isZero(); // fewer than min_rows
    assertThat(BetweenWindowVariation.NONE.meanSquare()).isZero();
  }

  @Test
  void windowsMoreAlikeThanChanceAreTakenAsSteady() {
    BetweenWindowVariation variation = of(Collections.nCopies(10, new long[] {4000, 6000}));
    assertThat(variation.windows()).isEqualTo(10);
    assertThat(variation.meanSquare()).isLessThan(1e-5);
  }

  @Test
  void oneWindowOffWidensTheRest() {
    List<long[]> windows = windows(20, 5000, 0, 4);
    double calm = of(windows).meanSquare();
    windows.set(7, new long[] {3500, 1500});
    assertThat(of(windows).meanSquare()).isGreaterThan(20 * calm);
  }

  private static BetweenWindowVariation atLeast(List<long[]> windows) {
    return BetweenWindowVariation.atLeast(total(windows), windows, false, 100);
  }

  @Test
  void partOfASeasonIsNeverTakenForTheWhole() {
    List<long[]> alike = windows(8, 50_000, 0, 5);
    long[] otherHour = {26_000, 24_000}; // off by 4 sampling errors, .04 sd
    assertThat(p(alike, otherHour, of(alike))).isLessThan(.01);
    assertThat(p(alike, otherHour, atLeast(alike))).isGreaterThan(.1);
    long[] drifted = {35_000, 15_000}; // .4 sd
    assertThat(p(alike, drifted, atLeast(alike))).isLessThan(.001);
  }

  @Test
  void windowsOfPartOfASeasonCanOnlyRaiseWhatIsExpected() {
    double unknown = atLeast(List.of()).meanSquare();
    assertThat(atLeast(windows(8, 50_000, 0, 6)).meanSquare()).isBetween(unknown * .9, unknown);
    List<long[]> apart = windows(8, 50_000, .1, 6);
    assertThat(atLeast(apart).meanSquare()).isGreaterThan(3 * unknown);
    assertThat(atLeast(apart).lowerBound()).isTrue();
    assertThat(of(apart).lowerBound()).isFalse();
  }

  @Test
  void withoutWindowsPartOfASeasonVariesAsLogsDo() {
    assertThat(atLeast(List.of()).windows()).isZero();
    assertThat(Math.sqrt(atLeast(List.of()).meanSquare())).isBetween(.02, .03);
  }

  private static double p(List<long[]> baseline, long[] window, BetweenWindowVariation variation) {
    return DriftRule.judge(total(baseline), window, false, variation).pValue();
  }

  /** Stationary windows have p-values about uniform: the tails that decide are right. */
  @Test
  void smallPValuesAreAsRareAsTheySay() {
    for (double deviation : new double[] {0, .01, .03}) {
      for (int count : new int[] {4, 12, 40}) {
        int small = 0;
        int runs = 1500;
        for (int run = 0; run < runs; run++) {
          List<long[]> all = windows(count + 1, 1000, deviation, 1000L * run + count);
          long[] now = all.remove(count);
          long[] total = new long[2];
          all.forEach(window -> Arrays.setAll(total, i -> total[i] + window[i]));
          BetweenWindowVariation variation = BetweenWindowVariation.of(total, all, false, 100);
          small += DriftRule.judge(total, now, false, variation).pValue() < .01 ? 1 : 0;
        }
        assertThat(small / (double) runs).as(deviation + " " + count).isLessThan(.02);
      }
    }
  }
}
