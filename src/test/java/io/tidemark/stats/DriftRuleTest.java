package io.tidemark.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidemark.stats.DriftRule.Cells;
import io.tidemark.stats.DriftRule.Judgement;
import io.tidemark.stats.DriftRule.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftRuleTest {
  private static final double EIGHT_LN2 = 8 * Math.log(2);

  private static void assertPooled(Cells pooled, long[] baseline, long[] window) {
    assertThat(pooled.baseline()).containsExactly(baseline);
    assertThat(pooled.window()).containsExactly(window);
  }

  @Test
  void rareCategoriesBecomeOneCell() {
    // 1000 rows against 300: 50 baseline rows are an expectation of 15
    Cells cells = new Cells(new long[] {49, 800, 50, 101, 0, 0}, new long[] {3, 270, 4, 19, 4, 0});
    assertPooled(
        DriftRule.poolRare(cells, false),
        new long[] {800, 50, 101, 49},
        new long[] {270, 4, 19, 7});
  }

  @Test
  void nothingRareAddsNoCell() {
    Cells cells = new Cells(new long[] {50, 0, 50}, new long[] {15, 0, 15});
    assertPooled(DriftRule.poolRare(cells, false), new long[] {50, 50}, new long[] {15, 15});
  }

  @Test
  void aSmallBaselineNeedsFifteenRowsOfItsOwn() {
    Cells cells = new Cells(new long[] {14, 15, 71}, new long[] {1400, 1500, 7100});
    assertPooled(
        DriftRule.poolRare(cells, false), new long[] {15, 71, 14}, new long[] {1500, 7100, 1400});
  }

  @Test
  void thinBinsJoinTheirRightNeighbourAndTheLastItsLeft() {
    // 1000 rows against 132: 114 baseline rows are an expectation of 15
    Cells cells =
        new Cells(
            new long[] {0, 20, 40, 500, 30, 380, 30, 0}, new long[] {9, 2, 3, 92, 5, 6, 7, 8});
    assertPooled(DriftRule.poolRare(cells, true), new long[] {560, 440}, new long[] {106, 26});
  }

  @Test
  void aConstantColumnThatMovesIsSeen() {
    long[] baseline = {0, 5000, 0};
    assertThat(
            DriftRule.judge(baseline, new long[] {0, 300, 0}, true, BetweenWindowVariation.NONE)
                .outcome())
        .isEqualTo(Outcome.ONE_CELL);
    for (long[] window : new long[][] {{0, 0, 300}, {300, 0, 0}}) {
      Judgement moved = DriftRule.judge(baseline, window, true, BetweenWindowVariation.NONE);
      assertThat(moved.distance()).isEqualTo(1);
      assertThat(moved.pValue()).isLessThan(1e-50);
    }
  }

  @Test
  void newCategoriesAreSeen() {
    long[] baseline = {5000, 5000, 0, 0};
    Judgement judgement =
        DriftRule.judge(
            baseline, new long[] {450, 450, 60, 40}, false, BetweenWindowVariation.NONE);
    assertThat(judgement.cells()).isEqualTo(3);
    assertThat(judgement.pValue()).isLessThan(1e-20);
    assertThat(judgement.effect()).isGreaterThan(.2);
  }

  @Test
  void withoutVariationItIsTheCorrectedGTest() {
    long[] baseline = {3000, 2000, 4000, 1000};
    long[] window = {2900, 2050, 4100, 950};
    Judgement judgement = DriftRule.judge(baseline, window, false, BetweenWindowVariation.NONE);
    ChiSquare.Result g = ChiSquare.gTest(baseline, window);
    double columns = 20_000 / 5900.0 + 20_000 / 4050.0 + 20_000 / 8100.0 + 20_000 / 1950.0;
    double williams = 1 + 3 * (columns - 1) / (6 * 20_000.0 * 3);
    assertThat(judgement.f()).isCloseTo(williams * 2e-4 / EIGHT_LN2, within(1e-18));
    // equal sizes: the weighted divergence is the unweighted one
    assertThat(judgement.pValue())
        .isCloseTo(ChiSquare.survival(g.statistic() / williams, 3), within(1e-6));
    assertThat(judgement.distance()).isEqualTo(Distances.jensenShannon(baseline, window));
    assertThat(judgement.effect())
        .isCloseTo(
            Math.sqrt(Math.max(0, Math.pow(judgement.distance(), 2) - judgement.noise())),
            within(1e-15));
  }

  /** Twenty windows of 5000 rows, each a little off. */
  private static BetweenWindowVariation some() {
    List<long[]> windows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long more = (i % 5 - 2) * 50;
      windows.add(new long[] {1600 + more, 1700 - more, 1700});
    }
    return BetweenWindowVariation.of(new long[] {32_000, 34_000, 34_000}, windows, false, 100);
  }

  @Test
  void variationTakesCertaintyAway() {
    long[] baseline = {32_000, 34_000, 34_000};
    long[] window = {1800, 1500, 1700};
    Judgement plain = DriftRule.judge(baseline, window, false, BetweenWindowVariation.NONE);
    Judgement judged = DriftRule.judge(baseline, window, false, some());
    assertThat(judged.distance()).isEqualTo(plain.distance());
    assertThat(judged.effect()).isEqualTo(plain.effect());
    assertThat(plain.pValue()).isLessThan(1e-5);
    assertThat(judged.pValue()).isBetween(.001, .1);
    assertThat(judged.thresholdAt(.01, 0)).isGreaterThan(plain.thresholdAt(.01, 0));
  }

  @Test
  void theThresholdIsWhereItWouldHaveRung() {
    long[] baseline = {5000, 5000, 5000};
    for (BetweenWindowVariation variation : List.of(BetweenWindowVariation.NONE, some())) {
      for (double cut : new double[] {.3, .01, 5e-4, 1e-9, 1e-200}) {
        Judgement judgement =
            DriftRule.judge(baseline, new long[] {300, 350, 350}, false, variation);
        double threshold = judgement.thresholdAt(cut, 0);
        double byEffect = Math.sqrt(judgement.noise());
        double p = variation.survival(threshold * threshold, judgement.cells(), judgement.f());
        if (threshold < 1 && threshold > byEffect) {
          assertThat(p).isCloseTo(cut, within(1e-6 * cut));
        }
        assertThat(threshold).isGreaterThanOrEqualTo(byEffect).isLessThanOrEqualTo(1);
        assertThat(judgement.thresholdAt(cut, .5)).isGreaterThanOrEqualTo(.5);
      }
      Judgement judgement = DriftRule.judge(baseline, new long[] {300, 350, 350}, false, variation);
      assertThat(judgement.thresholdAt(0, .05)).isEqualTo(1);
      assertThat(judgement.thresholdAt(1, .05))
          .isCloseTo(Math.sqrt(.0025 + judgement.noise()), within(1e-15));
      assertThat(judgement.thresholdAt(Double.NaN, .05)).isNaN();
    }
  }

  @Test
  void whatCannotBeTestedIsExplained() {
    long[] none = new long[2];
    long[] some = {900, 100};
    Judgement noBaseline = DriftRule.judge(none, some, false, BetweenWindowVariation.NONE);
    assertThat(noBaseline.outcome()).isEqualTo(Outcome.EMPTY_BASELINE);
    assertThat(noBaseline.distance()).isNaN();
    Judgement noWindow = DriftRule.judge(some, none, true, BetweenWindowVariation.NONE);
    assertThat(noWindow.outcome()).isEqualTo(Outcome.EMPTY_WINDOW);
    assertThat(noWindow.thresholdAt(.01, .05)).isNaN();
    assertThat(DriftRule.judge(none, none, true, BetweenWindowVariation.NONE).pValue()).isNaN();
    assertThat(
            DriftRule.judge(new long[0], new long[0], true, BetweenWindowVariation.NONE).outcome())
        .isEqualTo(Outcome.EMPTY_BASELINE);
    // three rows: nothing can be expected 15 times
    Judgement tiny = DriftRule.judge(some, new long[] {0, 3}, true, BetweenWindowVariation.NONE);
    assertThat(tiny.outcome()).isEqualTo(Outcome.ONE_CELL);
    assertThat(tiny.pValue()).isNaN();
    assertThat(tiny.distance()).isZero();
    assertThat(tiny.outcome().text()).contains("one cell");
  }

  @Test
  void identicalSidesGivePOne() {
    long[] counts = {300, 400, 300};
    Judgement judgement = DriftRule.judge(counts, counts, true, BetweenWindowVariation.NONE);
    assertThat(judgement.distance()).isZero();
    assertThat(judgement.effect()).isZero();
    assertThat(judgement.pValue()).isEqualTo(1);
  }

  @Test
  void farTailStaysMonotone() {
    long[] baseline = {1_000_000, 1_000_000};
    double before = 1;
    for (int step = 0; step <= 1000; step++) {
      long[] window = {100_000 + 100L * step, 100_000 - 100L * step};
      double p = DriftRule.judge(baseline, window, false, BetweenWindowVariation.NONE).pValue();
      assertThat(p).isBetween(0.0, before);
      before = p;
    }
    assertThat(before).isZero();
  }
}
